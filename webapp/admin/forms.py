"""What admins fill in."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import NumberRange, Optional, ValidationError

from ..core.http.forms import Fold, Form, LocalDateTime, TextBlock, TextLine, choices_of, required
from ..core.time.time_zones import to_moment
from .announcements import MOST, NO, NOTE, WAIT

SIGN_UPS = {
    "open": _l("Everyone"),
    "approval": _l("Everyone, and you let them in one by one"),
    "invitation": _l("Only who is invited"),
}
SIGN_UP_HINTS = {
    "open": _l("Whoever confirms an address is in."),
    "approval": _l("You get a mail for each, and they wait until one of you says yes."),
    "invitation": _l("By whoever runs the machine, or by members who invite into their groups."),
}
CREATORS = {
    "everyone": _l("Everyone who is in"),
    "approved": _l("Those whom you allow"),
    "admins": _l("You who look after the site"),
}


class SiteSettingsForm(Form):
    """What holds on the site; `version` is the stamp of what its reader saw."""

    site_name = TextLine(
        _l("What the site is called"), required(_l("Give the site a name.")), most=60
    )
    welcome = TextBlock(_l("How it greets visitors"), most=400)
    sign_up = RadioField(_l("Who may make an account"), choices=choices_of(SIGN_UPS.items()))
    minimum_age = IntegerField(
        _l("The least age"), [required(_l("Give an age.")), NumberRange(0, 100)]
    )
    group_creation = RadioField(_l("Who may start a group"), choices=choices_of(CREATORS.items()))
    version = HiddenField()

    def wanted(self) -> dict[str, Any]:
        """What should hold, by the names of the settings."""
        return {
            name.upper(): field.data
            for name, field in self._fields.items()
            if name not in {"version", "csrf_token"}
        }


class AnnouncementForm(Form):
    """What is announced, until when by the admin's own clocks; `seen` is the id of what stood
    there when the form was opened.
    """

    words = TextBlock(_l("What everyone should know"), required(_l("Say what it is.")), most=MOST)
    level = RadioField(
        _l("How urgent it is"),
        choices=choices_of(
            [(NOTE, _l("Good to know")), (WAIT, _l("Take care")), (NO, _l("Something is wrong"))]
        ),
        default=NOTE,
    )
    until = LocalDateTime(_l("Until"), Optional())
    until_fold = Fold()
    seen = HiddenField()

    def moment(self, zone: str) -> datetime | None:
        """The moment at which it ends, by clocks in that zone.

        Raises UserError where they show no such hour.
        """
        if self.until.data is None:
            return None
        return to_moment(
            self.until.data,
            zone,
            int(self.until_fold.data) if self.until_fold.data in {"0", "1"} else None,
            "until",
        )


class EndingForm(Form):
    """Whether an admin means it that they themselves are none any more."""

    me = BooleanField(_l("Yes, I mean myself"))

    def __init__(self, is_own: bool, **values: Any) -> None:
        super().__init__(**values)
        self.is_own = is_own

    def validate_me(self, field: Any) -> None:
        """Nobody does it by accident."""
        if self.is_own and not field.data:
            raise ValidationError(
                _("Tick this if you mean yourself: only another admin can undo it.")
            )
