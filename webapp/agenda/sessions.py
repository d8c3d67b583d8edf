"""The sessions of an event: adding, changing, moving, cancelling and removing them, and publishing
the agenda.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from ..accounts.models import User
from ..attendance import waitlist
from ..core.db.base import new_id
from ..core.db.session import one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock, time_zones
from ..core.time.time_zones import to_moment
from ..events import date_format, planning
from ..events.models import NOT_GOING, Event, WaitlistStep
from . import change_notices, clashes
from .models import AgendaSession, Booking, Room, Speaker, Track
from .rows import find, record_change

MOST = 1000
MOST_SPEAKERS = 30


@dataclass(frozen=True)
class SessionInput:
    """A session as hosts enter it. Wall times are in the event's zone."""

    title: str
    starts: datetime
    ends: datetime
    description: str = ""
    room_id: UUID | None = None
    track_id: UUID | None = None
    speaker_ids: Collection[UUID] = ()
    capacity: int | None = None
    starts_fold: int | None = None
    ends_fold: int | None = None


def with_id(event: Event, session_id: UUID) -> AgendaSession:
    """Return the event's session with this id, with everything its page needs. Raises NotFound."""
    query = sa.select(AgendaSession).where(
        AgendaSession.id == session_id, AgendaSession.event_id == event.id
    )
    with_all = (
        joinedload(AgendaSession.room),
        joinedload(AgendaSession.track),
        selectinload(AgendaSession.speakers),
    )
    return one_or_404(query.options(*with_all))


def add(event: Event, plan: SessionInput, by: User, id: UUID | None = None) -> AgendaSession:
    """Add a session.
    Raises UserError if it's outside the event's time, and UserErrors for clashes.
    """
    event = planning.hold_changeable(event)
    number = (
        sa.select(sa.func.count())
        .select_from(AgendaSession)
        .where(AgendaSession.event_id == event.id)
    )
    if (db.session.scalar(number) or 0) >= MOST:
        raise UserError(_("You can have up to 1,000 sessions."))
    session = AgendaSession(
        id=id or new_id(),
        event_id=event.id,
        event=event,
        seats_taken=0,
        waiting_count=0,
        last_position=0,
    )
    with db.session.no_autoflush:
        _write(session, plan)
    db.session.add(session)
    return record_change(event, session, by)


def change(
    event: Event, session: AgendaSession, plan: SessionInput, by: User, version: int | None = None
) -> AgendaSession:
    """Change the session, and notify people with a booking of a new time or room. Fewer seats take
    none from anyone.
    Raises Conflict if someone else changed it since `version`, to something else, UserError if it's
    cancelled or outside the event's time, and UserErrors for clashes.
    """
    event = planning.hold_changeable(event)
    session = fresh(session)
    if session.cancelled_at is not None:
        raise UserError(_("This session was cancelled."))
    if _is_so(session, plan):
        return session
    if version is not None and session.version != version:
        raise Conflict(
            _(
                "Someone else has changed this session since you opened it. Check it, then make "
                "your change again."
            )
        )
    before, seats = change_notices.schedule_of(session), (session.capacity, session.starts_at)
    with db.session.no_autoflush:
        _write(session, plan)
    session.version, session.changed_at = (session.version or 0) + 1, clock.now()
    if seats != (session.capacity, session.starts_at):
        end_offers_at_start(session)
        waitlist.capacity_changed(session)
    change_notices.send_change(event, session, before, by)
    return record_change(event, session, by)


def end_offers_at_start(session: AgendaSession) -> None:
    """Shorten offers so that they end when the session starts."""
    late = sa.update(Booking).where(
        Booking.session_id == session.id, Booking.offered_until > session.deadline
    )
    db.session.execute(
        late.values(offered_until=session.deadline),
        execution_options={"synchronize_session": "fetch"},
    )


def move(
    event: Event,
    session: AgendaSession,
    starts: datetime,
    room_id: UUID | None,
    by: User,
    fold: int | None = None,
    version: int | None = None,
) -> AgendaSession:
    """Move the session to another start and room. It keeps its length, even if clocks change
    meanwhile.
    """
    return change(event, session, _as_planned(session, starts, room_id, fold), by, version)


def _is_so(session: AgendaSession, plan: SessionInput) -> bool:
    """Whether the session already matches the plan, as when a form is sent twice."""
    now = _as_planned(session, session.starts_wall, session.room_id)
    folds = {
        name: getattr(now if getattr(plan, name) is None else plan, name)
        for name in ("starts_fold", "ends_fold")
    }
    planned = replace(plan, **folds, speaker_ids=set(plan.speaker_ids))
    return planned == replace(now, speaker_ids=set(now.speaker_ids))


def _as_planned(
    session: AgendaSession, starts: datetime, room_id: UUID | None, fold: int | None = None
) -> SessionInput:
    stays = fold is None and starts == session.starts_wall
    begins = session.starts_at if stays else to_moment(starts, session.zone, fold, "starts")
    ends = time_zones.in_zone(begins + (session.ends_at - session.starts_at), session.zone)
    return SessionInput(
        title=session.title,
        description=session.description,
        starts=starts,
        ends=ends.replace(tzinfo=None),
        starts_fold=time_zones.in_zone(begins, session.zone).fold,
        ends_fold=ends.fold,
        room_id=room_id,
        track_id=session.track_id,
        speaker_ids=[speaker.id for speaker in session.speakers],
        capacity=session.capacity,
    )


