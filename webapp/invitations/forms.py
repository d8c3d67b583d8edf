"""The forms to invite people by email or by link."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import NumberRange, Optional

from ..core.http.errors import UserError
from ..core.http.forms import Form, TextBlock, TextLine, choices_of
from ..core.http.number_fields import WholeNumber
from ..groups.access import ROLE_NAMES
from . import address_import, invite_links
from .address_import import ParsedAddresses
from .inviting import MOST_AT_ONCE, Invited, too_many

MESSAGE = 500
LONGEST = 50_000
LIVES = [
    ("day", _l("A day")),
    ("week", _l("A week")),
    ("month", _l("A month")),
    ("ever", _l("Always")),
]


class _Inviting(Form):
    """A role, out of those that the inviter may give."""

    role = RadioField(_l("Role"))

    def __init__(self, roles: list[str], **values: Any) -> None:
        super().__init__(**({"role": roles[0] if roles else ""} | values))
        self.role.choices = choices_of((role, ROLE_NAMES[role]) for role in roles)


class AddressList(Form):
    """Addresses, pasted or in a file, and a message."""

    addresses = TextBlock(_l("Email addresses"), most=LONGEST)
    file = FileField(_l("Or a CSV file"), render_kw={"accept": ".csv,text/csv,text/plain"})
    message = TextBlock(_l("Personal message"), most=MESSAGE)

    def read(self) -> ParsedAddresses:
        """Parse the text and the file, and copy the file's content to the text field, so that it
        survives an error.

        Raises UserError if there is nothing, or more than can be sent at once.
        """
        in_file = address_import.pieces_of(self._content())
        typed = address_import.lines_of(self.addresses.data or "")
        found = address_import.parse([*typed, *in_file])
        if in_file:
            self.addresses.data = "\n".join(
                [self.addresses.data or "", *(piece.text for piece in in_file)]
            ).strip()
        if not found.all and not found.invalid:
            raise UserError(
                _("Enter at least one email address, or choose a CSV file."), "addresses"
            )
        if len(found.all) > MOST_AT_ONCE:
            raise UserError(too_many(len(found.all)), "addresses")
        return found

    def _content(self) -> bytes:
        """The file's content, or b"" without a file."""
        if not isinstance(self.file.data, FileStorage):
            return b""
        content = self.file.data.stream.read(address_import.MOST_CELLS + 1)
        if len(content) > address_import.MOST_CELLS:
            raise UserError(
                _("This file is too large. It can be up to 1 MB. Upload one with fewer lines."),
                "file",
            )
        return content


class AddressesToSend(Form):
    """Parsed addresses to send: `addresses` without possible typos, which were `offered`; `also`:
    those of them that were ticked.
    """

    addresses = TextBlock(_l("Email addresses"), most=LONGEST)
    also = SelectMultipleField(_l("Possible typos"), validate_choice=False)
    offered = SelectMultipleField(validate_choice=False)
    message = TextBlock(_l("Personal message"), most=MESSAGE)

    def understood(self) -> ParsedAddresses:
        """Return the addresses to send to. Raises UserError if there are none."""
        found = self._understood(self.also.data)
        if not found.all:
            raise UserError(_("Tick the addresses that are right, or edit the list."), "also")
        return found

    def shown(self) -> ParsedAddresses:
        """Return every address that the page showed, ticked or not."""
        return self._understood([*(self.also.data or []), *(self.offered.data or [])])

    def _understood(self, more: list[str] | None) -> ParsedAddresses:
        text = "\n".join([self.addresses.data or "", *(more or [])])
        return address_import.parse(address_import.lines_of(text[:LONGEST]))


class ListForm(_Inviting, AddressList):
    """The same for a group, with a role."""


class SendForm(_Inviting, AddressesToSend):
    """The same for a group, with a role."""

    def whom(self, found: ParsedAddresses) -> Invited:
        """Return the argument of `inviting.invite`."""
        return Invited([one.address for one in found.all], self.role.data, self.message.data or "")


class InviteLinkForm(_Inviting):
    """How long a link works, and for how many people."""

    life = RadioField(_l("How long it works"), choices=choices_of(LIVES), default="week")
    most = WholeNumber(
        _l("Number of people"),
        [
            Optional(),
            NumberRange(
                1,
                invite_links.MOST_USES,
                message=_l("Enter 1 to 1,000, or leave empty for no limit."),
            ),
        ],
    )
    label = TextLine(_l("Name"), most=80)
