"""Asking to join, answering, and what happens to members."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, RadioField
from wtforms.validators import Optional, ValidationError

from ...core import clock, times
from ...core.forms import Form, Line, choices_of
from ..access import ROLE_NAMES

LONGEST_BAN = timedelta(days=3653)
ANSWERS = [("approve", _l("Let in")), ("decline", _l("Decline")), ("ignore", _l("Ignore"))]


class AnswerForm(Form):
    """Yes, no, or nothing at all."""

    do = RadioField(_l("Answer"), choices=choices_of(ANSWERS))
    answer = Line(_l("A word to them"), most=200)


class RoleForm(Form):
    """A member's role, out of those that the person who changes it may give."""

    role = RadioField(_l("Role"))

    def __init__(self, roles: list[str], **values: Any) -> None:
        super().__init__(**values)
        self.role.choices = choices_of((role, ROLE_NAMES[role]) for role in roles)


class OwnershipForm(Form):
    """What becomes of whoever offers ownership, once the offer is accepted."""

    steps_down = RadioField(
        _l("And you?"),
        choices=choices_of([("", _l("I stay an owner")), ("y", _l("I become an organizer"))]),
        default="",
    )


class RemovalForm(Form):
    """Why someone is removed, and whether they may come back."""

    reason = Line(_l("Reason"), most=200)
    banned = BooleanField(_l("They may not join or ask again"))
    until = DateField(_l("The ban ends after"), [Optional()])

    def __init__(self, zone: str, **values: Any) -> None:
        super().__init__(**values)
        self.zone = zone

    def validate_until(self, field: Field) -> None:
        """A ban ends on a day that is still to come, and in a year that anybody can foresee."""
        today = times.wall(clock.now(), self.zone).date()
        if field.data is not None and not today <= field.data <= today + LONGEST_BAN:
            raise ValidationError(_("Choose a day within the next ten years, or none."))

    def ends_at(self) -> datetime | None:
        """The first moment after the last day, by the group's clocks."""
        if self.until.data is None or not self.banned.data:
            return None
        return datetime.combine(self.until.data + timedelta(days=1), time(), ZoneInfo(self.zone))
