"""Planning: an event is drafted, published, changed, cancelled, put away and brought back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import hooks
from ..core.db.session import POPULATE_EXISTING, locked, new_id
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
from .models import CANCELLED, DRAFT, GROUP, LINK, PUBLISHED, RESTORABLE, Event, Rsvp
from .models import change_notice as kinds
from .status import (
    uncancellable_because,
    unchangeable_because,
    undeletable_because,
    unresumable_because,
)


def create(plan: EventInput, by: User, group: Group | None = None, id: UUID | None = None) -> Event:
    """A draft of `by`'s, in the group or on its own, under this id where one is given; only hosts
    see it. One for anyone who has the link has an address that nobody guesses."""
    if group is not None and not group_access.can(by, "group:create_event", group):
        raise UserError(
            _("Your role in %(group)s doesn’t let you create events.", group=group.name)
        )
    slug = event_input.new_for(plan.title, plan.audience, group)
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
    """The event is as `plan` says; those who answered hear of another time or place, once, unless
    `tell_people` is false.

    Those from outside its group who answered lose their place, and hear of it, when it is for the
    group alone from now on. `moves_whole`: its agenda goes with it, also where its length changes.
    Raises Conflict when someone else has changed it since `version`, to something else.
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
        change_notices.ask_of_change(event, before, by)
    notices.planned(event)
    return event


def _move_along(
    event: Event, was: tuple[datetime, datetime], zone_before: str, whole: bool
) -> None:
    """What takes place at the event goes with it to another time, or other clocks."""
    if (*was, zone_before) != (event.starts_wall, event.ends_wall, event.zone):
        hooks.event_moved(event=event, was=was, zone_before=zone_before, whole=whole)


def _seats(event: Event) -> tuple[int | None, str, datetime | None]:
    """What decides who has a seat."""
    return event.capacity, event.promotion, event.deadline


def _is_for_others(event: Event, before: str) -> None:
    """What is for those with its link now has an address that nobody guesses; outsiders leave
    what is for the group alone.
    """
    if event.audience == LINK != before:
        event_input.renew(event)
    if event.audience == GROUP != before:
        hooks.event_closed(event=event)


def _end_offers_with_answers(event: Event) -> None:
    """No offer lasts longer than answers are taken."""
    late = sa.update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.offered_until > event.deadline)
    db.session.execute(
        late.values(offered_until=event.deadline),
        execution_options={"synchronize_session": "fetch"},
    )


def publish(event: Event, by: User) -> bool:
    """People may see and answer it; the group's members hear of it, the first time only.

    False when it was so already.
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
            change_notices.ask(event, kinds.PUBLISHED, by)
    audit.record("event.published", by=by, subject=event)
    notices.planned(event)
    return True


def unpublish(event: Event, by: User) -> bool:
    """It is a draft again, which only hosts see.

    False when it was one already; UserError once someone has answered.
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
    notices.planned(event)
    return True


def cancel(event: Event, by: User, reason: str) -> bool:
    """It will not take place; everyone who answered hears why. False when it was cancelled already,
    for this reason.

    Raises Conflict when it was cancelled for another one, and UserError without a reason.
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
    change_notices.ask(event, kinds.CANCELLED, by)
    audit.record("event.cancelled", by=by, subject=event)
    notices.planned(event)
    return True


def lock(event: Event, by: User) -> bool:
    """Nothing about the event changes any more, answers neither.

    False when it was locked already.
    """
    event = locked(Event, event.id)
    if event.locked_at is not None:
        return False
    require_changeable(event)
    event.locked_at = clock.now()
    audit.record("event.locked", by=by, subject=event)
    notices.planned(event)
    return True


def unlock(event: Event, by: User) -> bool:
    """The event and its answers may change again. False when it was not locked."""
    event = locked(Event, event.id)
    if event.locked_at is None:
        return False
    event.locked_at = None
    hooks.event_reopened(event=event, new_seats=True)
    audit.record("event.unlocked", by=by, subject=event)
    notices.planned(event)
    return True


def delete(event: Event, by: User) -> bool:
    """Nobody sees it any more; its hosts may bring it back for 30 days. False when it was deleted
    already.

    Raises UserError when people count on it: they are told by a cancellation, before that.
    """
    event = locked(Event, event.id)
    if event.deleted_at is not None:
        return False
    refusal = undeletable_because(event, answer_count(event) > 0)
    if refusal:
        raise UserError(refusal)
    event.deleted_at = clock.now()
    audit.record("event.deleted", by=by, subject=event)
    notices.planned(event)
    return True


def restore(event: Event, by: User) -> bool:
    """It is back as it was. False when it was back already; UserError after 30 days."""
    event = locked(Event, event.id)
    if event.deleted_at is None:
        return False
    if clock.now() > restorable_until(event):
        raise UserError(_("This event can no longer be restored."))
    event.deleted_at = None
    hooks.event_reopened(event=event, new_seats=False)
    audit.record("event.restored", by=by, subject=event)
    notices.planned(event)
    return True


def restorable_until(event: Event) -> datetime:
    """Until when a deleted event may be brought back."""
    return (event.deleted_at or clock.now()) + RESTORABLE


def hold_changeable(event: Event) -> Event:
    """The event under its lock, for the person who plans it.

    Raises UserError when it can no longer change.
    """
    event = locked(Event, event.id)
    require_changeable(event)
    return event


def require_changeable(event: Event) -> None:
    """Returns for an event, which the caller holds, that can still change."""
    require_there(event)
    refusal = unchangeable_because(event)
    if refusal:
        raise UserError(refusal)


def require_there(event: Event) -> None:
    """Returns for an event that nobody has put away."""
    if event.deleted_at is not None:
        raise Conflict(_("This event is deleted. Its hosts can restore it."))


def locked_in_order(*which: sa.ColumnElement[bool]) -> Sequence[Event]:
    """The events, fresh and under their locks, taken in one order by everyone: two who lock never
    wait for each other.

    All, not only those with an answer: one that is just being given would be missed.
    """
    chosen = sa.select(Event).where(*which).order_by(Event.id).with_for_update(of=Event)
    return db.session.scalars(chosen, execution_options=POPULATE_EXISTING).all()


def resume(event: Event, by: User) -> bool:
    """It takes place after all, with its seats and its waiting list as they were; everyone who
    answered hears so.

    False when it is not cancelled. Raises UserError from its start on.
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
    event.rescheduled_at = (
        clock.now()
    )  # who is told that it takes place needs no reminder that was due before
    change_notices.stop(event, kinds.CANCELLED)
    change_notices.ask(event, kinds.RESUMED, by)
    change_notices.ask_again_of_change(event, by)
    hooks.event_resumed(event=event)
    audit.record("event.resumed", by=by, subject=event)
    notices.planned(event)
    return True


def duplicate(event: Event, by: User, id: UUID | None = None) -> Event:
    """A new draft with everything but the answers, a week later by the wall clock, where a skipped
    hour gives way.

    It is under this id where one is given.
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
    """Both ends by the wall clock; where the clocks are put back in between, and the end would
    come first, it lasts as long.
    """
    starts = _week_later(event.starts_wall, event)
    ends = _week_later(event.ends_wall, event, starts - event.starts_wall)
    return starts, ends if starts < ends else starts + (event.ends_at - event.starts_at)


def _week_later(wall: datetime, event: Event, later: timedelta = timedelta(days=7)) -> datetime:
    return wall + later if event.is_all_day else time_zones.existing(wall + later, event.zone)
