"""What the outbox gives to whoever takes their data along, and forgets of whoever leaves."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core.exports import Part, Parts
from ..core.extensions import db
from .models import Letter


def export(user: Any, parts: Parts) -> None:
    """Which mails were sent, and when; what they said is kept nowhere."""
    parts.add(
        Part(
            "mails",
            Letter,
            Letter.address == user.email,
            columns=("template", "address", "created_at", "state", "ended_at"),
            left_out={
                "id": "names nothing outside of this site",
                "locale": "the account's own",
                "ids": "may name rows of others",
                "message_id": "stands in the mail itself",
                "attempts": "how the sending went",
                "due_at": "how the sending went",
                "leased_until": "how the sending went",
                "lease": "how the sending went",
                "last_error": "how the sending went",
            },
        )
    )


def erase(user: Any) -> None:
    """No letter to the person, at this address or an earlier one, is known any more, sent or not."""
    db.session.execute(sa.delete(Letter).where(sa.or_(Letter.address == user.email, _about("user", user.id))))


def forget(who: str, row_id: UUID) -> None:
    """No letter to this row of somebody's who has no account is known any more; `who` is the name of its id, such as "guest"."""
    db.session.execute(sa.delete(Letter).where(_about(who, row_id)))


def _about(name: str, row_id: UUID) -> sa.ColumnElement[bool]:
    return Letter.ids[name].as_string() == str(row_id)
