"""What hosts have written to those who come, and whom they have invited."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from ...core import clock
from ...core.extensions import db
from ...events import circulars, inviting
from ...events.attendance import Wanted
from ...events.models import EventInvitation, EventNews
from ...notifications.models import Notification
from . import people
from .gatherings import Events, tell

WORDS = (
    "Two things before Saturday:\n\n"
    "- **Labels**: name and year on every bag, please. Last time we swapped three kinds of *something green*.\n"
    "- The door on the yard side is open from ten, so that nobody carries pots up the stairs.\n\n"
    "There is soup. Bring a bowl."
)
WORD = "You asked about the next swap: here it is. Come early, the beans go first."
STRANGERS = ("wren.attwood", "pavel.novak", "amara.diallo")
#: Long enough ago that those who answered late have not got it.
SINCE = timedelta(days=1, hours=4)


def create(events: Events) -> None:
    """The hosts of the seed swap have written, and invited some."""
    event = events["seeds"]
    db.session.flush()
    circulars.send(event, event.owner, "Labels, the yard door, and soup", WORDS, Wanted(("going", "maybe")), is_answered=True)
    inviting.invite(event, event.owner, [f"{name}@{people.DOMAIN}" for name in STRANGERS], WORD)
    inviting.invite_members(event, event.owner)
    tell()
    _since(clock.now() - SINCE)


def _since(moment: datetime) -> None:
    """It was said then, and reached people then."""
    written = EventNews.kind.in_(("message", "invited", "members"))
    values = {"created_at": moment, "due_at": moment, "begun_at": moment, "ended_at": moment}
    db.session.execute(sa.update(EventNews).where(written).values(values))
    db.session.execute(sa.update(EventInvitation).values(created_at=moment, sent_at=moment))
    lines = sa.update(Notification).where(Notification.kind.in_(("event.written", "event.invited")))
    db.session.execute(lines.values(created_at=moment))
