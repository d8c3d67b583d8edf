"""Who may listen to a vote: those for whom it exists. A signal says that something happened, never what."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..core import live
from ..core.extensions import db
from .access import visible_to
from .models import Vote


@live.topic("vote")
def may_watch(user: Any, vote_id: UUID) -> bool:
    """Whether `user` may see the vote with this id."""
    return db.session.scalar(sa.select(Vote.id).join(Vote.group).where(Vote.id == vote_id, visible_to(user))) is not None
