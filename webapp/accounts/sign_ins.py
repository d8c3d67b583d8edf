"""Sign-ins: the browsers in which people are signed in, each a row that can be ended."""

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa

from ..core import audit, clock
from ..core.extensions import db
from .models import SignIn, User

IDLE, MOST, MOST_KEPT = "SIGN_IN_IDLE_HOURS", "SIGN_IN_DAYS", "SIGN_IN_KEPT_DAYS"
#: A row's `last_seen_at` is written at most this often.
SEEN_EVERY = timedelta(minutes=5)


def open_for(user: User, limits: dict[str, int], device: str = "", kept: bool = False) -> str:
    """`user` is signed in in one more browser; returns the secret for its cookie, which is stored nowhere."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    days = limits[MOST_KEPT] if kept else limits[MOST]
    row = SignIn(
        user_id=user.id,
        token_hash=_hash(secret),
        device=device[:120],
        kept=kept,
        last_seen_at=now,
        proved_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(row)
    audit.record("sign_in", by=user)
    return secret


def of_secret(secret: str, limits: dict[str, int]) -> SignIn | None:
    """The living sign-in that the cookie's secret belongs to, with its user, in one statement."""
    found = db.session.scalar(sa.select(SignIn).where(SignIn.token_hash == _hash(secret)))
    return found if found is not None and found.user.is_active and _lives(found, limits) else None


def _lives(row: SignIn, limits: dict[str, int]) -> bool:
    now = clock.now()
    idle = now - row.last_seen_at
    return row.expires_at > now and (row.kept or idle < timedelta(hours=limits[IDLE]))


def needs_stamp(row: SignIn) -> bool:
    """Whether the row's last-seen time has grown old enough to be written again."""
    return clock.now() - row.last_seen_at > SEEN_EVERY


def end(row: SignIn) -> None:
    """That browser is signed out; a cookie that still names it is refused."""
    db.session.delete(row)


def end_all(user: User, but: SignIn | None = None) -> int:
    """Every browser of `user` is signed out, except `but`; returns how many were."""
    statement = sa.delete(SignIn).where(SignIn.user_id == user.id)
    if but is not None:
        statement = statement.where(SignIn.id != but.id)
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