def cancel(event: Event, session: AgendaSession, by: User, reason: str = "") -> None:
    """Cancel the session: it stays on the agenda, marked, and people with a booking are notified.
    Raises UserError if it has ended.
    """
    event = planning.hold_changeable(event)
    session = fresh(session)
    if session.cancelled_at is not None:
        return
    if session.is_over:
        raise UserError(_("This session has ended, so it can’t be cancelled."))
    session.cancelled_at, session.cancelled_reason = clock.now(), reason
    session.version, session.changed_at = (session.version or 0) + 1, clock.now()
    change_notices.send_cancellation(event, session, by)
    record_change(event, session, by)


def remove(event: Event, session: AgendaSession, by: User) -> None:
    """Delete the session.
    Raises UserError while people have seats or wait, or may still need to read that it was
    cancelled.
    """
    event = planning.hold_changeable(event)
    session = fresh(session)
    if booked_count(session):
        if session.cancelled_at is None:
            raise UserError(
                _(
                    "People have a seat or are on the waiting list. Cancel the session first "
                    "so that we can tell them."
                )
            )
        if not session.is_over:
            raise UserError(
                _(
                    "People chose this session, so it stays on the agenda, marked as cancelled, "
                    "until its end time."
                )
            )
    db.session.execute(sa.delete(WaitlistStep).where(WaitlistStep.session_id == session.id))
    db.session.delete(session)
    record_change(event, None, by)


def booked_count(session: AgendaSession) -> int:
    """Return how many parties have seats in it or are waiting."""
    booked = (
        sa.select(sa.func.count())
        .select_from(Booking)
        .where(Booking.session_id == session.id, Booking.state != NOT_GOING)
    )
    return db.session.scalar(booked) or 0


def show(event: Event, by: User) -> None:
    """Publish the agenda to everyone who sees the event.
    Raises UserError if it has no sessions.
    """
    event = planning.hold_changeable(event)
    if not db.session.scalar(sa.select(sa.exists().where(AgendaSession.event_id == event.id))):
        raise UserError(_("There are no sessions yet. Add one first."))
    event.agenda_published_at = event.agenda_published_at or clock.now()
    record_change(event, None, by)


def hide(event: Event, by: User) -> None:
    """Unpublish the agenda. Raises UserError if people have taken seats in sessions."""
    event = planning.hold_changeable(event)
    booked = sa.select(Booking.id).join(AgendaSession, AgendaSession.id == Booking.session_id)
    booked = booked.where(AgendaSession.event_id == event.id, Booking.state != NOT_GOING)
    if db.session.scalar(sa.select(booked.exists())):
        raise UserError(_("People have chosen sessions, so you can’t unpublish the agenda."))
    event.agenda_published_at = None
    record_change(event, None, by)


def fresh(session: AgendaSession) -> AgendaSession:
    """Return the session fresh from the database. The caller must hold the event's lock.
    Raises Conflict if it was deleted.
    """
    found = db.session.get(AgendaSession, session.id, populate_existing=True)
    if found is None:
        raise Conflict(_("This session has been removed."))
    return found


def _write(session: AgendaSession, plan: SessionInput) -> None:
    """Change the session to the plan.
    Raises UserError at an invalid field; then nothing reaches the database.
    """
    event = session.event
    starts_at = to_moment(plan.starts, event.zone, plan.starts_fold, "starts")
    ends_at = to_moment(plan.ends, event.zone, plan.ends_fold, "ends")
    if ends_at <= starts_at:
        raise UserError(_("The end must be after the start."), "ends")
    if len(set(plan.speaker_ids)) > MOST_SPEAKERS:
        raise UserError(_("You can add up to 30 speakers."), "speakers")
    session.title, session.description, session.capacity = (
        plan.title,
        plan.description,
        plan.capacity,
    )
    session.starts_wall, session.ends_wall, session.starts_at, session.ends_at = (
        plan.starts,
        plan.ends,
        starts_at,
        ends_at,
    )
    session.room = _one(Room, event, plan.room_id)
    session.track = _one(Track, event, plan.track_id)
    session.speakers = [_one(Speaker, event, id) for id in sorted(set(plan.speaker_ids))]
    refuse_outside(event, session)
    clashes.refuse(session)


def refuse_outside(event: Event, session: AgendaSession, field: str | None = None) -> None:
    """Raises UserError at the session's field, or at `field` of the event, if the session is
    outside the event's time.
    """
    words = {"session": session.title, "hours": date_format.both_ends(event)}
    if session.starts_at < event.starts_at or session.starts_at >= event.ends_at:
        raise UserError(
            _("“%(session)s” must start during the event: %(hours)s.", **words),
            field or "starts",
        )
    if session.ends_at > event.ends_at:
        raise UserError(
            _("“%(session)s” must end by the end of the event: %(hours)s.", **words),
            field or "ends",
        )


def _one(model: type[Any], event: Event, id: UUID | None) -> Any:
    return find(model, event, id) if id is not None else None
