"""Readable, unique slugs made from titles."""

from typing import Any

import sqlalchemy as sa

from ..db import base
from ..extensions import db
from .strings import slugify

#: Words that mean something else in a URL.
RESERVED = frozenset({"new", "mine", "deleted"})
#: Random characters that make a slug unguessable.
UNGUESSED = 10


def free_slug(column: Any, title: str, fallback: str, *more: Any) -> str:
    """Return a slug for the title that no row has in `column` or in `more`.

    If it is taken it gets a random suffix, which doesn't tell what took it.
    """
    slug = slugify(title, fallback)
    held = (
        db.session.scalar(sa.select(sa.literal(1)).where(one == slug)) is not None
        for one in (column, *more)
    )
    taken = slug in RESERVED or any(held)
    return f"{slug}-{base.random_suffix()}" if taken else slug


def secret_slug(title: str, fallback: str) -> str:
    """Return an unguessable slug: knowing it gives access."""
    return f"{slugify(title, fallback)}-{base.random_suffix(UNGUESSED)}"
