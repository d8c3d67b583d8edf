"""Handles: the names in the URLs of people's pages.

They are public, so it is no secret that one is taken.
"""

import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..core.db import base
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.text.strings import slugify
from ..core.time import clock
from .models import FormerHandle, HeldHandle, User

LEAST, MOST = 2, 30
#: How long a former handle leads to its person and can be taken back, and how many each person can
#: have.
FORMER_FOR, FORMER_MOST = timedelta(days=90), 3
_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Words that would look official.
RESERVED = frozenset(
    # fmt: off
    [
        "account",
        "accounts",
        "admin",
        "administrator",
        "all",
        "anonymous",
        "api",
        "events",
        "everyone",
        "folkmoot",
        "group",
        "groups",
        "guest",
        "help",
        "here",
        "home",
        "inbox",
        "me",
        "member",
        "members",
        "moderator",
        "new",
        "news",
        "nobody",
        "organizer",
        "owner",
        "people",
        "postmaster",
        "privacy",
        "root",
        "security",
        "settings",
        "sign-in",
        "sign-out",
        "sign-up",
        "site",
        "staff",
        "support",
        "system",
        "terms",
        "visitor",
        "votes",
        "webmaster",
    ]
    # fmt: on
)


def problem(handle: str) -> str | None:
    """Return what is wrong with the handle, as a message, or None."""
    if not LEAST <= len(handle) <= MOST or not _PATTERN.fullmatch(handle):
        return _(
            "Use %(least)s to %(most)s lowercase letters, digits and single hyphens, such as "
            "“ana-souza”.",
            least=LEAST,
            most=MOST,
        )
    if handle in RESERVED:
        return _("“%(handle)s” is reserved for the site. Choose another handle.", handle=handle)
    return None


def refuse_taken(handle: str) -> None:
    """Refuse a handle that is taken. Raises UserError, which suggests a free one."""
    _refuse(handle, _is_free(handle))


def refuse_confirmed(handle: str) -> None:
    """Refuse a handle that a confirmed account has; unconfirmed sign-ups don't count.

    Raises UserError. So people can sign up again with the same handle, and the answer depends on no
    email address.
    """
    _refuse(handle, _is_free(handle, to_sign_up=True))


def propose(first_name: str, last_name: str, to_sign_up: bool = False) -> str:
    """Return a free handle made of both names."""
    handle = slugify(f"{first_name} {last_name}", "member")[: MOST - 6].strip("-")
    return (
        handle if problem(handle) is None and _is_free(handle, to_sign_up) else _free_like(handle)
    )


def release(handle: str) -> None:
    """Give unconfirmed accounts with this handle another one, so that a new sign-up can have it."""
    unconfirmed = sa.select(User).where(User.handle == handle, User.verified_at.is_(None))
    for user in db.session.scalars(unconfirmed).all():
        user.handle = _free_like(handle)
        user.renew_search_text()
    db.session.flush()


def hold(handle: str, until: datetime, is_claim: bool = False) -> None:
    """Reserve the handle until then; nobody has it."""
    db.session.execute(sa.delete(HeldHandle).where(HeldHandle.handle == handle))
    db.session.add(HeldHandle(handle=handle, held_until=until, is_claim=is_claim))
    db.session.flush()


def change(user: User, handle: str) -> None:
    """Change the user's handle. The old one leads to them, and stays reserved for 90 days.

    Raises UserError if the handle is invalid or taken, or they changed it too often.
    """
    user = locked(User, user.id)
    if handle == user.handle:
        return
    sentence = problem(handle)
    if sentence:
        raise UserError(sentence, field="handle")
    _reclaim(user, handle)
    refuse_taken(handle)
    _refuse_many(user)
    before = user.handle
    try:
        with db.session.begin_nested():
            user.handle = handle
            db.session.add(
                FormerHandle(handle=before, user_id=user.id, held_until=clock.now() + FORMER_FOR)
            )
    except IntegrityError as faster:
        raise UserError(
            _("“%(handle)s” has just been taken. Choose another handle.", handle=handle),
            field="handle",
        ) from faster
    user.renew_search_text()
    audit.record("handle.changed", by=user, subject=user)


def former_owner(handle: str) -> User | None:
    """Return the person who had this handle before, if it still leads to them."""
    held = FormerHandle.handle == handle.lower(), FormerHandle.held_until > clock.now()
    return db.session.scalar(
        sa.select(User).join(FormerHandle, FormerHandle.user_id == User.id).where(*held)
    )


def forget(user: User) -> None:
    """Stop former handles from leading to `user`; keep them reserved for the rest of their time."""
    for former in db.session.scalars(
        sa.select(FormerHandle).where(FormerHandle.user_id == user.id)
    ).all():
        hold(former.handle, former.held_until)
    db.session.execute(sa.delete(FormerHandle).where(FormerHandle.user_id == user.id))


def _reclaim(user: User, handle: str) -> None:
    """Release this handle if it is the user's own former one, or its time is over."""
    over = sa.or_(FormerHandle.user_id == user.id, FormerHandle.held_until <= clock.now())
    db.session.execute(
        sa.delete(FormerHandle).where(FormerHandle.handle.in_([handle, user.handle]), over)
    )


def _refuse_many(user: User) -> None:
    held = FormerHandle.user_id == user.id, FormerHandle.held_until > clock.now()
    if (
        db.session.scalar(sa.select(sa.func.count()).select_from(FormerHandle).where(*held)) or 0
    ) >= FORMER_MOST:
        sentence = _(
            "You’ve changed your handle three times in 90 days. Go back to one of those, or wait."
        )
        raise UserError(sentence, field="handle")


def _refuse(handle: str, is_free: bool) -> None:
    if not is_free:
        sentence = _(
            "“%(handle)s” is taken, but “%(free)s” is free.", handle=handle, free=_free_like(handle)
        )
        raise UserError(sentence, field="handle")


def _free_like(handle: str) -> str:
    stem = handle[: MOST - 6].strip("-") or "member"
    for ending in (*map(str, range(2, 10)), base.random_suffix()):
        if _is_free(f"{stem}-{ending}"):
            break
    return f"{stem}-{ending}"


def _is_free(handle: str, to_sign_up: bool = False) -> bool:
    mine = User.handle == handle
    held = sa.and_(HeldHandle.handle == handle, HeldHandle.held_until > clock.now())
    former = sa.and_(FormerHandle.handle == handle, FormerHandle.held_until > clock.now())
    if to_sign_up:
        mine, held = (
            sa.and_(mine, User.verified_at.is_not(None)),
            sa.and_(held, HeldHandle.is_claim.is_(False)),
        )
    taken = sa.or_(*(sa.exists().where(what) for what in (mine, held, former)))
    return not db.session.scalar(sa.select(taken))
