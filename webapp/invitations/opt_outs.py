"""Addresses that want no invitation by email, ever; stored as hashes from which nobody can read
them.
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
    """Return the hash that represents the address."""
    return hashes_of(address)[0]


def hashes_of(address: str) -> list[str]:
    """Return that hash, and the one made with the site's previous key."""
    return tokens.fingerprints(_ADDRESS, address.lower())


def url(address: str) -> str:
    """Return the absolute opt-out link for emails to this address.

    It needs no row, so it works as long as the email exists.
    """
    digest = hash_of(address)
    return absolute(f"/no-invitations/{digest}{tokens.derive(_PURPOSE, _id(digest), digest)}")


def find(token: str) -> str | None:
    """Return the hash of the opt-out link, or None."""
    digest, secret = token[:64], token[64:]
    try:
        return digest if tokens.matches(secret, _PURPOSE, _id(digest), digest) else None
    except ValueError:
        return None


def opt_out(digest: str) -> None:
    """Stop invitations by email to this address, from anyone. Calling it twice is harmless."""
    if has_opted_out(digest):
        return
    try:
        with db.session.begin_nested():
            db.session.add(RefusedAddress(address_hash=digest))
    except IntegrityError:  # clicked twice at once
        return
    audit.record("invitation.refused")


def has_opted_out(*digests: str) -> bool:
    """Whether the address with one of these hashes wants no invitations."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(RefusedAddress.address_hash.in_(digests))))
    )


def _id(digest: str) -> UUID:
    return UUID(hex=digest[:32])
