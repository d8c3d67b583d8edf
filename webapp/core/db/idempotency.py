"""A form that makes something makes it once, however often it is sent: by a double click, by Back
and again, by two tabs.

The form carries a word of its own; from that, the person and what was filled in the new row's id is
derived, so that the second of two is the first's twin by the database's own uniqueness. Nobody can
aim at another person's row.
"""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..http import limits, tokens
from ..http.errors import UserError
from .session import new_id

Row = TypeVar("Row")
FIELD = "once"


def new_key() -> str:
    """A new word for one form: 144 bits by chance, in 24 characters."""
    return secrets.token_urlsafe(18)


def key_sent() -> str:
    """The word of the form that was sent; nothing where it carries none."""
    return request.form.get(FIELD, "")


def create_once(model: type[Row], user: Any, make: Callable[[UUID], Row]) -> tuple[Row, bool]:
    """The row that this form makes, committed, and whether it is new: `make(id)` is asked only for
    the first of several.

    Raises what `make` raises, and IntegrityError, unless it was the form's own twin that was in the
    way.
    """
    row_id, *before = _row_ids(user)
    for known in (row_id, *before):
        twin = db.session.get(model, known)
        if twin is not None:
            limits.waive()
            return twin, False
    try:
        row = make(row_id)
        db.session.commit()
    except (IntegrityError, UserError):
        db.session.rollback()
        twin = db.session.get(model, row_id)
        if twin is None:
            raise
        limits.waive()
        return twin, False
    return row, True


def _row_ids(user: Any) -> list[UUID]:
    """The id that belongs to this person and this form as filled in, and the one that the site's
    previous key gave it.

    A new one where the form carries no word.
    """
    if not key_sent():
        return [new_id()]
    filled_in = sorted(
        (name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"
    )
    message = f"folkmoot-once-1\n{user.id}\n{filled_in!r}".encode()
    return [UUID(bytes=digest[:16], version=4) for digest in tokens.signatures(message)]
