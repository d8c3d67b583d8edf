"""Check-in: search by name or ticket, the counts, the latest events, and a list to print."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ...core.extensions import db
from ...core.http.pages import Page
from ...events.models import GOING, Event, Rsvp
from ..attendee_filter import AttendeeFilter, conditions
from ..models import Attendance, CheckInEvent
from .attendees import BY_NAME

SHOWN, LATEST, ABSENT_EACH = 12, 5, 50


class CheckInCount(NamedTuple):
    """How many people are expected, came and are inside now, and of how many parties nobody
    came.
    """

    expected: int
    arrived: int
    inside: int
    absent_parties: int

    @property
    def absent(self) -> int:
        """People who are going but haven't come."""
        return max(0, self.expected - self.arrived)


def count_of(event: Event) -> CheckInCount:
    """Return the current counts of check-in. One statement."""
    here = sa.and_(Rsvp.event_id == event.id, Rsvp.state == GOING)
    going = sa.select(sa.func.sum(Rsvp.party)).where(here).scalar_subquery()
    parties = sa.select(sa.func.count()).select_from(Rsvp).where(here).scalar_subquery()
    still = sa.exists().where(Rsvp.id == Attendance.rsvp_id, Rsvp.state == GOING)
    of_them = (
        sa.select(sa.func.count()).where(Attendance.event_id == event.id, still).scalar_subquery()
    )
    visits = sa.select(
        going, parties, of_them, sa.func.sum(Attendance.arrived), sa.func.sum(Attendance.inside)
    )
    expected, all_parties, there, came, inside = db.session.execute(
        visits.where(Attendance.event_id == event.id)
    ).one()
    return CheckInCount(
        int(expected or 0), int(came or 0), int(inside or 0), (all_parties or 0) - (there or 0)
    )


def found(event: Event, words: str) -> Sequence[Rsvp]:
    """Return the first answers of people whose names contain these words, going first.

    Two statements.
    """
    if not words:
        return []
    going_first = sa.case((Rsvp.state == GOING, 0), else_=1)
    query = (
        _answers(event)
        .where(*conditions(AttendeeFilter(words=words)))
        .order_by(going_first, *BY_NAME)
        .limit(SHOWN + 1)
    )
    return db.session.scalars(query).unique().all()


def not_arrived(event: Event, number: int = 1, size: int = ABSENT_EACH) -> Page:
    """Return a page of parties that are going and of which some haven't come yet, by name.

    One statement, and one for what they picked.
    """
    came = sa.func.coalesce(Attendance.arrived, 0)
    absent = _answers(event).outerjoin(Attendance, Attendance.rsvp_id == Rsvp.id)
    absent = absent.where(Rsvp.state == GOING, came < Rsvp.party)
    whole = absent.add_columns(sa.func.count().over()).order_by(*BY_NAME)
    rows = db.session.execute(whole.limit(size).offset((number - 1) * size)).unique().all()
    return Page([row[0] for row in rows], rows[0][1] if rows else 0, number, size)


def party(event: Event, rsvp_id: UUID) -> Rsvp | None:
    """Return the answer with this id if it belongs to this event."""
    return db.session.scalars(_answers(event).where(Rsvp.id == rsvp_id)).unique().one_or_none()


def expected(event: Event) -> Sequence[Rsvp]:
    """Return everyone who is going, by name. Two statements."""
    return (
        db.session.scalars(_answers(event).where(Rsvp.state == GOING).order_by(*BY_NAME))
        .unique()
        .all()
    )


def _answers(event: Event) -> sa.Select[Any]:
    chosen = (
        sa.select(Rsvp).outerjoin(Rsvp.user).outerjoin(Rsvp.guest).where(Rsvp.event_id == event.id)
    )
    chosen = chosen.options(
        contains_eager(Rsvp.user), contains_eager(Rsvp.guest), joinedload(Rsvp.attendance)
    )
    return chosen.options(selectinload(Rsvp.picks)) if event.has_registration_form else chosen


def latest(event: Event) -> Sequence[CheckInEvent]:
    """Return the latest check-in events with their people, latest first."""
    query = sa.select(CheckInEvent).where(
        CheckInEvent.event_id == event.id, CheckInEvent.undone_at.is_(None)
    )
    whose = joinedload(CheckInEvent.rsvp)
    query = query.options(whose.joinedload(Rsvp.user), whose.joinedload(Rsvp.guest))
    latest_first = CheckInEvent.created_at.desc(), CheckInEvent.id.desc()
    return db.session.scalars(query.order_by(*latest_first).limit(LATEST)).all()
