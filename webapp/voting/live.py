"""Who may listen to a vote: those for whom it exists. A signal says that something happened, never what."""

from typing import Any
from uuid import UUID

from ..core import live
from . import reads


@live.topic("vote")
def may_watch(user: Any, vote_id: UUID) -> bool:
    """Whether `user` may see the vote with this id."""
    return reads.exists_for(user, vote_id)
