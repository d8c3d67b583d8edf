"""Who has been invited: some have come, some have not answered, one is a person of the demo, and
there are links.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from ...attendance import inviting as event_inviting
from ...attendance import messages
from ...attendance.attendee_filter import Wanted
from ...core.extensions import db
from ...core.time import clock
from ...events.models import EventInvitation, EventNews
from ...groups import reads
from ...groups.models import MEMBER, MODERATOR, OWNER
from ...invitations import accepting, emails, invite_links, inviting
from ...invitations.inviting import Invited
from ...invitations.models import GroupInvitation
from ...notifications.models import Notification
from . import people
from .events import Events, tell
from .groups import Groups
from .people import Cast

WORD = "We plant the bank below the bridge this autumn. Come and see whether it suits you."
#: by mail: group -> role, words, addresses
MAILED = {
    "river": (MEMBER, WORD, ["moana.tipene", "callum.reid", "ines.carvalho", "tama.walker"]),
    "cooperative": (
        MEMBER,
        "You asked about the yard: the assembly talks about it this month.",
        ["yuki-hasegawa"],
    ),
}
#: by link: group -> what it is called, role, how long, for how many
LINKS = {
    "river": [
        ("The poster in the library", MEMBER, "month", None),
        ("Helpers of the planting day", MODERATOR, "week", 5),
    ],
}


def create(cast: Cast, made: Groups) -> None:
    """The invitations stand, some of them since some days."""
    for key, (role, words, names) in MAILED.items():
        owner = reads.members(made[key], OWNER)[0]
        inviting.invite(
            made[key], owner, Invited([f"{name}@{people.DOMAIN}" for name in names], role, words)
        )
    for key, links in LINKS.items():
        owner = reads.members(made[key], OWNER)[0]
        for label, role, life, most in links:
            invite_links.make_link(made[key], owner, role, life, most, label)
    _tell()
    _answered(cast)
    _since()


def _tell() -> None:
    """Those with an account have a line in the inbox, as they have once the email is delivered:
    the demo's never is.
    """
    for one in db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email.is_not(None))
    ).all():
        emails.sent(one.email or "", one.by.locale, str(one.id))


def _answered(cast: Cast) -> None:
    """One has declined, one mail is paused."""
    declined, paused = (_to(f"{name}@{people.DOMAIN}") for name in ("tama.walker", "callum.reid"))
    accepting.decline(declined, by=cast[people.ADMIN])
    invite_links.pause(paused, by=paused.by)


def _to(address: str) -> GroupInvitation:
    return db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email == address)
    ).one()


def _since() -> None:
    """They were sent two days ago, and reached people then."""
    since = clock.now() - timedelta(days=2, hours=3)
    db.session.flush()
    db.session.execute(sa.update(GroupInvitation).values(created_at=since))
    db.session.execute(
        sa.update(GroupInvitation).where(GroupInvitation.sent_at.is_not(None)).values(sent_at=since)
    )
    db.session.execute(
        sa.update(Notification)
        .where(Notification.kind == "invitation.arrived")
        .values(created_at=since)
    )


WORDS = (
    "Two things before Friday:\n\n"
    "- **Dry bags**: one each, and nothing else. What does not fit stays in the car at Pipiriki.\n"
    "- We are welcomed onto the first marae at *four*, so we are on the water by half past "
    "eight.\n\n"
    "Tell me what you do not eat, if you have not."
)
EVENT_WORD = (
    "You asked about the river: this is the trip. Come if you can swim; the rest we show you."
)
STRANGERS = ("wren.attwood", "pavel.novak", "amara.diallo")
#: Long enough ago that those who answered late have not got it.
SINCE = timedelta(days=1, hours=4)


def create_event_invitations(events: Events) -> None:
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
        event, event.owner, [f"{name}@{people.DOMAIN}" for name in STRANGERS], EVENT_WORD
    )
    event_inviting.invite_members(event, event.owner)
    tell()
    _event_invited_since(clock.now() - SINCE)


def _event_invited_since(moment: datetime) -> None:
    """It was said then, and reached people then."""
    written = EventNews.kind.in_(("message", "invited", "members"))
    values = {"created_at": moment, "due_at": moment, "begun_at": moment, "ended_at": moment}
    db.session.execute(sa.update(EventNews).where(written).values(values))
    db.session.execute(sa.update(EventInvitation).values(created_at=moment, sent_at=moment))
    lines = sa.update(Notification).where(Notification.kind.in_(("event.written", "event.invited")))
    db.session.execute(lines.values(created_at=moment))
