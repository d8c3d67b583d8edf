"""Who can be given something to do at an event, and whom a host means by a handle or a name."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts import distances
from ..accounts.models import User
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import helping
from .answering import person_called
from .audience import hosts_of
from .models import GOING, Event, Rsvp

#: So many are proposed where somebody is named; the others are found by handle or name all the
#: same.
PROPOSED = 100


def called(event: Event, words: str, by: User, now: User | None = None) -> User:
    """The person with this handle or name, who comes or runs the event; `now` has it already.

    Raises RuleBroken at `who`.
    """
    user = person_called(event, words)
    if now is not None and user.id == now.id:
        return user
    if (
        not user.is_active
        or not helping.may_help(user, event)
        or distances.has_blocked(user, by=by)
    ):
        raise RuleBroken(
            _("Choose somebody who is going with an account of their own, or a host."), "who"
        )
    return user


def proposed(event: Event) -> list[tuple[str, str]]:
    """Handles and names of the hosts and of those who are going, by name."""
    going: Any = sa.select(Rsvp.user_id).where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    wanted = sa.select(User.handle, User.first_name, User.last_name).where(
        User.deactivated_at.is_(None)
    )
    hosts: Sequence[Any] = [host.id for host in hosts_of(event)]
    wanted = wanted.where(sa.or_(User.id.in_(going), User.id.in_(hosts))).order_by(
        User.first_name, User.last_name, User.id
    )
    return [
        (f"@{row.handle}", f"{row.first_name} {row.last_name}")
        for row in db.session.execute(wanted.limit(PROPOSED))
    ]
