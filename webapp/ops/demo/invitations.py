"""Invitations to groups and events, some answered, and invitation links."""

from collections.abc import Sequence

import sqlalchemy as sa

from ...attendance import inviting as event_inviting, messages
from ...attendance.attendee_filter import AttendeeFilter
from ...core.extensions import db
from ...invitations import accepting, invite_links, inviting, notifications
from ...invitations.inviting import Invited
from ...invitations.models import GroupInvitation
from . import people, texts, world
from .events import Events
from .groups import Groups, owner_of
from .people import Cast

TEXTS = texts.load("invitations")

#: When the event's people were written to: after it had filled.
WRITTEN = {"days": 1, "hours": 4}


def create(cast: Cast, made: Groups) -> None:
    """Invite people to groups, two days ago, of whom some have answered."""
    with world.at(world.ago(days=2, hours=3)):
        for key, sent in TEXTS["emails"].items():
            addresses = _addresses(sent["names"])
            inviting.invite(
                made[key], owner_of(made[key]), Invited(addresses, sent["role"], sent["words"])
            )
        for key, links in TEXTS["links"].items():
            for link in links:
                invite_links.make_link(made[key], owner_of(made[key]), **link)
        _tell()
    declined, paused = map(_to, _addresses([TEXTS["declined"], TEXTS["paused"]]))
    accepting.decline(declined, by=cast[people.ADMIN])
    invite_links.pause(paused, by=paused.by)


def _addresses(names: Sequence[str]) -> list[str]:
    return [f"{name}@{people.DOMAIN}" for name in names]


def _tell() -> None:
    """Notify invited people who have an account, as delivering the email would."""
    for one in db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email.is_not(None))
    ).all():
        notifications.sent(one.email or "", one.by.locale, str(one.id))


def _to(address: str) -> GroupInvitation:
    return db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email == address)
    ).one()


def create_event_invitations(events: Events) -> None:
    """Send a message to the river event's attendees, and invite people to it."""
    event, said = events["paddle"], TEXTS["event"]
    with world.at(world.ago(**WRITTEN)):
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
