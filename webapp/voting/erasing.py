"""What is erased from votes with an account.

Ballots and roll entries stay, without a name, so that results can be recounted.
"""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..core.jobs.fan_out import FanOut
from .models import Ballot, Invitee


def erase(user: User) -> None:
    """Delete their reasons and invitations, and detach them from invitations and fan-outs they
    caused.
    """
    db.session.execute(
        sa.update(Ballot).where(Ballot.user_id == user.id, Ballot.reason != "").values(reason="")
    )
    db.session.execute(sa.delete(Invitee).where(Invitee.user_id == user.id))
    for model in (Invitee, FanOut):
        db.session.execute(sa.update(model).where(model.by_id == user.id).values(by_id=None))
