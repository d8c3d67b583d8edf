"""How many wait in a group, as subqueries that the overview puts into one statement."""

from typing import Any

import sqlalchemy as sa

from ..accounts import blocks
from ..accounts.models import User
from ..core.time import clock
from .models import Group, JoinRequest, OwnershipOffer


def requests(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Requests to join that nobody has answered or ignored."""
    return _of(JoinRequest, group, *requests_waiting())


def requests_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions on JoinRequest for what someone has to answer: whoever is leaving the site
    waits for nothing.
    """
    here = sa.exists().where(User.id == JoinRequest.user_id, User.deactivated_at.is_(None))
    return JoinRequest.ignored_at.is_(None), JoinRequest.declined_at.is_(None), here


def offers(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Offers of ownership that stand unanswered."""
    return _of(OwnershipOffer, group, OwnershipOffer.expires_at > clock.now())


def offers_to(group: Group, user: Any) -> sa.ScalarSelect[int]:
    """Whether `user` themselves may accept ownership: 1 or 0; nothing of what those offer whom
    they have blocked.
    """
    near = ~blocks.blockers_of(OwnershipOffer.by_id, user.id)
    return _of(
        OwnershipOffer,
        group,
        OwnershipOffer.expires_at > clock.now(),
        OwnershipOffer.user_id == user.id,
        near,
    )


def _of(model: Any, group: Group, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    found = (
        sa.select(sa.func.count()).select_from(model).where(model.group_id == group.id, *conditions)
    )
    return found.scalar_subquery()
