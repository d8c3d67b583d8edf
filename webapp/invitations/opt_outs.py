"""Anyone who wants no invitation by email, ever: their address is kept as a fingerprint, which
nobody can read it from.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..core.extensions import db
from ..core.http import tokens
from ..core.http.links import absolute
from ..core.observability import audit
from .models import RefusedAddress

_ADDRESS, _PURPOSE = "invitations", "no-invitations"


def hash_of(address: str) -> str:
    """What stands for the address where it is not kept."""
    return hashes_of(address)[0]


def hashes_of(address: str) -> list[str]:
    """The same, and what stands for it in rows from the time of the site's previous key."""
    return tokens.fingerprints(_ADDRESS, address.lower())


def url(address: str) -> str:
    """The whole address of the way out that is in invitations to it. It needs no
    row: it works as long as the email lies anywhere."""
    digest = hash_of(address)
    return absolute(f"/no-invitations/{digest}{tokens.derive(_PURPOSE, _id(digest), digest)}")


def find(token: str) -> str | None:
    """The fingerprint whose way out this is; None for every other address."""
    digest, secret = token[:64], token[64:]
    try:
        return digest if tokens.matches(secret, _PURPOSE, _id(digest), digest) else None
    except ValueError:
        return None


def opt_out(digest: str) -> None:
    """No invitation goes to this address by email any more, no matter who sends it; nothing happens
    when that was so before.
    """
    if has_opted_out(digest):
        return
    try:
        with db.session.begin_nested():
            db.session.add(RefusedAddress(address_hash=digest))
    except IntegrityError:  # pressed twice in one moment
        return
    audit.record("invitation.refused")


def has_opted_out(*digests: str) -> bool:
    """Whether no invitation goes to the address that these stand for."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(RefusedAddress.address_hash.in_(digests))))
    )


def _id(digest: str) -> UUID:
    return UUID(hex=digest[:32])
