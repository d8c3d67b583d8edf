"""Who may listen to a conversation: members of its group.

Anyone who is removed from it hears nothing more.
"""

from typing import Any
from uuid import UUID

from ..core.extensions import db
from ..core.live import topic
from ..groups import access as groups
from ..groups.models import Group
from . import access
from .models import Thread


@topic("thread")
def may_watch_thread(user: Any, thread_id: UUID) -> bool:
    """Whether `user` may hear that something was written in the thread with this id."""
    thread = db.session.get(Thread, thread_id)
    return thread is not None and access.may_read(user, thread)


@topic("conversation")
def may_watch_list(user: Any, group_id: UUID) -> bool:
    """Whether `user` may hear that the threads of the group with this id have changed."""
    group = db.session.get(Group, group_id)
    return (
        group is not None and groups.may_see(user, group) and groups.can(user, access.READ, group)
    )
