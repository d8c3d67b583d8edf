"""Forms of the admins' pages."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import NumberRange, Optional, ValidationError

from ..accounts.forms import ACCENTS as HUES
from ..accounts.settings import ACCENTS
from ..core.http.forms import Fold, Form, LocalDateTime, TextBlock, TextLine, choices_of, required
from ..core.http.number_fields import WholeNumber
from ..core.http.uploads import PictureField
from ..core.time.time_zones import to_moment
from .announcements import MOST, NO, NOTE, WAIT

SIGN_UPS = {
    "open": _l("Anyone"),
    "approval": _l("Anyone, with approval"),
    "invitation": _l("Invited people only"),
}
SIGN_UP_HINTS = {
    "open": _l("People join as soon as they confirm their email address."),
    "approval": _l("You get an email for each sign-up. They wait until an admin approves them."),
    "invitation": _l(
        "Invitations come from the server’s operator, or from members who invite "
        "people to their groups."
    ),
}
CREATORS = {
    "everyone": _l("All members"),
    "approved": _l("People you allow"),
    "admins": _l("Admins only"),
}


class LogoForm(Form):
    """The site's logo."""

    picture = PictureField(_l("Logo file"))


class SiteSettingsForm(Form):
    """The site's settings; `version` is the stamp of those that the reader saw."""

    site_name = TextLine(_l("Site name"), required(_l("Enter a site name.")), most=60)
    accent = RadioField(
        _l("Colour"), choices=choices_of(zip(("", *ACCENTS[1:]), HUES, strict=True))
    )
    welcome = TextBlock(_l("Welcome text"), most=400)
    sign_up = RadioField(_l("Who can sign up"), choices=choices_of(SIGN_UPS.items()))
    minimum_age = WholeNumber(
        _l("Minimum age"), [required(_l("Enter an age.")), NumberRange(0, 100)]
    )
    group_creation = RadioField(_l("Who can start a group"), choices=choices_of(CREATORS.items()))
    version = HiddenField()

    def chosen(self) -> dict[str, Any]:
        """Return the settings by name."""
        return {
            field.name.upper(): field.data
            for field in self
            if field.name not in {"version", "csrf_token"}
        }


class AnnouncementForm(Form):
    """The announcement, with its end in the admin's local time.

    `seen` is the id of the announcement when the form was opened.
    """

    words = TextBlock(_l("Message"), required(_l("Enter a message.")), most=MOST)
    level = RadioField(
        _l("Importance"),
        choices=choices_of([(NOTE, _l("Notice")), (WAIT, _l("Warning")), (NO, _l("Problem"))]),
        default=NOTE,
    )
    until = LocalDateTime(_l("Until"), Optional())
    until_fold = Fold()
    seen = HiddenField()

    def moment(self, zone: str) -> datetime | None:
        """Return the moment at which it ends, or None.

        Raises UserError for a time that doesn't exist in that zone.
        """
        if self.until.data is None:
            return None
        return to_moment(
            self.until.data,
            zone,
            int(self.until_fold.data) if self.until_fold.data in {"0", "1"} else None,
            "until",
        )


class RevocationForm(Form):
    """Confirms that admins want to remove their own rights."""

    me = BooleanField(_l("Yes, remove me as an admin"))

    def __init__(self, is_own: bool, **values: Any) -> None:
        super().__init__(**values)
        self.is_own = is_own

    def validate_me(self, field: Any) -> None:
        """Require the tick, so that nobody does it by accident."""
        if self.is_own and not field.data:
            raise ValidationError(_("Tick the box to confirm. Only another admin can undo this."))
