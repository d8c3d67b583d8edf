"""Whom somebody invites, by mail or by link."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from ..core.errors import RuleBroken
from ..core.forms import Form, Line, Text, choices_of
from ..groups.access import ROLE_NAMES
from . import addresses, sheets, standing
from .addresses import Understood
from .inviting import Invited

MESSAGE = 500
LONGEST = 50_000
LIVES = [("day", _l("A day")), ("week", _l("A week")), ("month", _l("A month")), ("ever", _l("Always"))]


class _Inviting(Form):
    """A role, out of those that the person who invites may give."""

    role = RadioField(_l("They come as"))

    def __init__(self, roles: list[str], **values: Any) -> None:
        super().__init__(**({"role": roles[0] if roles else ""} | values))
        self.role.choices = choices_of((role, ROLE_NAMES[role]) for role in roles)


class ListForm(_Inviting):
    """Addresses, pasted or in a file, and a word to them."""

    addresses = Text(_l("Addresses"), most=LONGEST)
    file = FileField(_l("Or a table"), render_kw={"accept": ".csv,text/csv,text/plain"})
    message = Text(_l("A word from you"), most=MESSAGE)

    def content(self) -> bytes:
        """The file's bytes; none where none was chosen. Raises RuleBroken for more than we read."""
        if not isinstance(self.file.data, FileStorage):
            return b""
        content = self.file.data.stream.read(sheets.MOST + 1)
        if len(content) > sheets.MOST:
            raise RuleBroken(_("This table is too large: 1 MB is the most. Send one with fewer lines."), "file")
        return content


class SendForm(_Inviting):
    """What was understood, as it is to be sent: `addresses` without the mistyped ones, of which `also` were ticked."""

    addresses = Text(_l("Addresses"), most=LONGEST)
    also = SelectMultipleField(_l("Perhaps mistyped"), validate_choice=False)
    message = Text(_l("A word from you"), most=MESSAGE)

    def understood(self) -> Understood:
        """The addresses that are to be written to."""
        wanted = "\n".join([self.addresses.data or "", *(self.also.data or [])])
        return addresses.understood(addresses.lines_of(wanted[:LONGEST]))

    def whom(self, found: Understood) -> Invited:
        """The same as the rule takes it."""
        return Invited([one.address for one in found.all], self.role.data, self.message.data or "")


class LinkForm(_Inviting):
    """For how long a link works, and for how many."""

    life = RadioField(_l("How long it works"), choices=choices_of(LIVES), default="week")
    most = IntegerField(
        _l("For how many people"),
        [
            Optional(),
            NumberRange(1, standing.MOST_USES, message=_l("A number between 1 and 1,000, or nothing.")),
        ],
    )
    label = Line(_l("What you call it"), most=80)
