"""Erase a person's events.

That someone attended a past event stays, without a name: the seats were taken.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..conversation import removals
from ..core import hooks
from ..core.extensions import db
from ..core.storage import pictures
from ..notifications import inbox
from ..notifications.models import Notification
from . import hosts, planning
from .event_input import renew_search_text
from .models import (
    DRAFT,
    CalendarFeed,
    Event,
    EventHost,
    EventInvitation,
    EventNotice,
    EventOption,
    EventQuestion,
    EventSlug,
    Rsvp,
    WaitlistStep,
)
from .models.change_notice import CHANGED, MESSAGE, WRITTEN
from .models.event import HOST_TEXTS
from .planning import locked_in_order

#: Title of past events whose host has left the site.
UNTITLED = "Event of a former member"


def untitled() -> dict[str, Any]:
    """Return column values, as SQL, that replace title, slug and search text of such an event."""
    name = sa.func.replace(sa.cast(Event.id, sa.String), "-", "")
    return {"title": UNTITLED, "slug": sa.literal("event-") + name, "search_text": ""}


def past_without_host(now: datetime) -> sa.ColumnElement[bool]:
    """The condition on Event that it is over, its owner was erased, and it still has its
    old title.
    """
    erased = sa.exists().where(User.id == Event.owner_id, User.erased_at.is_not(None))
    return sa.and_(Event.group_id.is_(None), Event.ends_at < now, Event.title != UNTITLED, erased)


def erase(user: User) -> None:
    """Erase what `user` hosted, wrote and subscribed to; delete or pass on their events.

    Delete messages, host roles, calendar links, comments outside groups, and events that only
    `user` hosted; subscribers delete pictures and files. `attendance.erasing` erases answers. A
    group's events stay with its leaders. Elsewhere, a future event keeps its title until its
    planned end, for people notified of the cancellation (`past_without_host`). Of all others only
    the fact remains that something took place.
    """
    for event in locked_in_order(Event.owner_id == user.id, Event.group_id.is_(None)):
        _part_from(event, user)
    hooks.events_erased(user=user)
    _forget_words(user)
    begun = Event.thread_id.is_not(None)
    removals.forget(user, sa.select(Event.thread_id).where(Event.group_id.is_(None), begun))
    for model in (CalendarFeed, EventHost):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    hosts.left_site(user)


def _forget_words(user: User) -> None:
    """Delete what `user` wrote to many people, also from inboxes, and invitations from and to them.

    Notices that the site wrote stay, without an author.
    """
    mine = EventNotice.by_id == user.id
    for notice in db.session.scalars(
        sa.select(EventNotice).where(mine, EventNotice.kind == MESSAGE)
    ):
        is_subject = Notification.params["subject"].as_string() == notice.subject
        inbox.forget(f"event:{notice.event_id}", Notification.kind == "event.written", is_subject)
    theirs = sa.or_(
        EventInvitation.by_id == user.id,
        EventInvitation.user_id == user.id,
        EventInvitation.email == user.email,
    )
    db.session.execute(sa.delete(EventInvitation).where(theirs))
    db.session.execute(sa.delete(EventNotice).where(mine, EventNotice.kind.in_(WRITTEN)))
    db.session.execute(sa.update(EventNotice).where(mine).values(by_id=None, subject="", body=""))


def _part_from(event: Event, user: User) -> None:
    others = _other_hosts(event, user)
    if others:
        event.owner_id = others[0]
        db.session.execute(
            sa.delete(EventHost).where(
                EventHost.event_id == event.id, EventHost.user_id == others[0]
            )
        )
        return
    if event.state == DRAFT:
        db.session.delete(event)
        db.session.flush()
        return
    is_told = event.is_published and not event.is_finished and event.deleted_at is None
    event.cancelled_reason = ""
    inbox.forget(f"event:{event.id}")
    if is_told:
        event.locked_at = None
        planning.cancel(event, user, _("Its host has left the site."))
    db.session.execute(
        sa.delete(EventNotice).where(EventNotice.event_id == event.id, EventNotice.kind == CHANGED)
    )  # its text says where the event was
    for name in (*HOST_TEXTS, "online_url"):
        setattr(event, name, "")
    pictures.drop(pictures.COVER, event.picture)
    event.picture = None
    steps = sa.update(WaitlistStep).where(WaitlistStep.event_id == event.id)
    db.session.execute(steps.values(session_id=None, full=""))
    answered = sa.update(Rsvp).where(Rsvp.event_id == event.id)
    db.session.execute(
        answered.values(answers=[], decline_message="")
    )  # an answer contains its question
    _forget_plan(event)
    if event.thread is not None:
        event.thread.title = UNTITLED
    db.session.flush()
    if not is_told:
        db.session.execute(sa.update(Event).where(Event.id == event.id).values(untitled()))


def _forget_plan(event: Event) -> None:
    """Delete the plan, the questions and earlier slugs."""
    event.has_registration_form = False
    hooks.event_emptied(event=event)
    for model in (EventOption, EventQuestion, EventSlug):
        db.session.execute(sa.delete(model).where(model.event_id == event.id))
    renew_search_text(event)


def _other_hosts(event: Event, user: User) -> Sequence[UUID]:
    active = (
        sa.select(EventHost.user_id)
        .join(User, User.id == EventHost.user_id)
        .where(User.deactivated_at.is_(None))
    )
    mine = active.where(EventHost.event_id == event.id, EventHost.user_id != user.id)
    return db.session.scalars(mine.order_by(EventHost.created_at, EventHost.id)).all()
