"""The forms of those who answer without an account."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from ...accounts.forms import Email
from ...core import times
from ...core.forms import Form, Line, required


class GuestForm(Form):
    """Who comes. `homepage` is for machines: people neither see nor fill it."""

    name = Line(_l("Your name"), required(_l("Write your name.")), most=80)
    email = Email()
    zone = HiddenField()
    homepage = StringField(_l("Leave this empty"))

    @property
    def known_zone(self) -> str:
        """The zone that the browser guessed, if it is one; "" where none was."""
        return self.zone.data if self.zone.data and times.is_zone(self.zone.data) else ""


class LinkForm(Form):
    """Where the new link goes."""

    email = Email()
