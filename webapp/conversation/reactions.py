"""Reactions to posts: a word and a symbol, at one click. Nobody is notified."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..accounts.models import User
from ..core import i18n
from ..core.db.session import fetch_columns
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from . import access, notices
from .access import hold
from .models import Reaction, Reply

#: Kinds in their order: the label, and the name of a symbol in `static/icons.svg`.
REACTIONS = {
    "agree": (_l("Agree"), "thumb"),
    "thanks": (_l("Thanks"), "heart"),
    "great": (_l("Great"), "spark"),
    "funny": (_l("Funny"), "smile"),
    "sad": (_l("Sad"), "sad"),
}
#: How many people are named for each reaction; the others are counted.
MOST_NAMES = 8


class ReactionView(NamedTuple):
    """One kind of reaction to a post as a reader sees it; visitors see no names."""

    kind: str
    number: int
    is_mine: bool
    names: str


def add(reply: Reply, by: User, kind: str) -> None:
    """Add a reaction of `by`. Calling it twice is harmless."""
    reply = _held(reply, by, kind)
    if db.session.scalar(_own(reply, by, kind)) is None:
        db.session.add(Reaction(reply_id=reply.id, user_id=by.id, kind=kind))
        db.session.flush()
        notices.post_changed(reply)


def withdraw(reply: Reply, by: User, kind: str) -> None:
    """Remove a reaction of `by`."""
    reply = _held(reply, by, kind)
    row = db.session.scalar(_own(reply, by, kind))
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        notices.post_changed(reply)


def of(reply_ids: Iterable[uuid.UUID], reader: Any) -> dict[uuid.UUID, list[ReactionView]]:
    """Return the reactions to these posts, by post, in one statement."""
    parameters = {"replies": list(reply_ids), "reader": reader.id}
    if not parameters["replies"]:
        return {}
    found: dict[uuid.UUID, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in fetch_columns(_reactions(), parameters):
        found[row.reply_id][row.kind].append(row)
    return {
        reply_id: [_seen(kind, rows[kind], reader) for kind in REACTIONS if kind in rows]
        for reply_id, rows in found.items()
    }


def _seen(kind: str, rows: list[Any], reader: Any) -> ReactionView:
    count, is_mine = rows[0].number, any(row.user_id == reader.id for row in rows)
    if reader.id is None:
        return ReactionView(kind, count, False, "")
    named = [row.name for row in rows if row.rank <= MOST_NAMES]
    if others := count - len(named):
        named.append(ngettext("%(num)d other", "%(num)d others", others))
    return ReactionView(kind, count, is_mine, i18n.enumerated(named))


@cache
def _reactions() -> sa.Select[Any]:
    """The first people and the reader for each kind of reaction to a post, each row with the total.

    Built once.
    """
    alike = (Reaction.reply_id, Reaction.kind)
    in_order = (Reaction.created_at, Reaction.id)
    rank = sa.func.row_number().over(partition_by=alike, order_by=in_order).label("rank")
    number = sa.func.count().over(partition_by=alike).label("number")
    posts = Reaction.reply_id.in_(sa.bindparam("replies", expanding=True))
    every = sa.select(*alike, Reaction.user_id, rank, number).where(posts).subquery()
    shown = sa.or_(
        every.c.rank <= MOST_NAMES, every.c.user_id == sa.bindparam("reader", type_=sa.Uuid)
    )
    people = sa.select(every, User.name.label("name")).join(User, User.id == every.c.user_id)
    return people.where(shown).order_by(every.c.rank)


def _own(reply: Reply, by: User, kind: str) -> sa.Select[tuple[Reaction]]:
    mine = (Reaction.user_id == by.id, Reaction.kind == kind)
    return sa.select(Reaction).where(Reaction.reply_id == reply.id, *mine)


def _held(reply: Reply, by: User, kind: str) -> Reply:
    """Lock the thread and reload the post. Raises UserError if `by` can't react to it."""
    if kind not in REACTIONS:
        raise UserError(_("Choose one of the reactions."))
    thread = hold(reply.thread)
    fresh = db.session.get(Reply, reply.id, populate_existing=True)
    if fresh is None or fresh.removed_by is not None:
        raise Conflict(_("This has been deleted."))
    container = access.container_of(thread)
    if (
        container is None
        or fresh.hidden_at is not None
        or not access.can_reply(by, container, thread)
    ):
        raise UserError(_("You can’t react to this post any more."))
    return fresh
