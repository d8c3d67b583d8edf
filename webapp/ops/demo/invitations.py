"""Invitations to groups and events, some answered, and invitation links."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from ...attendance import inviting as event_inviting, messages
from ...attendance.attendee_filter import AttendeeFilter
from ...core.extensions import db
from ...core.time import clock
from ...events.models import EventInvitation, EventNotice
from ...groups import reads
from ...groups.models import OWNER
from ...invitations import accepting, invite_links, inviting, notifications
from ...invitations.inviting import Invited
from ...invitations.models import GroupInvitation
from ...notifications.models import Notification
from . import past, people, texts
from .events import Events
from .groups import Groups
from .people import Cast

TEXTS = texts.load("invitations")


def create(cast: Cast, made: Groups) -> None:
    """Create the group invitations, sent two days ago."""
    for key, sent in TEXTS["emails"].items():
        owner = reads.members(made[key], OWNER)[0]
        addresses = _addresses(sent["names"])
        inviting.invite(made[key], owner, Invited(addresses, sent["role"], sent["words"]))
    for key, links in TEXTS["links"].items():
        owner = reads.members(made[key], OWNER)[0]
        for link in links:
            invite_links.make_link(made[key], owner, **link)
    _tell()
    _answered(cast)
    _since()


def _addresses(names: Sequence[str]) -> list[str]:
    return [f"{name}@{people.DOMAIN}" for name in names]


def _tell() -> None:
    """Notify invited people who have an account, as delivering the email would."""
    for one in db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email.is_not(None))
    ).all():
        notifications.sent(one.email or "", one.by.locale, str(one.id))


def _answered(cast: Cast) -> None:
    """Decline one invitation and pause another."""
    declined, paused = map(_to, _addresses([TEXTS["declined"], TEXTS["paused"]]))
    accepting.decline(declined, by=cast[people.ADMIN])
    invite_links.pause(paused, by=paused.by)


def _to(address: str) -> GroupInvitation:
    return db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email == address)
    ).one()


def _since() -> None:
    """Date the invitations and their notifications to two days ago."""
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


#: So early that people who answered late haven't got it.
SINCE = timedelta(days=1, hours=4)


def create_event_invitations(events: Events) -> None:
    """Send a message to the river event's attendees, and invite people to it."""
    event, said = events["paddle"], TEXTS["event"]
    db.session.flush()
    messages.announce(
        event,
        event.owner,
        said["subject"],
        said["message"],
        AttendeeFilter(("going", "maybe")),
        replies_to_sender=True,
    )
    event_inviting.invite(event, event.owner, _addresses(said["names"]), said["words"])
    event_inviting.invite_members(event, event.owner)
    past.fan_outs_run()
    _event_invited_since(clock.now() - SINCE)


def _event_invited_since(moment: datetime) -> None:
    """Date the message, the invitations and their notifications to that moment."""
    written = EventNotice.kind.in_(("message", "invited", "members"))
    past.notified_then(written, moment)
    db.session.execute(sa.update(EventInvitation).values(created_at=moment, sent_at=moment))
    lines = sa.update(Notification).where(Notification.kind.in_(("event.written", "event.invited")))
    db.session.execute(lines.values(created_at=moment))
