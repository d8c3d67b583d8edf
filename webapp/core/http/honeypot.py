"""Forms that programs fill in: a trap that people don't see, and how to tell a person in it."""

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField, StringField

from ..time import time_zones
from .forms import Form


class FormWithTrap(Form):
    """A form that the macro `trap` completes: `homepage` is the trap, `zone` the browser's guess.

    A password manager may fill in what it finds. Unlike the programs that the trap is for, it works
    in a browser whose script has entered the time zone, or in that of someone who is signed in.
    """

    homepage = StringField(_l("Leave this empty"))
    zone = HiddenField()

    @property
    def known_zone(self) -> str:
        """The browser's time zone if it is a known one, else ""."""
        return self.zone.data if self.zone.data and time_zones.is_zone(self.zone.data) else ""

    @property
    def is_by_bot(self) -> bool:
        """Whether a program has filled it in. It gets the same answer, and nothing happens."""
        is_person = bool(self.known_zone) or current_user.is_authenticated
        return bool(self.homepage.data) and not is_person
