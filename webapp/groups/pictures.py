"""A group's picture: on its page, in lists, and beside links to it."""

from uuid import UUID

from ..accounts.models import User
from ..core import audit, live, pictures
from ..core.database import locked
from ..core.extensions import db
from .models import Group


def put(group: Group, by: User, content: bytes) -> None:
    """The group has this picture, and the one of before is gone.

    Raises RuleBroken for what is none.
    """
    new = pictures.keep(pictures.COVER, content)
    _set(group, by, new)


def remove(group: Group, by: User) -> None:
    """The group has no picture; its drawn landscape stands in its place."""
    _set(group, by, None)


def _set(group: Group, by: User, picture: UUID | None) -> None:
    group = locked(Group, group.id)
    pictures.drop(pictures.COVER, group.picture)
    group.picture = picture
    audit.record("group.pictured", by=by, subject=group)
    live.signal(f"group:{group.id}:page")
    db.session.flush()
