"""Erase a person's answers.

That someone attended stays, without a name: the seats were taken.
"""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.extensions import db
from ..events.models import ASKED, MAYBE, NOT_GOING, REFUSED, Rsvp
from . import feedback
from .models import CheckInEvent, Feedback, HostMessage


def erase(user: User) -> None:
    """Delete answers that hold no seat, messages and feedback, and clear the details of other
    answers.
    """
    db.session.execute(sa.delete(HostMessage).where(HostMessage.user_id == user.id))
    empty = Rsvp.state.in_((MAYBE, NOT_GOING, ASKED, REFUSED))
    db.session.execute(sa.delete(Rsvp).where(Rsvp.user_id == user.id, empty))
    db.session.execute(
        sa.update(Rsvp).where(Rsvp.user_id == user.id).values(answers=[], decline_message="")
    )
    db.session.execute(sa.delete(Feedback).where(feedback.is_of(user)))
    db.session.execute(
        sa.update(CheckInEvent).where(CheckInEvent.by_id == user.id).values(by_id=None)
    )
