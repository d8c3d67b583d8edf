"""Planning: draft, publish, change, cancel, delete and restore events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import hooks
from ..core.db.base import new_id
from ..core.db.session import FOR_CHANGES, POPULATE_EXISTING, locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock, time_zones
from ..groups import access as group_access
from ..groups.models import OPEN, Group
from . import change_notices, event_input, notices
from .audience import answer_count
from .comments import EventContainer
from .event_input import COPIED, EventInput, is_so, write
from .models import (
    CANCELLED,
    DRAFT,
    GROUP,
    LINK,
    PUBLISHED,
    RESTORABLE,
    Event,
    Rsvp,
    change_notice as kinds,
)
from .status import (
    uncancellable_because,
    unchangeable_because,
    undeletable_because,
    unresumable_because,
)


def create(plan: EventInput, by: User, group: Group | None = None, id: UUID | None = None) -> Event:
    """Create a draft owned by `by`, in the group or without one; only hosts see it.

    A link-only event gets a slug that can't be guessed. Raises UserError if they can't create
    events in the group.
    """
    if group is not None and not group_access.can(by, "group:create_event", group):
        raise UserError(
            _("Your role in %(group)s doesn’t let you create events.", group=group.name)
        )
    slug = event_input.new_slug(plan.title, plan.audience, group)
    event = Event(
        id=id or new_id(),
        owner_id=by.id,
        group_id=group.id if group else None,
        slug=slug,
        state=DRAFT,
    )
    event.group = group
    write(event, plan)
    db.session.add(event)
    db.session.flush()
    return event


def update(
    event: Event,
    plan: EventInput,
    by: User,
    version: int,
    tell_people: bool = True,
    moves_whole: bool = False,
) -> Event:
    """Change the event to the plan, and notify people who answered of a new time or place, if
    `tell_people`.

    If it is now for members only, outsiders lose their answers and are notified. `moves_whole`: the
    agenda moves along even if the length changes. Raises Conflict if someone else has changed it
    since `version`, to something else.
    """
    event = hold_changeable(event)
    if event.version != version and is_so(event, plan):
        return event
    if event.version != version:
        raise Conflict(
            _(
                "Someone else has changed this event since you opened it. Check it, then make your "
                "change again."
            )
        )
    hooks.event_changing(event=event, plan=plan)
    before, starts_before = change_notices.schedule_of(event), event.starts_at
    seats_before, audience_before = _seats(event), event.audience
    was, zone_before = (event.starts_wall, event.ends_wall), event.zone
    write(event, plan)
    _move_along(event, was, zone_before, moves_whole)
    EventContainer(event).rename()
    event.version += 1
    _is_for_others(event, audience_before)
    if event.is_published and _seats(event) != seats_before:
        _end_offers_with_answers(event)
        hooks.event_reopened(event=event, new_seats=True)
    if event.starts_at != starts_before:
        event.rescheduled_at = clock.now()
    if tell_people and event.is_published and change_notices.changes_since(before, event):
        change_notices.send_change(event, before, by)
    notices.signal_details(event)
    return event


def _move_along(
    event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool
) -> None:
    """Move the agenda and shifts along to another time or zone."""
    if (*was, zone_before) != (event.starts_wall, event.ends_wall, event.zone):
        hooks.event_moved(event=event, was=was, zone_before=zone_before, whole=whole)


def _seats(event: Event) -> tuple[int | None, str, datetime | None]:
    """The settings that decide who has a seat."""
    return event.capacity, event.promotion, event.deadline


def _is_for_others(event: Event, before: str) -> None:
    """Apply a new audience: a link-only event gets a secret slug; a members-only event loses
    outsiders.
    """
    if event.audience == LINK != before:
        event_input.renew_slug(event)
    if event.audience == GROUP != before:
        hooks.event_closed(event=event)


def _end_offers_with_answers(event: Event) -> None:
    """End offers no later than the deadline."""
    late = sa.update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.offered_until > event.deadline)
    db.session.execute(
        late.values(offered_until=event.deadline),
        execution_options={"synchronize_session": "fetch"},
    )


def publish(event: Event, by: User) -> bool:
    """Publish the event, and notify the group's members the first time.

    False if it was published already.
    """
    event = locked(Event, event.id)
    if event.is_published:
        return False
    require_changeable(event)
    if event.starts_at <= clock.now():
        raise UserError(_("The start is in the past. Enter a later start first."), field="starts")
    event.state = PUBLISHED
    event.version += 1
    if event.published_at is None:
        event.published_at = clock.now()
        if event.group is not None:
            change_notices.send(event, kinds.PUBLISHED, by)
    audit.record("event.published", by=by, subject=event)
    notices.signal_details(event)
    return True


def unpublish(event: Event, by: User) -> bool:
    """Make the event a draft again, which only hosts see.

    False if it was one already. Raises UserError once someone has answered.
    """
    event = hold_changeable(event)
    if event.is_draft:
        return False
    if event.starts_at <= clock.now():
        raise UserError(_("It has started, so it can’t be changed back to a draft."))
    if answer_count(event):
        raise UserError(
            _("People have answered. If it won’t take place, cancel it, so that we can tell them.")
        )
    event.state = DRAFT
    event.version += 1
    audit.record("event.unpublished", by=by, subject=event)
    notices.signal_details(event)
    return True


def cancel(event: Event, by: User, reason: str) -> bool:
    """Cancel the event, and notify everyone who answered of the reason.

    False if it was already cancelled for this reason. Raises Conflict if it was cancelled for
    another, and UserError without a reason.
    """
    event = locked(Event, event.id)
    if event.is_cancelled and event.cancelled_reason == reason:
        return False
    if event.is_cancelled:
        raise Conflict(_("This event has already been cancelled. Your reason wasn’t saved."))
    require_there(event)
    refusal = uncancellable_because(event)
    if refusal:
        raise UserError(refusal)
    if not reason:
        raise UserError(_("Enter a reason. Everyone who answered can read it."), "reason")
    event.state, event.cancelled_reason = CANCELLED, reason
    event.version += 1
    change_notices.stop(event, kinds.RESUMED, kinds.CHANGED)
    change_notices.send(event, kinds.CANCELLED, by)
    audit.record("event.cancelled", by=by, subject=event)
    notices.signal_details(event)
    return True


def lock(event: Event, by: User) -> bool:
    """Lock the event and its answers against changes.

    False if it was locked already.
    """
    event = locked(Event, event.id)
    if event.locked_at is not None:
        return False
    require_changeable(event)
    event.locked_at = clock.now()
    audit.record("event.locked", by=by, subject=event)
    notices.signal_details(event)
    return True


def unlock(event: Event, by: User) -> bool:
    """Unlock the event and its answers. False if it wasn't locked."""
    event = locked(Event, event.id)
    if event.locked_at is None:
        return False
    event.locked_at = None
    hooks.event_reopened(event=event, new_seats=True)
    audit.record("event.unlocked", by=by, subject=event)
    notices.signal_details(event)
    return True


