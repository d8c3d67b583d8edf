"""What of votes is erased with a person.

Ballots and the roll stay, without a name: a result is counted again out of them.
"""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.jobs.fan_out import FanOut
from .models import Ballot, Invitee


def erase(user: User) -> None:
    """What they gave as their reasons is gone, and so is whom they invited, who invited them, and
    what they asked the site to do."""
    db.session.execute(
        sa.update(Ballot).where(Ballot.user_id == user.id, Ballot.reason != "").values(reason="")
    )
    db.session.execute(sa.delete(Invitee).where(Invitee.user_id == user.id))
    for model in (Invitee, FanOut):
        db.session.execute(sa.update(model).where(model.by_id == user.id).values(by_id=None))
