"""The sessions of an event: planned, changed, moved, cancelled, taken away; and the agenda shown
to everyone.
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
from ..core.db.session import new_id, one_or_404
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
    """What hosts decide about a session, as entered: wall times by the event's clocks."""

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
    """The session with this id, of this event and no other, with all that its page names; raises
    NotFound.
    """
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
    """The agenda has one session more.

    Raises UserError for what lies outside of the event, UserErrors for clashes.
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
    """The session is so from now on. Those who have a seat hear of another time or room; fewer
    seats take none from anybody.

    Raises Conflict when someone else has changed it since `version`, to something else.
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
    change_notices.ask_of_change(event, session, before, by)
    return record_change(event, session, by)


def end_offers_at_start(session: AgendaSession) -> None:
    """No offer lasts longer than seats are given."""
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
    """The session begins then and takes place there, and lasts as long as it did, whatever the
    clocks do meanwhile.
    """
    return change(event, session, _as_planned(session, starts, room_id, fold), by, version)


def _is_so(session: AgendaSession, plan: SessionInput) -> bool:
    """Whether the session is as `plan` says: a person who sends a form twice has not met someone
    else.
    """
    now = _as_planned(session, session.starts_wall, session.room_id)
    folds = {
        name: getattr(now if getattr(plan, name) is None else plan, name)
        for name in ("starts_fold", "ends_fold")
    }
    said = replace(plan, **folds, speaker_ids=set(plan.speaker_ids))
    return said == replace(now, speaker_ids=set(now.speaker_ids))


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
    """The session will not take place: it stays on the agenda, so marked, and anyone who has a seat
    or waits hears of it.
    """
    event = planning.hold_changeable(event)
    session = fresh(session)
    if session.cancelled_at is not None:
        return
    if session.is_over:
        raise UserError(_("This session has ended, so it can’t be cancelled."))
    session.cancelled_at, session.cancelled_reason = clock.now(), reason
    session.version, session.changed_at = (session.version or 0) + 1, clock.now()
    change_notices.ask_of_cancellation(event, session, by)
    record_change(event, session, by)


def remove(event: Event, session: AgendaSession, by: User) -> None:
    """The session is gone.

    Raises UserError while people count on it, or may still read that it was cancelled.
    """
    event = planning.hold_changeable(event)
    session = fresh(session)
    if booked_count(session):
        if session.cancelled_at is None:
            raise UserError(
                _(
                    "People have a seat or are on the waiting list. Cancel the session first so "
                    "that they’re told."
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
    """How many parties have seats in it, or wait for some."""
    booked = (
        sa.select(sa.func.count())
        .select_from(Booking)
        .where(Booking.session_id == session.id, Booking.state != NOT_GOING)
    )
    return db.session.scalar(booked) or 0


def show(event: Event, by: User) -> None:
    """Everyone who sees the event sees its agenda.

    Raises UserError while there is nothing on it.
    """
    event = planning.hold_changeable(event)
    if not db.session.scalar(sa.select(sa.exists().where(AgendaSession.event_id == event.id))):
        raise UserError(_("There are no sessions yet. Add one first."))
    event.agenda_published_at = event.agenda_published_at or clock.now()
    record_change(event, None, by)


def hide(event: Event, by: User) -> None:
    """Only hosts see the agenda. Raises UserError once people have taken seats in sessions."""
    event = planning.hold_changeable(event)
    booked = sa.select(Booking.id).join(AgendaSession, AgendaSession.id == Booking.session_id)
    booked = booked.where(AgendaSession.event_id == event.id, Booking.state != NOT_GOING)
    if db.session.scalar(sa.select(booked.exists())):
        raise UserError(_("People have chosen sessions, so you can’t unpublish the agenda."))
    event.agenda_published_at = None
    record_change(event, None, by)


def fresh(session: AgendaSession) -> AgendaSession:
    """The session as it is in the database now, for the one who holds its event.

    Raises Conflict when it is gone.
    """
    found = db.session.get(AgendaSession, session.id, populate_existing=True)
    if found is None:
        raise Conflict(_("This session has been removed."))
    return found


def _write(session: AgendaSession, plan: SessionInput) -> None:
    """The session is as `plan` says.

    Raises UserError at the field that cannot be so; nothing of it reaches the database.
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
    """Returns for a session within the event's time; raises UserError at its field, or at
    `field` of the event.
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
