"""Members who are named in what someone writes, as `@handle`."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.text import markdown
from .access import Container
from .models import MUTED, Mention, Reply, ThreadReader

#: More people than this are not told of one reply, however many it names.
MOST = 10


def note(reply: Reply, place: Container, body: str) -> list[User]:
    """The members whom the words name are noted; returns those who are to be told: not again who
    was named in it before, not anyone who has muted the thread.

    Who is named no more stays noted: named again, they are not told again.
    """
    named = members_named(place, markdown.handles_in(body), but=reply.author_id)
    known = set(db.session.scalars(sa.select(Mention.user_id).where(Mention.reply_id == reply.id)))
    new = [user for user in named if user.id not in known][: max(0, MOST - len(known))]
    db.session.add_all(
        Mention(reply_id=reply.id, user_id=user.id, handle=user.handle) for user in new
    )
    db.session.flush()
    deaf = _deaf(reply) if new else set()
    return [user for user in new if user.id not in deaf]


def _deaf(reply: Reply) -> set[UUID]:
    muted = (ThreadReader.thread_id == reply.thread_id, ThreadReader.state == MUTED)
    return set(db.session.scalars(sa.select(ThreadReader.user_id).where(*muted)))


def members_named(place: Container, handles: Iterable[str], but: UUID | None = None) -> list[User]:
    """Those of the place with these handles whose accounts are in use, in the order of the
    handles.
    """
    order = {handle: place for place, handle in enumerate(handles)}
    if not order:
        return []
    wanted = place.members().where(User.handle.in_(list(order)), User.deactivated_at.is_(None))
    return sorted(
        (user for user in db.session.scalars(wanted) if user.id != but),
        key=lambda user: order[user.handle],
    )
