"""A person's own events, by their answer.

A page is one statement, the counts another.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ...accounts.models import User
from ...core.db.session import cached_statement
from ...core.extensions import db
from ...core.http.pages import Page
from ...groups.models import Group
from .. import models
from ..access import hosted_by, named_by, visible_to
from ..list_rows import EventRow, answer_chip, chip_of, own_row, varied
from ..models import DRAFT, Event, Rsvp

GOING, WAITING, MAYBE, PAST, HOSTING = TABS = ("going", "waiting", "maybe", "past", "hosting")
DELETED = "deleted"
SIZE = 20


def counts(user: User, now: datetime) -> dict[str, int]:
    """Return the number of events under each of TABS, and of deleted ones that may be
    restorable.
    """
    return dict(_counts(user, now)[0]._mapping)


@cached_statement
def _counts(user: Any, now: Any) -> Any:
    put_away = (
        sa.select(sa.func.count())
        .select_from(Event)
        .where(Event.deleted_at.is_not(None), hosted_by(user))
    )
    counted = [sa.func.count().filter(fits).label(tab) for tab, fits in _tabs(user, now).items()]
    return _mine(sa.select(*counted, put_away.scalar_subquery().label(DELETED)), user)


def page_of(user: User, tab: str, now: datetime, total: int, number: int = 1) -> Page:
    """Return a page of events under `tab`, soonest first, past ones latest first; `total` is from
    `counts`.
    """
    columns: list[Any] = [
        getattr(Event, name)
        for name in ("id", "slug", "title", "picture", "scene", "starts_at", "zone", "venue")
    ]
    columns += [
        getattr(Event, name) for name in ("state", "capacity", "seats_taken", "waiting_count")
    ]
    columns += [Event.ends_at, Event.is_all_day]
    columns += [(Event.online_url != "").label("is_online"), Group.name.label("group_name")]
    columns += [Rsvp.state.label("answer"), Rsvp.party]
    query = _mine(sa.select(*columns), user).where(_tabs(user, now)[tab])
    order = (
        (Event.starts_at.desc(), Event.id.desc()) if tab == PAST else (Event.starts_at, Event.id)
    )
    rows = db.session.execute(query.order_by(*order).limit(SIZE).offset((number - 1) * SIZE))
    return Page(varied([_row(row, tab, user.zone) for row in rows]), total, number, SIZE)


def _mine(query: Any, user: Any) -> Any:
    """Events that `user` answered and still sees, or hosts."""
    answered = sa.select(Rsvp.event_id).where(Rsvp.user_id == user.id)
    owned = sa.select(Event.id).where(Event.owner_id == user.id)
    mine = sa.union(answered, owned, named_by(user))
    living = (
        Event.deleted_at.is_(None),
        Group.deleted_at.is_(None),
        sa.or_(visible_to(user), hosted_by(user)),
    )
    own = sa.and_(Rsvp.event_id == Event.id, Rsvp.user_id == user.id)
    query = (
        query.select_from(Event).outerjoin(Group, Group.id == Event.group_id).outerjoin(Rsvp, own)
    )
    return query.where(Event.id.in_(mine), *living)


def _tabs(user: Any, now: Any) -> dict[str, sa.ColumnElement[bool]]:
    coming, hosted = Event.ends_at > now, hosted_by(user)
    answers = {
        GOING: [models.GOING],
        WAITING: [models.WAITING, models.OFFERED, models.ASKED],
        MAYBE: [models.MAYBE],
    }
    found = {
        tab: sa.and_(coming, Event.state != DRAFT, Rsvp.state.in_(states))
        for tab, states in answers.items()
    }
    went = sa.or_(Rsvp.state.in_([models.GOING, models.MAYBE]), hosted)
    found[PAST] = sa.and_(Event.ends_at <= now, Event.state != DRAFT, went)
    found[HOSTING] = sa.and_(coming, hosted)
    return found


def _row(row: Any, tab: str, zone: str) -> EventRow:
    if tab == HOSTING:
        chip = chip_of(row)
    elif tab == PAST and row.state != models.CANCELLED:
        chip = None
    else:
        chip = answer_chip(row.state, row.answer, row.party or 1)
    return own_row(row, zone, chip)
