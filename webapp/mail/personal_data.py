"""The outbox's part in data exports and in erasing."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core.exports import JsonFile, PersonalData
from ..core.extensions import db
from .models import OutgoingEmail

#: Ids by which emails name another person: someone waiting, a new admin, who made them one, who
#: asks for a ballot.
OTHERS = ("person", "by", "asker")


def export(user: Any, parts: PersonalData) -> None:
    """Export which emails were sent to them, and when; the contents aren't stored.

    For emails that name no person, only those sent since they signed up: the address may have been
    someone else's before.
    """
    named = OutgoingEmail.ids["user"].as_string()
    unnamed = sa.and_(
        named.is_(None),
        OutgoingEmail.address == user.email,
        OutgoingEmail.created_at >= user.created_at,
    )
    parts.add(
        JsonFile(
            "mails",
            OutgoingEmail,
            sa.or_(named == str(user.id), unnamed),
            columns=("template", "address", "created_at", "state", "ended_at"),
            left_out={
                "id": "names nothing outside of this site",
                "locale": "the account's own",
                "ids": "may name rows of others",
                "message_id": "is in the email itself",
                "attempts": "how the sending went",
                "due_at": "how the sending went",
                "leased_until": "how the sending went",
                "lease": "how the sending went",
                "last_error": "how the sending went",
            },
        )
    )


def erase(user: Any) -> None:
    """Delete all emails to the person, at this or an earlier address, and those that name them to
    others.
    """
    named = [_about(name, user.id) for name in ("user", *OTHERS)]
    db.session.execute(
        sa.delete(OutgoingEmail).where(sa.or_(OutgoingEmail.address == user.email, *named))
    )


def forget(who: str, row_id: UUID, *more: sa.ColumnElement[bool]) -> None:
    """Delete emails about a row, as far as `more` holds; `who` is the name of its id, such as
    "guest".
    """
    db.session.execute(sa.delete(OutgoingEmail).where(_about(who, row_id), *more))


def _about(name: str, row_id: UUID) -> sa.ColumnElement[bool]:
    return OutgoingEmail.ids[name].as_string() == str(row_id)
