"""Asking to join, answering, and what happens to members."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from ...core.forms import Form, Line, Text, choices_of
from ..access import ROLE_NAMES

ANSWERS = [("approve", _l("Let in")), ("decline", _l("Decline")), ("ignore", _l("Ignore"))]


class RequestForm(Form):
    """A word of someone who asks to be let in."""

    message = Text(_l("A word about you"), most=1000)


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
