"""Mentions as `@handle` in posts, and suggestions while typing."""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import BlockOrMute, User
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.text import markdown
from ..core.text.strings import folded, like_pattern
from ..groups import access as groups
from ..groups.models import Membership
from .access import Container
from .models import MUTED, Mention, Reply, Thread, ThreadReader

#: The most people mentioned in one text.
MOST = 10
#: The most people suggested at once.
OFFERED = 6


def note(reply: Reply, container: Container, body: str) -> list[User]:
    """Store the mentions in a text and return the members to notify.

    Not those mentioned before, nor those who muted the thread. A mention that is removed stays
    stored, so that adding it again doesn't notify again. Raises UserError if there are too many.
    """
    handles = markdown.handles_in(body)
    _refuse_many(handles)
    named = members_named(container, handles, but=reply.author_id)
    known_people = set(
        db.session.scalars(sa.select(Mention.user_id).where(Mention.reply_id == reply.id))
    )
    new = [user for user in named if user.id not in known_people]
    db.session.add_all(
        Mention(reply_id=reply.id, user_id=user.id, handle=user.handle) for user in new
    )
    db.session.flush()
    deaf = _deaf(reply) if new else set()
    return [user for user in new if user.id not in deaf]


def _refuse_many(handles: list[str]) -> None:
    """Count everyone with an account: who of them is a member can be a secret."""
    if len(handles) <= MOST:
        return
    people = sa.select(sa.func.count()).where(User.handle.in_(handles))
    count = db.session.scalar(people) or 0
    if count > MOST:
        raise UserError(
            _(
                "You can mention up to %(most)s people in one post, and this mentions %(count)s. "
                "Write another post for the others.",
                most=MOST,
                count=count,
            ),
            field="body",
        )


def _deaf(reply: Reply) -> set[UUID]:
    muted = (ThreadReader.thread_id == reply.thread_id, ThreadReader.state == MUTED)
    return set(db.session.scalars(sa.select(ThreadReader.user_id).where(*muted)))


def members_named(
    container: Container, handles: Iterable[str], but: UUID | None = None
) -> list[User]:
    """Return active members of the container with these handles, in the order of the handles."""
    order = {handle: position for position, handle in enumerate(handles)}
    if not order:
        return []
    query = container.members().where(User.handle.in_(list(order)), User.deactivated_at.is_(None))
    return sorted(
        (user for user in db.session.scalars(query) if user.id != but),
        key=lambda user: order[user.handle],
    )


def offered(container: Container, thread: Thread | None, reader: User, typed: str) -> list[User]:
    """Return suggestions: people who can be mentioned, and whose name or handle begins with the
    text.

    Only people whom `reader` can know: authors in the thread, and members if `reader` may see the
    group's list.
    """
    begins = like_pattern(folded(typed))[1:]
    named = sa.or_(
        User.search_text.like(begins, escape="\\"),
        User.search_text.like(f"% {begins}", escape="\\"),
    )
    people = container.members().where(User.deactivated_at.is_(None), User.id != reader.id, named)
    ignored = BlockOrMute.user_id == reader.id, BlockOrMute.other_id == User.id
    people = people.where(_known(container, thread, reader), ~sa.exists().where(*ignored))
    return list(db.session.scalars(people.order_by(User.search_text, User.id).limit(OFFERED)))


def _known(container: Container, thread: Thread | None, reader: User) -> sa.ColumnElement[bool]:
    known_people = []
    if container.group is not None and groups.can(reader, "group:view_members", container.group):
        belongs = sa.select(Membership.user_id).where(Membership.group_id == container.group.id)
        known_people.append(User.id.in_(belongs))
    if thread is not None:
        wrote = sa.select(Reply.author_id).where(Reply.thread_id == thread.id)
        known_people.append(User.id.in_(wrote))
    return sa.or_(sa.false(), *known_people)
