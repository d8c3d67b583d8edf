"""Who answered an event, who is waiting, and the waiting list's log. Each list is one statement."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ...accounts.models import User
from ...core.db.session import constant, fetch_columns
from ...core.extensions import db
from ...events.models import (
    GOING,
    GONE,
    MAYBE,
    OFFERED,
    Event,
    Guest,
    Rsvp,
    WaitlistStep,
    on_waitlist,
)
from ...events.reads.change_notices import first_inviter
from ...groups.models import Ban, Membership
from ...groups.reads import belongs_together

PEOPLE_SHOWN = 24
WAITLIST_SHOWN = 20
STEPS_SHOWN = 50


class Person(NamedTuple):
    """Someone in a list of people, with what the macros for people need.

    A guest has neither handle nor page.
    """

    id: uuid.UUID
    name: str
    handle: str | None
    party: int
    is_host: bool
    is_anonymous: bool
    picture: uuid.UUID | None
    profile_visibility: str | None
    #: Whether they and the reader belong to one group.
    together: bool
    is_guest: bool
    deactivated_at: None = None


class People(NamedTuple):
    """Attendees: the named ones, how many hide their name (`hidden_count`), how many are going in
    all (`going_count`), and how many people answered Maybe.
    """

    named: tuple[Person, ...]
    hidden_count: int
    going_count: int
    maybe: int

    @property
    def more(self) -> int:
        """People going who are neither in `named` nor their plus-ones; including those without a
        name.
        """
        return max(0, self.going_count - sum(person.party for person in self.named))


class Party(NamedTuple):
    """A party on the waiting list; `is_rest`: the rest of it is already going."""

    number: int
    party: int
    user_id: uuid.UUID | None
    name: str
    handle: str | None
    since: Any
    declined_offer: bool
    is_rest: bool
    is_guest: bool


class WaitlistView(NamedTuple):
    """The first parties on the waiting list, its length, the reader's place, and `held`: the seats
    that are offered and not accepted yet.
    """

    parties: tuple[Party, ...]
    length: int
    mine: int | None
    held: int


class ReaderAnswer(NamedTuple):
    """One person's answer, as their page needs it."""

    user_id: uuid.UUID | None
    guest_id: uuid.UUID | None
    state: str
    party: int
    is_anonymous: bool
    declined_offer: bool
    offered_until: datetime | None
    seats_waiting: int
    by_host: bool
    decline_message: str

    @property
    def holds_seats(self) -> bool:
        """Whether the party's seats are kept from others."""
        return self.state in (GOING, OFFERED)


class EventAnswers(NamedTuple):
    """What the event page shows of answers: the reader's own, attendees, the waiting list, and who
    invited the reader.
    """

    mine: ReaderAnswer | None
    people: People
    waitlist: WaitlistView
    invited_by: str = ""
    #: Hosts that the statement was given -> whether they belong to the event's group (True) or were
    #: banned from it (False).
    belongs: Mapping[uuid.UUID, bool] = {}


def answers_to(
    event: Event, user: Any, hosts: Collection[uuid.UUID] = (), sees_all: bool = False
) -> EventAnswers:
    """Return the answers in one statement, which reads no more for a large event.

    The event itself stores how many are going. `user` is the reader, who may be a guest. Attendees
    are ordered with hosts first, then by the time of their answer. Anonymous ones are named only if
    `sees_all`.
    """
    given = {
        "event": event.id,
        "reader": getattr(user, "id", None),
        "hosts": list(hosts) or [_NOBODY],
        "sees_all": sees_all,
    }
    given |= {
        "address": user.email if getattr(user, "is_verified", False) else None,
        "group": event.group_id,
    }
    rows: dict[str, list[Any]] = {}
    for row in fetch_columns(_statement(isinstance(user, Guest)), given):
        rows.setdefault(row.kind, []).append(row)
    own = rows.get("mine", [None])[0]
    mine = own and ReaderAnswer(*(getattr(own, name) for name in ReaderAnswer._fields))
    counts = rows.get("counts", [])
    named = [*rows.get("hosts", []), *rows.get("others", [])]
    people = People(
        named=tuple(person_of(row, hosts) for row in named if sees_all or not row.is_anonymous)[
            :PEOPLE_SHOWN
        ],
        hidden_count=0 if sees_all else sum(row.party for row in counts if row.state == GOING),
        going_count=event.going_count,
        maybe=sum(row.number for row in counts if row.state == MAYBE),
    )
    waitlist = WaitlistView(
        _parties(rows.get("waiting", [])), event.waiting_count, own and own.number, event.seats_held
    )
    belongs = {row.user_id: bool(row.number) for row in rows.get("belongs", [])}
    return EventAnswers(
        mine, people, waitlist, "".join(map(_name, rows.get("invited", []))), belongs
    )


