"""What pages show of people."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from ..accounts.models import User
from ..core.extensions import db
from ..groups.models import SECRET, Group, Membership
from .models import Profile


def profile_of(user: User) -> Profile:
    """What the person wrote, with their interests; an empty one where they have written nothing."""
    wanted = sa.select(Profile).options(selectinload(Profile.interests)).where(Profile.user_id == user.id)
    return db.session.scalar(wanted) or Profile(user_id=user.id, bio="", links=[], shows_groups=False, interests=[])


def groups_seen(person: User, reader: Any) -> list[Group]:
    """The groups of `person` that `reader` may know of them: those that are not secret, and those that both belong to."""
    wanted = sa.select(Group).join(Membership, Membership.group_id == Group.id).where(Membership.user_id == person.id)
    seen = Group.visibility != SECRET
    if reader.id is not None:
        seen = sa.or_(seen, Group.id.in_(sa.select(Membership.group_id).where(Membership.user_id == reader.id)))
    return list(db.session.scalars(wanted.where(Group.deleted_at.is_(None), seen).order_by(Group.name, Group.id)))
