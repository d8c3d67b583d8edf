"""What the outbox gives to anyone who takes their data along, and forgets of anyone who leaves."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core.exports import JsonFile, PersonalData
from ..core.extensions import db
from .models import OutgoingEmail

#: Names of ids by which emails tell someone of another person: who waits, who is an admin by
#: whom, who asks for a ballot.
OTHERS = ("person", "by", "asker")


def export(user: Any, parts: PersonalData) -> None:
    """Which emails were sent to them, and when; what they said is kept nowhere.

    At an address that was someone else's before theirs is what names them, and, since they came,
    what names nobody.
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
    """No email to the person, at this address or an earlier one, is known any more, sent or not;
    and none that told others of them by name."""
    named = [_about(name, user.id) for name in ("user", *OTHERS)]
    db.session.execute(
        sa.delete(OutgoingEmail).where(sa.or_(OutgoingEmail.address == user.email, *named))
    )


def forget(who: str, row_id: UUID, *more: sa.ColumnElement[bool]) -> None:
    """No email about this row is known any more, of those of which `more` holds; `who` is the
    name of its id, such as "guest".
    """
    db.session.execute(sa.delete(OutgoingEmail).where(_about(who, row_id), *more))


def _about(name: str, row_id: UUID) -> sa.ColumnElement[bool]:
    return OutgoingEmail.ids[name].as_string() == str(row_id)