def people_of(event: Event, hosts: Collection[uuid.UUID] = (), sees_all: bool = False) -> People:
    """Return who is going, hosts first."""
    return answers_to(event, None, hosts, sees_all).people


def person_of(row: Any, hosts: Collection[uuid.UUID]) -> Person:
    """Build an attendee from the columns of their answer and of `OF_WHO`."""
    face = row.picture, row.profile_visibility, bool(row.together), row.guest_id is not None
    who = row.user_id or row.guest_id
    return Person(
        who, _name(row), row.handle, row.party, row.user_id in hosts, row.is_anonymous, *face
    )


def _parties(rows: list[Any]) -> tuple[Party, ...]:
    return tuple(_party(place, row) for place, row in enumerate(rows, 1))


def _party(place: int, row: Any) -> Party:
    marks = row.declined_offer, bool(row.seats_waiting), row.guest_id is not None
    who = row.user_id, _name(row), row.handle
    return Party(place, row.seats_waiting or row.party, *who, row.answered_at, *marks)


def _name(row: Any) -> str:
    return row.guest_name or row.user_name or GONE.name


@cache
def _statement(is_for_guest: bool = False) -> sa.CompoundSelect[Any]:
    """Build the statement once; SQLAlchemy then reuses its compiled text."""
    not_host = sa.and_(Rsvp.user_id.is_not(None), Rsvp.user_id.not_in(_HOSTS))
    going = _rows("others").where(_IS_GOING, sa.or_(Rsvp.guest_id.is_not(None), not_host))
    going = going.where(
        sa.or_(Rsvp.is_anonymous.is_(False), sa.bindparam("sees_all", type_=sa.Boolean))
    )
    waiting = _rows("waiting").where(on_waitlist()).order_by(Rsvp.position)
    waiting = waiting.limit(constant(WAITLIST_SHOWN))
    hosts = (
        _rows("hosts")
        .where(_IS_GOING, Rsvp.user_id.in_(_HOSTS))
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    parts = [
        _rows("mine", _ahead()).where((Rsvp.guest_id if is_for_guest else Rsvp.user_id) == _READER),
        _counts(Rsvp.state == constant(MAYBE)),
        _counts(Rsvp.state == GOING, Rsvp.is_anonymous == sa.true()),
        hosts,
        going.order_by(Rsvp.answered_at, Rsvp.id).limit(constant(PEOPLE_SHOWN)),
        waiting,
        _status(Membership, 1),
        _status(Ban, 0),
    ]
    if not is_for_guest:
        invited = first_inviter(_EVENT, _READER, _ADDRESS)
        parts.append(_of(invited, "invited", user_name=User.name))
    return sa.union_all(*(sa.select(part.subquery()) for part in parts))


#: Stands for an empty list of hosts: SQLAlchemy can't expand one empty list for both IN and NOT IN.
_NOBODY = uuid.UUID(int=0)
#: A constant, so that PostgreSQL can use the partial index ix_rsvp_going.
_IS_GOING = Rsvp.state == constant(GOING)
_EVENT = sa.bindparam("event", type_=sa.Uuid)
_GROUP = sa.bindparam("group", type_=sa.Uuid)
_HOSTS = sa.bindparam("hosts", expanding=True, type_=sa.Uuid)
_OF_RSVP = (
    Rsvp.user_id,
    Rsvp.guest_id,
    Rsvp.state,
    Rsvp.party,
    Rsvp.is_anonymous,
    Rsvp.declined_offer,
    Rsvp.offered_until,
    Rsvp.answered_at,
    Rsvp.seats_waiting,
    Rsvp.by_host,
    Rsvp.decline_message,
)
OF_WHO = (
    User.name.label("user_name"),
    User.handle,
    User.picture,
    User.profile_visibility,
    Guest.name.label("guest_name"),
)
_READER = sa.bindparam("reader", type_=sa.Uuid)
_ADDRESS = sa.bindparam("address", type_=sa.String)


def _rows(kind: str, number: Any = None) -> sa.Select[Any]:
    number = sa.cast(sa.null(), sa.Integer) if number is None else number
    columns: list[Any] = [
        sa.literal(kind).label("kind"),
        number.label("number"),
        *_OF_RSVP,
        *OF_WHO,
    ]
    columns.append(belongs_together(_READER, Rsvp.user_id).label("together"))
    query = sa.select(*columns).select_from(Rsvp).outerjoin(User, User.id == Rsvp.user_id)
    return query.outerjoin(Guest, Guest.id == Rsvp.guest_id).where(Rsvp.event_id == _EVENT)


def _counts(*of: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Parties and people of each state, read from an index only."""
    counted = sa.select(Rsvp.id).where(Rsvp.event_id == _EVENT, *of).group_by(Rsvp.state)
    party = sa.cast(sa.func.sum(Rsvp.party), sa.Integer)
    return _of(counted, "counts", sa.func.count(), state=Rsvp.state, party=party)


def _of(chosen: sa.Select[Any], kind: str, number: Any = None, **known: Any) -> sa.Select[Any]:
    """Rows that aren't answers, in the columns of answers; unknown columns are null."""
    number = sa.cast(sa.null(), sa.Integer) if number is None else number
    columns: list[Any] = [
        known.get(column.name, sa.cast(sa.null(), column.type)).label(column.name)
        for column in (*_OF_RSVP, *OF_WHO)
    ]
    return chosen.with_only_columns(
        sa.literal(kind).label("kind"),
        number.label("number"),
        *columns,
        sa.false().label("together"),
    )


def _status(kept: Any, number: int) -> sa.Select[Any]:
    of_group = sa.select(kept.user_id).where(kept.group_id == _GROUP, kept.user_id.in_(_HOSTS))
    return _of(of_group, "belongs", sa.literal(number), user_id=kept.user_id)


def _ahead() -> sa.ColumnElement[int | None]:
    """The place on the waiting list, from 1; null for others."""
    other = sa.orm.aliased(Rsvp)
    before = sa.select(sa.func.count() + 1).where(
        other.event_id == _EVENT, on_waitlist(other), other.position < Rsvp.position
    )
    return sa.case((on_waitlist(), before.correlate(Rsvp).scalar_subquery()), else_=None)


def position_of(event: Event, row: Rsvp | None) -> int | None:
    """Return the place on the waiting list, from 1; None if the answer isn't on it."""
    if row is None or not row.is_on_waitlist:
        return None
    before = sa.select(sa.func.count()).where(
        Rsvp.event_id == event.id, on_waitlist(), Rsvp.position < row.position
    )
    return 1 + (db.session.scalar(before) or 0)


def waitlist_steps(
    event: Event, most: int = STEPS_SHOWN, until: int | None = None
) -> list[WaitlistStep]:
    """Return the waiting list's log, latest first, with people; only up to step `until` if
    given.
    """
    whose = (
        joinedload(WaitlistStep.user),
        joinedload(WaitlistStep.guest),
        joinedload(WaitlistStep.session),
    )
    steps = sa.select(WaitlistStep).options(*whose).where(WaitlistStep.event_id == event.id)
    if until is not None:
        steps = steps.where(WaitlistStep.number <= until)
    return list(db.session.scalars(steps.order_by(WaitlistStep.number.desc()).limit(most)))
