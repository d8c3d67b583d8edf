"""Queries of accounts for pages and emails."""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ..core.extensions import db
from ..core.time import clock
from . import sign_ins
from .models import SignIn, User


def recipient(user_id: str) -> User | None:
    """Return the recipient of an email; None if the account is gone or inactive, so the email is
    pointless.
    """
    user = db.session.get(User, uuid.UUID(user_id))
    return user if user is not None and user.deactivated_at is None else None


def with_id(user_id: uuid.UUID | None) -> User | None:
    """Return the account with this id, or None."""
    return db.session.get(User, user_id) if user_id is not None else None


def by_handle(handle: str) -> User | None:
    """Return the account with this handle, or None."""
    return db.session.scalar(
        sa.select(User).where(User.handle == handle.strip().lstrip("@").lower())
    )


def by_email(email: str) -> User | None:
    """Return the account with this email address, or None."""
    return db.session.scalar(sa.select(User).where(User.email == email))


def owner_of_email(email: str) -> User | None:
    """Return the confirmed and approved account with this address, or None.

    Such an address can't be used by a guest.
    """
    user = by_email(email)
    return user if user is not None and user.is_verified and user.is_approved else None


def admins() -> list[User]:
    """Return the active admins, by name."""
    query = sa.select(User).where(User.is_admin, User.deactivated_at.is_(None))
    return list(db.session.scalars(query.order_by(User.search_text, User.id)))


#: Conditions for confirmed people who wait for approval.
WAIT = (User.verified_at.is_not(None), User.approved_at.is_(None), User.deactivated_at.is_(None))


def waiting() -> list[User]:
    """Return confirmed people who wait for approval, the longest first."""
    return list(
        db.session.scalars(sa.select(User).where(*WAIT).order_by(User.verified_at, User.id))
    )


def waiting_count(_user: Any = None) -> sa.ScalarSelect[int]:
    """Return their number as a subquery."""
    return sa.select(sa.func.count(User.id)).where(*WAIT).scalar_subquery()


def sign_ins_of(user: User, limits: Mapping[str, Any]) -> list[SignIn]:
    """Return the person's valid sign-ins, used last first; `limits` are the site's settings."""
    living = SignIn.user_id == user.id, ~sign_ins.expired(clock.now(), limits)
    return list(
        db.session.scalars(
            sa.select(SignIn).where(*living).order_by(SignIn.last_seen_at.desc(), SignIn.id)
        )
    )


def sign_in_of(user: User, sign_in_id: uuid.UUID) -> SignIn | None:
    """Return that sign-in if it is the person's own, otherwise None."""
    return db.session.scalar(
        sa.select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user.id)
    )
