"""All answers as hosts see them, and all attendees, page by page."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from ...accounts.models import User
from ...core.db.keyset import Cursor, KeysetPage, keyset_page
from ...core.extensions import db
from ...core.http.pages import Page
from ...events.models import GOING, WAITING, Event, Guest, Rsvp
from ...groups.reads import belongs_together
from ..attendee_filter import AttendeeFilter, conditions
from ..models import Attendance
from .answers import OF_WHO, person_of

SIZE = 30
#: The most answers on one page to print.
WHOLE = 2000
BY_NAME = (sa.func.coalesce(User.search_text, Guest.search_text), Rsvp.id)


def page_of(event: Event, selection: AttendeeFilter, number: int = 1, size: int = SIZE) -> Page:
    """Return a page of answers with their people, by name; on the waiting list by place.

    One statement, which loads only the page in full.
    """
    order = (Rsvp.position, Rsvp.id) if selection.tabs == ("waitlist",) else BY_NAME
    fitting = _fitting(event, selection)
    counted = fitting.add_columns(sa.func.count().over().label("total"))
    shown = counted.order_by(*order).limit(size).offset((number - 1) * size).subquery()
    whole = _with_people(sa.select(Rsvp, shown.c.total).join(shown, shown.c.id == Rsvp.id))
    whole = whole.options(
        contains_eager(Rsvp.user), contains_eager(Rsvp.guest), joinedload(Rsvp.attendance)
    )
    rows = db.session.execute(whole.order_by(*order)).all()
    total = rows[0].total if rows else 0 if number == 1 else _count(fitting)
    return Page([row[0] for row in rows], total, number, size)


def table_of(event: Event) -> Sequence[Any]:
    """Return all answers by name as rows: id, names, handle, state, party, how many of it are on
    the waiting list or further ones, hidden name, time of answer, number attended, first arrival.

    A guest has one name and no handle.
    """
    first = sa.func.coalesce(User.first_name, Guest.name)
    columns = (
        Rsvp.id,
        first,
        User.last_name,
        User.handle,
        Rsvp.state,
        Rsvp.party,
        sa.case((Rsvp.state == WAITING, Rsvp.party), else_=Rsvp.seats_waiting),
        Rsvp.is_anonymous,
        Rsvp.answered_at,
    )
    rows = _fitting(event, AttendeeFilter()).outerjoin(Attendance, Attendance.rsvp_id == Rsvp.id)
    return db.session.execute(
        rows.with_only_columns(*columns, Attendance.arrived, Attendance.first_at).order_by(*BY_NAME)
    ).all()


def _fitting(event: Event, selection: AttendeeFilter) -> sa.Select[Any]:
    chosen = _with_people(sa.select(Rsvp.id))
    chosen = chosen.where(Rsvp.event_id == event.id, selection.condition)
    return chosen.where(*conditions(selection))


def _with_people(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.outerjoin(User, User.id == Rsvp.user_id).outerjoin(
        Guest, Guest.id == Rsvp.guest_id
    )


def _count(fitting: sa.Select[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(fitting.subquery())) or 0


GOING_A_PAGE = 60


def going_to(
    event: Event,
    user: Any,
    hosts: Collection[UUID],
    sees_all: bool,
    cursor: Cursor | None = None,
    page: int = 1,
) -> KeysetPage:
    """Return who is going, in the order of their answers; anonymous people only if `sees_all`.

    One statement.
    """
    of_event = (Rsvp.event_id == event.id, Rsvp.state == GOING)
    shown = () if sees_all else (Rsvp.is_anonymous.is_(False),)
    total = sa.select(sa.func.count()).select_from(
        sa.select(Rsvp.id).where(*of_event, *shown).correlate(None).subquery()
    )
    columns: list[Any] = [
        Rsvp.id,
        Rsvp.answered_at,
        Rsvp.user_id,
        Rsvp.guest_id,
        Rsvp.party,
        Rsvp.is_anonymous,
        *OF_WHO,
    ]
    columns += [
        belongs_together(user.id, Rsvp.user_id).label("together"),
        total.scalar_subquery().label("total"),
    ]
    query = sa.select(*columns).select_from(Rsvp).outerjoin(User, User.id == Rsvp.user_id)
    query = query.outerjoin(Guest, Guest.id == Rsvp.guest_id).where(*of_event, *shown)
    listing = keyset_page(query, Rsvp.answered_at, Rsvp.id, cursor, GOING_A_PAGE)
    numbered = listing.numbered(
        page if cursor else 1, listing.items[0].total if listing.items else 0
    )
    return numbered._replace(items=[person_of(row, hosts) for row in listing.items])
