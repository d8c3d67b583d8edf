"""What is erased from conversations with an account.

What the person wrote for others stays, without a name, as it reads now.
"""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.text import markdown
from ..core.text.strings import like_pattern
from ..notifications.inbox import NOBODY
from .models import Mention, Reaction, Reply, ReplyVersion, ThreadReader


def erase(user: User) -> None:
    """Delete what `user` read, followed and reacted to, and the earlier versions of their posts;
    replace mentions of them.
    """
    _replace_mentions(user)
    for model in (ThreadReader, Mention, Reaction):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    mine = Reply.author_id == user.id
    db.session.execute(sa.update(Reply).where(mine, Reply.reason != "").values(reason=""))
    current = sa.select(Reply.version).where(Reply.id == ReplyVersion.reply_id).scalar_subquery()
    earlier = sa.delete(ReplyVersion).where(
        ReplyVersion.by_id == user.id, ReplyVersion.number < current
    )
    db.session.execute(earlier, execution_options={"synchronize_session": False})


def _replace_mentions(user: User) -> None:
    """Replace `@handle` in every version of every post, by the handles that they had."""
    known = sa.select(Mention.handle).where(Mention.user_id == user.id)
    handles = {user.handle, *db.session.scalars(known)}
    named = sa.or_(
        *(ReplyVersion.body.ilike(like_pattern(f"@{handle}"), escape="\\") for handle in handles)
    )
    for version in db.session.scalars(sa.select(ReplyVersion).where(named)):
        version.body = markdown.replace_mentions(version.body, handles, NOBODY)
    db.session.flush()
