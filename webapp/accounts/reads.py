"""What pages show of accounts."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ..core.extensions import db
from ..core.time import clock
from . import sign_ins
from .models import SignIn, User


def recipient(user_id: str) -> User | None:
    """The person an email is for; None when their account is gone or no longer in use: then the
    email is pointless.
    """
    user = db.session.get(User, uuid.UUID(user_id))
    return user if user is not None and user.deactivated_at is None else None


def with_id(user_id: uuid.UUID | None) -> User | None:
    """The account with this id."""
    return db.session.get(User, user_id) if user_id is not None else None


def by_handle(handle: str) -> User | None:
    """The account with this handle."""
    return db.session.scalar(
        sa.select(User).where(User.handle == handle.strip().lstrip("@").lower())
    )


def by_email(email: str) -> User | None:
    """The account with this address."""
    return db.session.scalar(sa.select(User).where(User.email == email))


def owner_of_email(email: str) -> User | None:
    """The account that answers for this address, with which nobody does anything as a guest:
    confirmed, and let in.
    """
    user = by_email(email)
    return user if user is not None and user.is_verified and user.is_approved else None


def admins() -> list[User]:
    """Who runs the site, by name."""
    query = sa.select(User).where(User.is_admin, User.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(User.search_text, User.id)))


#: The conditions on User that hold of those whose address is confirmed and who wait to be let in.
WAIT = (User.verified_at.is_not(None), User.approved_at.is_(None), User.deactivated_at.is_(None))


def waiting() -> list[User]:
    """People whose address is confirmed and who wait to be let in, the longest first."""
    return list(
        db.session.scalars(sa.select(User).where(*WAIT).order_by(User.verified_at, User.id))
    )


def waiting_count(_user: Any = None) -> sa.ScalarSelect[int]:
    """How many they are, as a subquery."""
    return sa.select(sa.func.count(User.id)).where(*WAIT).scalar_subquery()


def sign_ins_of(user: User, limits: Mapping[str, Any]) -> list[SignIn]:
    """The browsers in which the person is signed in, the one used last first; `limits` are the
    site's settings.
    """
    living = SignIn.user_id == user.id, ~sign_ins.expired(clock.now(), limits)
    return list(
        db.session.scalars(
            sa.select(SignIn).where(*living).order_by(SignIn.last_seen_at.desc(), SignIn.id)
        )
    )


def sign_in_of(user: User, sign_in_id: uuid.UUID) -> SignIn | None:
    """That browser, when it is the person's own."""
    return db.session.scalar(
        sa.select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user.id)
    )
