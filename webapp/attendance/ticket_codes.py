"""Ticket codes: eight characters that people can type, and the same as a QR code.

The first four are the end of the answer's id, to find it; the other four prove that the site issued
it. Codes are derived when shown, never stored, and don't change while the answer exists. See
`decisions/0034`.
"""

from base64 import urlsafe_b64decode
from uuid import UUID

from ..core.http import tokens
from ..core.http.links import absolute
from ..events.models import Event, Rsvp

_PURPOSE = "events-ticket"
#: Crockford's alphabet: without I, L, O and U, which are mistaken for others.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110", " -–—.\t")
LENGTH = 8


def code_of(rsvp_id: UUID) -> str:
    """Return the code of this answer's ticket, such as “3F9A-K7QM”."""
    return _accepted(rsvp_id)[0]


def _accepted(rsvp_id: UUID) -> list[str]:
    """The current code, and the one on tickets printed under the previous key."""
    tokens_of_row = tokens.accepted(_PURPOSE, rsvp_id, "")
    return [f"{rsvp_id.hex[-4:].upper()}-{_signs(token)}" for token in tokens_of_row]


def _signs(token: str) -> str:
    proof = int.from_bytes(urlsafe_b64decode(token + "="))
    return "".join(SIGNS[(proof >> shift) % len(SIGNS)] for shift in (15, 10, 5, 0))


def read(typed: str) -> str | None:
    """Normalize a code that was typed or scanned; None if it can't be one.

    Case, spaces and hyphens don't matter, nor does text before a “#”: scanners type all that a QR
    code holds.
    """
    signs = typed.rpartition("#")[2].upper().translate(_MEANT)
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return None
    return f"{signs[:4]}-{signs[4:]}"


def id_suffix(code: str) -> str:
    """Return the end of the answer's id, as the table stores it."""
    return code[:4].lower()


def is_code_of(code: str, row: Rsvp) -> bool:
    """Whether this is the code of the answer's ticket, compared in constant time."""
    return tokens.is_one_of(code, _accepted(row.id))


def qr_url(event: Event, code: str) -> str:
    """Return the content of the QR code: the hosts' page with the code after a “#”.

    Browsers don't send that part to the server. Any phone's camera leads hosts to the page with the
    code filled in, even where the page can't use the camera.
    """
    return f"{absolute(event.path)}/manage/check-in#{code}"
