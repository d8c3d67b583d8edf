"""Addresses that people read: made from a title, and never two alike."""

from typing import Any

import sqlalchemy as sa

from ..db import session
from ..extensions import db
from .strings import slugify

#: What means something else where an address could stand.
RESERVED = frozenset({"new", "mine", "deleted"})
#: So many characters at its end make an address that nobody guesses.
UNGUESSED = 10


def free_slug(column: Any, title: str, fallback: str, *more: Any) -> str:
    """An address from the title that no row has in `column`, nor in one of `more`; with a suffix
    where it is taken, which does not say by what."""
    slug = slugify(title, fallback)
    held = (
        db.session.scalar(sa.select(sa.literal(1)).where(one == slug)) is not None
        for one in (column, *more)
    )
    taken = slug in RESERVED or any(held)
    return f"{slug}-{session.random_suffix()}" if taken else slug


def secret_slug(title: str, fallback: str) -> str:
    """An address from the title that nobody guesses: to have it is to be let in."""
    return f"{slugify(title, fallback)}-{session.random_suffix(UNGUESSED)}"
