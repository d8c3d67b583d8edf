"""Hiding a thread's title together with its opening: in lists, on pages, in emails and inboxes.

Its author and moderators still see it. For others it is removed from inbox lines, and later
restored.
"""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.extensions import db
from ..core.time import clock
from ..groups import access as groups
from ..groups.models import Group, Membership
from ..notifications.models import Notification
from ..notifications.notification_types import NOTIFICATION_TYPES
from .access import MODERATE
from .following import scope_of
from .models import Thread


def sees(user: Any, group: Group | None, row: Any) -> bool:
    """Whether `user` may see the title of the thread, or of a row with its columns."""
    if row.title_hidden_at is None or row.author_id == user.id:
        return True
    return group is not None and groups.can(user, MODERATE, group)


def shown(user: Any, group: Group | None, row: Any) -> str:
    """Return the thread's title for `user`."""
    return row.title if sees(user, group, row) else _("Hidden by a moderator")


def inbox_title(user: User, thread: Thread) -> str:
    """Return the title for inbox lines; "" if it is hidden."""
    return thread.title if sees(user, thread.group, thread) else ""


def hide(thread: Thread) -> None:
    """Hide the title from everyone but the author and moderators.

    The caller has locked the thread.
    """
    if thread.title_hidden_at is None:
        thread.title_hidden_at = clock.now()
        _say(thread, "")


def show(thread: Thread) -> None:
    """Show the title again. The caller has locked the thread."""
    if thread.title_hidden_at is not None:
        thread.title_hidden_at = None
        _say(thread, thread.title)


def _say(thread: Thread, title: str) -> None:
    """Rewrite inbox lines about the thread for people from whom the title is hidden."""
    query = sa.select(Membership.user_id).where(
        Membership.group_id == thread.group_id, Membership.user_id != thread.author_id
    )
    others = query.where(Membership.role.not_in(groups.ACTIONS[MODERATE]))
    lines = sa.select(Notification).where(
        Notification.user_id.in_(others), Notification.created_at >= thread.created_at
    )
    for line in db.session.scalars(lines.where(Notification.scope == scope_of(thread.id))):
        if line.params and "title" in line.params:
            line.params = {**line.params, "title": title}
            says = NOTIFICATION_TYPES[line.kind].says
            line.label = says(**line.params)[:300] if says is not None else line.label
