"""Create one row for a form that is sent twice: by a double click, by Back, or in two tabs.

Each form carries a random key. The new row's id is derived from the key, the person and the values.
So the second request meets the first one's row by the database's own uniqueness. Nobody can aim at
someone else's row.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from flask import request
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..http import limits, tokens
from ..http.errors import UserError
from .base import new_id

Row = TypeVar("Row")
FIELD = "once"


def new_key() -> str:
    """Return a random key for one form: 144 bits in 24 characters."""
    return secrets.token_urlsafe(18)


def key_sent() -> str:
    """Return the key of the form that was sent, or ""."""
    return request.form.get(FIELD, "")


class Created(NamedTuple, Generic[Row]):
    """The row of a form, and whether this request created it."""

    row: Row
    is_new: bool


def create_once(model: type[Row], user: Any, make: Callable[[UUID], Row]) -> Created[Row]:
    """Create and commit the row of this form.

    Only the first of several requests calls `make(id)`. Raises what `make` raises, and
    IntegrityError unless the form's own earlier row caused it.
    """
    row_id, *before = _row_ids(user)
    for known in (row_id, *before):
        twin = db.session.get(model, known)
        if twin is not None:
            limits.waive()
            return Created(twin, False)
    try:
        row = make(row_id)
        db.session.commit()
    except (IntegrityError, UserError):
        db.session.rollback()
        twin = db.session.get(model, row_id)
        if twin is None:
            raise
        limits.waive()
        return Created(twin, False)
    return Created(row, True)


def _row_ids(user: Any) -> list[UUID]:
    """The ids for this person, form and values: by the current SECRET_KEY and by the previous one.

    A random id if the form carries no key.
    """
    if not key_sent():
        return [new_id()]
    texts = request.form.items(multi=True)
    filled_in = sorted([*((name, text) for name, text in texts if name != "csrf_token"), *_files()])
    message = f"folkmoot-once-1\n{user.id}\n{filled_in!r}".encode()
    return [UUID(bytes=digest[:16], version=4) for digest in tokens.signatures(message)]


def _files() -> Iterator[tuple[str, str]]:
    """Yield the name of each file field and the digest of its file."""
    for name, file in request.files.items(multi=True):
        if file.filename:
            content: Any = file.stream
            content.seek(0)
            yield name, hashlib.file_digest(content, "sha256").hexdigest()
            content.seek(0)
