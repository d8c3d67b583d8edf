"""Handles: the names in people's addresses. They are public, so it is no secret that one is taken."""

import re
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core import clock, ids
from ..core.errors import RuleBroken
from ..core.extensions import db
from ..core.text import slugify
from .models import HeldHandle, User

LEAST, MOST = 2, 30
_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: Words that would look like ours.
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
    """What is wrong with the handle as a word, as a sentence."""
    if not LEAST <= len(handle) <= MOST or not _PATTERN.fullmatch(handle):
        return _(
            "A handle has %(least)s to %(most)s small letters, digits and single hyphens, such as “ana-souza”.",
            least=LEAST,
            most=MOST,
        )
    if handle in RESERVED:
        return _("“%(handle)s” is kept for the site itself. Choose another.", handle=handle)
    return None


def refuse_taken(handle: str) -> None:
    """Raises RuleBroken, with a free one like it, when the handle is somebody's."""
    if not _is_free(handle):
        sentence = _("“%(handle)s” is taken. “%(free)s” is free.", handle=handle, free=_free_like(handle))
        raise RuleBroken(sentence, field="handle")


def proposed(first_name: str, last_name: str) -> str:
    """A free handle made of both names."""
    wanted = slugify(f"{first_name} {last_name}", "member")[: MOST - 6].strip("-")
    return wanted if problem(wanted) is None and _is_free(wanted) else _free_like(wanted)


def hold(handle: str, until: datetime) -> None:
    """The handle counts as taken until then, though nobody has it."""
    db.session.execute(sa.delete(HeldHandle).where(HeldHandle.handle == handle))
    db.session.add(HeldHandle(handle=handle, held_until=until))
    db.session.flush()


def _free_like(handle: str) -> str:
    stem = handle[: MOST - 6].strip("-") or "member"
    for ending in (*map(str, range(2, 10)), ids.suffix()):
        if _is_free(f"{stem}-{ending}"):
            break
    return f"{stem}-{ending}"


def _is_free(handle: str) -> bool:
    held = sa.and_(HeldHandle.handle == handle, HeldHandle.held_until > clock.now())
    taken = sa.or_(sa.exists().where(User.handle == handle), sa.exists().where(held))
    return not db.session.scalar(sa.select(taken))