def delete(event: Event, by: User) -> bool:
    """Delete the event; hosts can restore it for 30 days. False if it was deleted already.

    Raises UserError while people count on it: it must be cancelled first, so that they are
    notified.
    """
    event = locked(Event, event.id)
    if event.deleted_at is not None:
        return False
    refusal = undeletable_because(event, answer_count(event) > 0)
    if refusal:
        raise UserError(refusal)
    event.deleted_at = clock.now()
    audit.record("event.deleted", by=by, subject=event)
    notices.signal_details(event)
    return True


def restore(event: Event, by: User) -> bool:
    """Restore the event. False if it wasn't deleted. Raises UserError after 30 days."""
    event = locked(Event, event.id)
    if event.deleted_at is None:
        return False
    if clock.now() > restorable_until(event):
        raise UserError(_("This event can no longer be restored."))
    event.deleted_at = None
    hooks.event_reopened(event=event, new_seats=False)
    audit.record("event.restored", by=by, subject=event)
    notices.signal_details(event)
    return True


def restorable_until(event: Event) -> datetime:
    """Return until when a deleted event can be restored."""
    return (event.deleted_at or clock.now()) + RESTORABLE


def hold_changeable(event: Event) -> Event:
    """Lock the event for a change.

    Raises UserError if it can no longer change.
    """
    event = locked(Event, event.id)
    require_changeable(event)
    return event


def require_changeable(event: Event) -> None:
    """Raises UserError if the event, which the caller has locked, can no longer change."""
    require_there(event)
    refusal = unchangeable_because(event)
    if refusal:
        raise UserError(refusal)


def require_there(event: Event) -> None:
    """Raises Conflict if the event is deleted."""
    if event.deleted_at is not None:
        raise Conflict(_("This event is deleted. Its hosts can restore it."))


def locked_in_order(*which: sa.ColumnElement[bool]) -> Sequence[Event]:
    """Lock the events and reload them, always in the same order, so that two callers can't
    deadlock.

    Lock all, not only those with an answer: one that is just being given would be missed.
    """
    chosen = sa.select(Event).where(*which).order_by(Event.id)
    chosen = chosen.with_for_update(of=Event, **FOR_CHANGES)
    return db.session.scalars(chosen, execution_options=POPULATE_EXISTING).all()


def resume(event: Event, by: User) -> bool:
    """Undo a cancellation, with seats and waiting list as before, and notify everyone who answered.

    False if it isn't cancelled. Raises UserError once it should have started.
    """
    event = locked(Event, event.id)
    if not event.is_cancelled:
        return False
    require_there(event)
    refusal = unresumable_because(event)
    if refusal:
        raise UserError(refusal)
    event.state, event.cancelled_reason = PUBLISHED, ""
    event.version += 1
    event.rescheduled_at = clock.now()  # the notice replaces reminders that were due before
    change_notices.stop(event, kinds.CANCELLED)
    change_notices.send(event, kinds.RESUMED, by)
    change_notices.send_change_again(event, by)
    hooks.event_resumed(event=event)
    audit.record("event.resumed", by=by, subject=event)
    notices.signal_details(event)
    return True


def duplicate(event: Event, by: User, id: UUID | None = None) -> Event:
    """Copy the event, without answers, to a draft a week later in local time.

    A time that doesn't exist there moves.
    """
    until = time_zones.wall(event.rsvp_deadline, event.zone) if event.rsvp_deadline else None
    starts, ends = _both_later(event)
    plan = EventInput(
        **{name: getattr(event, name) for name in COPIED},
        starts=starts,
        ends=ends,
        rsvp_deadline=_week_later(until, event) if until else None,
        starts_fold=0,
        ends_fold=0,
    )
    if event.group is not None and event.group.visibility != OPEN:
        plan.audience = GROUP
    copy = create(plan, by, event.group, id)
    hooks.event_copied(event=event, copy=copy)
    return copy


def _both_later(event: Event) -> tuple[datetime, datetime]:
    """Return both ends by local time.

    If clocks change in between and the end would come first, keep the length.
    """
    starts = _week_later(event.starts_wall, event)
    ends = _week_later(event.ends_wall, event, starts - event.starts_wall)
    return starts, ends if starts < ends else starts + (event.ends_at - event.starts_at)


def _week_later(wall: datetime, event: Event, later: timedelta = timedelta(days=7)) -> datetime:
    return wall + later if event.is_all_day else time_zones.existing(wall + later, event.zone)
