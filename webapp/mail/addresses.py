"""Email addresses that the site can send to: tried before they are stored."""

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from ..core import smtp_server
from ..core.http.errors import UserError
from ..core.text.strings import normalize_email

#: The longest part before the @ (RFC 5321, 4.5.3.1.1).
LONGEST_NAME = 64
#: What keyboards and copied texts have for an apostrophe.
APOSTROPHES = dict.fromkeys("’‘ʼ`´", "'")
_STRAIGHT = str.maketrans(APOSTROPHES)


class CurlyApostrophe(UserError):
    """`straight` is the address with the apostrophe that it certainly has."""

    def __init__(self, straight: str) -> None:
        super().__init__(
            _("We made the apostrophe straight: %(address)s. Is that right?", address=straight)
        )
        self.straight = straight


def mailable(typed: str) -> str:
    """Return the address, normalised. Raises UserError if it isn't one, or if the mail server can't
    send to it.
    """
    address = normalize_email(typed)
    if address is None:
        if len(typed.partition("@")[0]) > LONGEST_NAME:
            raise UserError(_("The part before the @ has more than 64 characters."))
        raise UserError(_("Enter a full email address, such as ana@example.org."))
    name, _at, domain = address.rpartition("@")
    if name.isascii():
        return address
    straight = name.translate(_STRAIGHT)
    if straight != name and straight.isascii():
        raise CurlyApostrophe(f"{straight}@{domain}")
    if not smtp_server.takes_utf8():
        odd = "".join(dict.fromkeys(sign for sign in name if not sign.isascii()))
        sentence = _(
            "Our mail server can’t send to an address with “%(letters)s” before the @.",
            letters=odd[:20],
        )
        raise UserError(sentence)
    return address


def on_the_wire(address: str) -> str:
    """Return the address with its domain in ASCII, as servers take it."""
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return address
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
