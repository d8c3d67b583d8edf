"""Emailed links: derived from a row when the email is written, valid for an hour and one use."""

import uuid
from datetime import timedelta

import sqlalchemy as sa

from ..core.db.session import locked, rows_changed
from ..core.extensions import db
from ..core.http import tokens
from ..core.time import clock
from .models import EmailedLink, User

#: VERIFY and RESET go to the account's address, CHANGE to its new one
VERIFY, RESET, CHANGE = "verify", "reset", "change"
LIFE = timedelta(hours=1)


def current_or_new(user: User, purpose: str, email: str = "") -> EmailedLink:
    """Return the purpose's valid link, or a new one: an email sent again has the same link.

    `email` is the recipient, by default the account's address.
    """
    return newest(user, purpose, EmailedLink.email == (email or user.email)) or _made(
        user, purpose, email or user.email
    )


def newest(user: User, purpose: str, *which: sa.ColumnElement[bool]) -> EmailedLink | None:
    """Return the purpose's valid link that expires last, or None."""
    return db.session.scalar(
        sa.select(EmailedLink)
        .where(
            EmailedLink.user_id == user.id,
            EmailedLink.purpose == purpose,
            EmailedLink.user_nonce == user.nonce,
            EmailedLink.used_at.is_(None),
            EmailedLink.expires_at > clock.now(),
            *which,
        )
        .order_by(EmailedLink.expires_at.desc())
        .limit(1)
    )


def _made(user: User, purpose: str, email: str) -> EmailedLink:
    expires_at = clock.now() + LIFE
    link = EmailedLink(
        user_id=user.id, purpose=purpose, email=email, user_nonce=user.nonce, expires_at=expires_at
    )
    db.session.add(link)
    db.session.flush()
    return link


def token(link: EmailedLink) -> str:
    """Return the secret part of the link's URL."""
    return tokens.derive(f"accounts-{link.purpose}", link.id, link.nonce)


def find(purpose: str, link_id: uuid.UUID, secret: str) -> EmailedLink | None:
    """Return the unused link for this URL, even if it has expired; None for any other URL."""
    link = _of_url(purpose, link_id, secret)
    return link if link is not None and is_open(link) else None


def find_used(purpose: str, link_id: uuid.UUID, secret: str) -> EmailedLink | None:
    """Return the link for this URL if it was used, its hour isn't over, and its account still has
    the address.
    """
    link = _of_url(purpose, link_id, secret)
    if link is None or link.used_at is None or link.email != link.user.email or has_expired(link):
        return None
    return link if _in_use(link.user) else None


def _of_url(purpose: str, link_id: uuid.UUID, secret: str) -> EmailedLink | None:
    link = db.session.get(EmailedLink, link_id)
    if (
        link is None
        or link.purpose != purpose
        or not tokens.matches(secret, f"accounts-{purpose}", link.id, link.nonce)
    ):
        return None
    return link


class LinkRefused(Exception):
    """The URL belongs to no unused link (`link` is None), or the link has expired."""

    def __init__(self, link: EmailedLink | None) -> None:
        super().__init__()
        self.link = link


def usable(purpose: str, link_id: uuid.UUID, secret: str) -> EmailedLink:
    """Return the unused link for this URL. Raises LinkRefused."""
    link = find(purpose, link_id, secret)
    if link is None or has_expired(link):
        raise LinkRefused(link)
    return link


def is_open(link: EmailedLink) -> bool:
    """Whether the link is unused, and its account hasn't changed since it was made."""
    user = link.user
    fits = link.purpose == CHANGE or link.email == user.email
    return link.used_at is None and fits and link.user_nonce == user.nonce and _in_use(user)


def has_expired(link: EmailedLink) -> bool:
    """Whether the link's hour is over."""
    return link.expires_at <= clock.now()


def use(link: EmailedLink) -> User | None:
    """Use the link and return its account, locked; None if it is used, expired or invalid."""
    user = locked(User, link.user_id)
    used = rows_changed(
        sa.update(EmailedLink)
        .where(
            EmailedLink.id == link.id,
            EmailedLink.used_at.is_(None),
            EmailedLink.expires_at > clock.now(),
        )
        .where(
            sa.or_(EmailedLink.purpose == CHANGE, EmailedLink.email == user.email),
            EmailedLink.user_nonce == user.nonce,
        )
        .values(used_at=clock.now())
    )
    return user if used == 1 and _in_use(user) else None


def _in_use(user: User) -> bool:
    """People who are leaving can still reset their password: they need it to come back."""
    return user.is_active or user.may_return
