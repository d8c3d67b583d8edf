"""What is on a ticket: eight signs that a hand can type, and the same as a QR code.

The first four are the end of the answer's id, by which it is found; the other four prove that the
site wrote them. They are derived when they are shown, kept nowhere, and the same as long as the
answer stands. `decisions/0034`.
"""

from base64 import urlsafe_b64decode
from uuid import UUID

from ..core.http import tokens
from ..core.http.links import absolute
from ..events.models import Event, Rsvp

_PURPOSE = "events-ticket"
#: Crockford's signs: without I, L, O and U, which are taken for others.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110", " -–—.\t")
LENGTH = 8


def code_of(rsvp_id: UUID) -> str:
    """The code of this answer's ticket, such as “3F9A-K7QM”."""
    return _accepted(rsvp_id)[0]


def _accepted(rsvp_id: UUID) -> list[str]:
    """The code, and the one that tickets show which were printed while the previous key signed."""
    tokens_of_row = tokens.accepted(_PURPOSE, rsvp_id, "")
    return [f"{rsvp_id.hex[-4:].upper()}-{_signs(token)}" for token in tokens_of_row]


def _signs(token: str) -> str:
    proof = int.from_bytes(urlsafe_b64decode(token + "="))
    return "".join(SIGNS[(proof >> shift) % len(SIGNS)] for shift in (15, 10, 5, 0))


def read(typed: str) -> str | None:
    """The code that someone typed or a scanner sent, as we write it; None for what cannot be one.

    Case, spaces and hyphens do not matter, nor does what stands before a “#”: scanners type all
    that a QR code holds.
    """
    signs = typed.rpartition("#")[2].upper().translate(_MEANT)
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return None
    return f"{signs[:4]}-{signs[4:]}"


def id_suffix(code: str) -> str:
    """The end of the answer's id, as the table keeps it."""
    return code[:4].lower()


def is_code_of(code: str, row: Rsvp) -> bool:
    """Whether this is the code of the answer's ticket, compared in constant time."""
    return tokens.is_one_of(code, _accepted(row.id))


def qr_url(event: Event, code: str) -> str:
    """What the QR code holds: the hosts' page with the code behind a “#”, which browsers keep to
    themselves.

    So the camera of any telephone leads hosts to their page with the code filled in, also where the
    page has no camera.
    """
    return f"{absolute(event.path)}/manage/check-in#{code}"


def qr_svg(event: Event, code: str) -> str:
    """The QR code as SVG, black on white in every theme, for cameras."""
    import segno  # here, for few pages need it

    made = segno.make(qr_url(event, code), error="m", micro=False)
    return made.svg_inline(
        border=3, omitsize=True, svgclass=None, lineclass=None, dark="#000", light="#fff"
    )
