"""Sign-ins: the browsers in which people are signed in, each a row that can be ended."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core import live
from ..core.db import actor_lock
from ..core.db.session import locked, rows_changed
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from .credentials import PasswordProof
from .models import SignIn, User

IDLE, MOST, MOST_KEPT = "SIGN_IN_IDLE_HOURS", "SIGN_IN_DAYS", "SIGN_IN_KEPT_DAYS"
#: `last_seen_at` is updated at most this often.
SEEN_EVERY = timedelta(minutes=5)
#: Sensitive settings ask for the password again after this.
FRESH = timedelta(minutes=15)
APART = timedelta(minutes=1)


class AccountLeaving(UserError):
    """The password is right, but the owner has requested deletion and can come back."""

    def __init__(self, user: User) -> None:
        super().__init__(_("This account will be deleted soon."))
        self.user = user


class NotVerified(UserError):
    """The password is right, but the email address isn't confirmed yet."""

    def __init__(self, user: User) -> None:
        super().__init__(_("Confirm your email address first."))
        self.user = user


def sign_in(
    proof: PasswordProof,
    limits: dict[str, int],
    device: str = "",
    kept: bool = False,
    instead_of: SignIn | None = None,
) -> tuple[str, str]:
    """Sign in with a proof; return the secret for the cookie, and the page for which the person
    signed up, if they haven't been there yet.

    `instead_of` is this browser's previous sign-in, which ends. Earlier emailed links stop working.
    Raises UserError with the same message for an unknown name and a wrong password. With the right
    password it says what is missing.
    """
    user = locked(User, proof.user_id) if proof.is_right else None
    if user is None or user.password_hash != proof.password_hash:
        raise UserError(
            _(
                "That email or handle and password don’t match. After five tries you’ll need to "
                "wait a minute."
            )
        )
    _refuse_unready(user)
    if instead_of is not None:
        end(instead_of)
    if proof.renewed_hash:
        user.password_hash = proof.renewed_hash
    user.renew_nonce()
    came_for = user.came_for or ""
    return create_for(user, limits, device, kept), came_for


def _refuse_unready(user: User) -> None:
    if user.may_return:
        raise AccountLeaving(user)
    if not user.is_active:
        raise UserError(
            _(
                "This account is closed. If you think that’s wrong, contact the people who run "
                "this site."
            )
        )
    if not user.is_verified:
        raise NotVerified(user)
    if not user.is_approved:
        raise UserError(
            _("An admin still has to approve your account. We’ll email you when they have.")
        )


def create_for(
    user: User,
    limits: dict[str, int],
    device: str = "",
    kept: bool = False,
    is_fresh: bool = True,
) -> str:
    """Sign `user` in; return the secret for the cookie, which isn't stored.

    `is_fresh`: they have just given their password.
    """
    user.came_for = None
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    days = limits[MOST_KEPT] if kept else limits[MOST]
    row = SignIn(
        user_id=user.id,
        token_hash=_hash(secret),
        device=device[:120],
        remember=kept,
        last_seen_at=now,
        reauthenticated_at=now if is_fresh else now - FRESH,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(row)
    audit.record("sign_in.opened", by=user)
    return secret


def begin_change(secret: str, alone: bool = False) -> None:
    """Lock what the person with this cookie's secret may do, before it is read.

    See `actor_lock`.
    """
    if actor_lock.is_needed():
        db.session.execute(_owner_lock(alone), {"token_hash": _hash(secret)})


@cache
def _owner_lock(alone: bool) -> sa.Select[Any]:
    lock = actor_lock.column(SignIn.user_id, alone)
    return sa.select(lock).where(SignIn.token_hash == sa.bindparam("token_hash"))


def by_secret(
    secret: str, limits: dict[str, int], *more: sa.ColumnElement[Any]
) -> Sequence[Any] | None:
    """Return the valid sign-in for the cookie's secret, with its user and the columns `more`.

    Takes one statement.
    """
    found = db.session.execute(_by_token(more), {"token_hash": _hash(secret)}).one_or_none()
    return (
        found
        if found is not None and found[0].user.is_active and _lives(found[0], limits)
        else None
    )


@cache
def _by_token(more: tuple[sa.ColumnElement[Any], ...]) -> sa.Select[Any]:
    return sa.select(SignIn, *more).where(SignIn.token_hash == sa.bindparam("token_hash"))


def _lives(row: SignIn, limits: dict[str, int]) -> bool:
    """Whether a loaded sign-in is valid: the opposite of `expired`."""
    now = clock.now()
    idle = now - row.last_seen_at
    return row.expires_at > now and (row.remember or idle < timedelta(hours=limits[IDLE]))


def expired(now: datetime, limits: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    """The condition for expired sign-ins: past their last day, or unused for too long if
    not kept.
    """
    unused = sa.and_(~SignIn.remember, SignIn.last_seen_at <= now - timedelta(hours=limits[IDLE]))
    return sa.or_(SignIn.expires_at <= now, unused)


def needs_stamp(row: SignIn) -> bool:
    """Whether the last-seen time is old enough to update."""
    return clock.now() - row.last_seen_at > SEEN_EVERY


def end(row: SignIn) -> None:
    """Sign that browser out and notify its open pages. Its cookie stops working."""
    audit.record("sign_in.ended", by=row.user, subject=row)
    db.session.delete(row)
    live.signal(f"user:{row.user_id}:rights")


def end_all(user: User, but: SignIn | None = None, by: User | None = None) -> int:
    """Sign `user` out of every browser except `but`, and notify open pages; return how many.

    `by` is set if another person does it.
    """
    statement = sa.delete(SignIn).where(SignIn.user_id == user.id)
    if but is not None:
        statement = statement.where(SignIn.id != but.id)
    ended = rows_changed(statement)
    if ended:
        audit.record("sign_ins.ended", by=by or user, subject=user, number=ended)
    live.signal(f"user:{user.id}:rights")
    return ended


def mark_reauthenticated(row: SignIn, proof: PasswordProof) -> None:
    """Record that the person in this browser has just given their password.

    Raises UserError if the proof is wrong.
    """
    user = locked(User, row.user_id)
    if not proof.is_right or user.password_hash != proof.password_hash:
        raise UserError(_("That’s not your password. Try again."), field="password")
    row.reauthenticated_at = clock.now()


def is_fresh(row: SignIn) -> bool:
    """Whether the person gave their password recently enough for sensitive actions.

    Times in the future are ignored, except for a minute by which two machines' clocks may differ.
    """
    return -APART < clock.now() - row.reauthenticated_at < FRESH


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


#: in this order: most browsers also claim to be those below
BROWSERS = [
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\b(OPR|Opera)/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b((Headless)?Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
]
SYSTEMS = [
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Mac", r"\bMac(intosh| OS X)\b"),
    ("Linux", r"\bLinux\b"),
]


def device_name(user_agent: str) -> str:
    """Return a name such as “Firefox on Windows”."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Another browser")


def _first(names: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")
