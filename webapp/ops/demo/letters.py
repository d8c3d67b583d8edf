"""What hosts have written to those who come, and whom they have invited."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from ...attendance import inviting as event_inviting
from ...attendance import messages
from ...attendance.attendee_filter import Wanted
from ...core import clock
from ...core.extensions import db
from ...events.models import EventInvitation, EventNews
from ...notifications.models import Notification
from . import people
from .gatherings import Events, tell

WORDS = (
    "Two things before Friday:\n\n"
    "- **Dry bags**: one each, and nothing else. What does not fit stays in the car at Pipiriki.\n"
    "- We are welcomed onto the first marae at *four*, so we are on the water by half past eight.\n\n"
    "Tell me what you do not eat, if you have not."
)
WORD = "You asked about the river: this is the trip. Come if you can swim; the rest we show you."
STRANGERS = ("wren.attwood", "pavel.novak", "amara.diallo")
#: Long enough ago that those who answered late have not got it.
SINCE = timedelta(days=1, hours=4)


def create(events: Events) -> None:
    """The host of the three days on the river has written, and invited some."""
    event = events["paddle"]
    db.session.flush()
    messages.announce(
        event,
        event.owner,
        "Dry bags, and half past eight",
        WORDS,
        Wanted(("going", "maybe")),
        is_answered=True,
    )
    event_inviting.invite(
        event, event.owner, [f"{name}@{people.DOMAIN}" for name in STRANGERS], WORD
    )
    event_inviting.invite_members(event, event.owner)
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
