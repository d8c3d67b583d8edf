"""Queries for the pages of votes. Every list is one statement, or two with its total."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.db.base import UtcDateTime
from ..core.db.session import fetch_columns
from ..core.extensions import db
from ..core.http.pages import Page
from ..core.i18n import cached_text, soon
from ..core.time import clock
from ..events.models import Event
from ..groups.access import banned_from, roles_of
from ..groups.models import Group
from ..groups.reads import LATELY
from . import access
from .models import CANCELLED, LOSE, OF_EVENT, Ballot, Vote, Voter, ballot_is_in
from .models.vote import path_of, shows_turnout, stage_of
from .results.counting import outcome_of as outcome_of

PAGE = 20
#: The reader's id, in statements that are built once.
READER = sa.bindparam("reader", type_=sa.Uuid)
TO_DO, OPEN, COMING, CLOSED = TABS = ("to-do", "open", "coming", "closed")


class VoteRow(NamedTuple):
    """A vote in a list, for one reader.
    `chip`: its state for them as (kind, text), or None. `meta`: when it opens or closes, and the
    turnout.
    """

    id: UUID
    url: str
    title: str
    group_name: str
    chip: tuple[str, str] | None
    meta: str
    closes_at: datetime
    zone: str
    has_voted: bool
    #: Whether the reader can vote and hasn't yet.
    is_to_do: bool


class VoterState(NamedTuple):
    """A person's rights and state in a vote, for its page.
    `ballot`: always None in a secret vote, whether they have voted or not.
    """

    ballot: Ballot | None
    has_voted: bool
    voter: Voter | None
    entitled: bool
    may_vote: bool
    may: frozenset[str]


def exists_for(user: Any, vote_id: UUID) -> bool:
    """Whether `user` may see the vote with this id, and it isn't hidden."""
    visible = (Vote.id == vote_id, Vote.hidden_at.is_(None), access.visible_to(user))
    query = sa.select(Vote.id).join(Vote.group).where(*visible)
    return db.session.scalar(query) is not None


def voter_state(user: Any, vote: Vote) -> VoterState:
    """Return the rights and state of `user` in the vote."""
    voter, ballot = access.voter_of(user, vote), ballot_of(user, vote)
    by_roll = vote.opened_at is not None and not vote.is_roll_open
    entitled = (
        voter is not None and voter.left_at is None if by_roll else access.is_entitled(user, vote)
    )
    may_cast = access.ON_ROLL in access.ACTIONS["vote:cast"]
    return VoterState(
        ballot=ballot,
        has_voted=access.has_voted(user, vote) if vote.is_secret else ballot is not None,
        voter=voter,
        entitled=entitled,
        may_vote=vote.is_open and entitled and may_cast,
        may=access.actions_of(user, vote),
    )


def ballot_of(user: Any, vote: Vote) -> Ballot | None:
    """Return the named ballot of `user`, if any."""
    return db.session.scalar(
        sa.select(Ballot).where(Ballot.vote_id == vote.id, Ballot.user_id == user.id)
    )


def to_do_count(user: Any) -> int:
    """Count the open votes in which `user` may vote and hasn't yet."""
    _rows_of_tab, count = _page_of_tab(TO_DO, of_group=False)
    return db.session.scalar(count, _reader(user)) or 0


def open_of(group: Group, user: Any) -> list[VoteRow]:
    """List the group's open votes that `user` may see, by closing time."""
    return _rows(_of_tab(OPEN, of_group=True), _reader(user, group=group.id))


def open_among(user: Any, ids: Collection[UUID]) -> list[VoteRow]:
    """List those of these votes that are open and visible to `user`."""
    query = _of_tab(OPEN).where(Vote.id.in_(ids), Vote.hidden_at.is_(None))
    return _rows(query, _reader(user))


def current(group: Group, limit: int = 20) -> list[Vote]:
    """Return the group's open and coming votes by closing time, for its organizers."""
    living = (
        Vote.deleted_at.is_(None),
        Vote.cancelled_at.is_(None),
        Vote.closed_at.is_(None),
        Vote.closes_at > clock.now(),
    )
    query = sa.select(Vote).where(Vote.group_id == group.id, *living)
    return list(db.session.scalars(query.order_by(Vote.closes_at, Vote.id).limit(limit)))


def lost_by_leaving(group: Group, user: Any) -> list[Vote]:
    """Return the open votes in which `user` couldn't cast or change a ballot after leaving the
    group.
    """
    mine = sa.exists().where(
        Voter.vote_id == Vote.id, Voter.user_id == user.id, Voter.left_at.is_(None)
    )
    open_ones = (
        Vote.deleted_at.is_(None),
        Vote.cancelled_at.is_(None),
        Vote.closed_at.is_(None),
        Vote.closes_at > clock.now(),
    )
    lost = (Vote.electorate.not_in(OF_EVENT), Vote.leavers == LOSE)
    query = sa.select(Vote).where(Vote.group_id == group.id, *lost, *open_ones, mine)
    return list(db.session.scalars(query.order_by(Vote.closes_at, Vote.id)))


def closing_soon(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Count the group's votes that close within two days. A subquery."""
    now = clock.now()
    soon = now + timedelta(days=2)
    return _count(group, *_open(now), Vote.closes_at <= soon)


def open_now(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Count the group's open votes. A subquery."""
    return _count(group, *_open(clock.now()))


def recently_closed_count(group: Group, _user: Any) -> sa.ScalarSelect[int]:
    """Count the group's votes that closed in the last month. A subquery."""
    return _count(group, Vote.closed_at > clock.now() - LATELY)


def _open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Vote.closed_at.is_(None), Vote.opens_at <= now, Vote.closes_at > now


def _count(group: Group, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    living = (Vote.group_id == group.id, Vote.deleted_at.is_(None), Vote.cancelled_at.is_(None))
    return sa.select(sa.func.count(Vote.id)).where(*living, *conditions).scalar_subquery()


def about(event: Event, user: Any) -> list[VoteRow]:
    """List the votes about an event that `user` may see, latest closing time first."""
    return _rows(_about(), _reader(user, event=event.id))


@cache
def _about() -> sa.Select[Any]:
    of_event = Vote.event_id == sa.bindparam("event", type_=sa.Uuid)
    return _visible().where(of_event).order_by(Vote.closes_at.desc(), Vote.id)


def listed(user: Any, tab: str = OPEN, page: int = 1, group: Group | None = None) -> Page:
    """Return a page of a tab (to-do, open, coming, closed), of one group or of all votes that
    `user` may see.
    """
    given = _reader(user, group=group and group.id, most=PAGE, skipped=(page - 1) * PAGE)
    rows, count = _page_of_tab(tab, of_group=group is not None)
    return Page(_rows(rows, given), db.session.scalar(count, given) or 0, page, PAGE)


@cache
def _page_of_tab(tab: str, of_group: bool) -> tuple[sa.Select[Any], sa.Select[Any]]:
    query = _of_tab(tab, of_group)
    counted = query.order_by(None).with_only_columns(sa.func.count(), maintain_column_froms=True)
    most, skipped = (sa.bindparam(name, type_=sa.Integer) for name in ("most", "skipped"))
    return query.limit(most).offset(skipped), counted


@cache
def _of_tab(tab: str, of_group: bool = False) -> sa.Select[Any]:
    now = sa.bindparam("now", type_=UtcDateTime())
    over = sa.or_(
        Vote.closed_at.is_not(None), Vote.cancelled_at.is_not(None), Vote.closes_at <= now
    )
    begun = sa.or_(Vote.opened_at.is_not(None), Vote.opens_at <= now)
    conditions = {
        TO_DO: [~over, _my_line(READER), ~ballot_is_in(Vote.id, READER)],
        OPEN: [~over, begun],
        COMING: [~over, ~begun],
        CLOSED: [over],
    }[tab]
    if of_group:
        conditions.append(Vote.group_id == sa.bindparam("group", type_=sa.Uuid))
    order = {COMING: Vote.opens_at.asc(), CLOSED: Vote.closes_at.desc()}
    query = _visible().where(*conditions)
    return query.order_by(order.get(tab, Vote.closes_at.asc()), Vote.id)


def _visible() -> Any:
    """Select the votes the reader may see, and whether they are on the electoral roll and have
    voted.
    """
    inside, banned = (
        sa.bindparam(name, expanding=True, type_=sa.Uuid) for name in ("groups", "banned")
    )
    mine = (_my_line(READER).label("on_roll"), ballot_is_in(Vote.id, READER).label("has_voted"))
    query: Any = sa.select(*_COLUMNS, Group.name.label("group_name"), *mine).join(Vote.group)
    return query.where(access.visible(READER, inside, banned))


_COLUMNS = (
    Vote.id,
    Vote.slug,
    Vote.title,
    Vote.zone,
    Vote.opens_at,
    Vote.closes_at,
    Vote.opened_at,
    Vote.closed_at,
    Vote.cancelled_at,
    Vote.hidden_at,
    Vote.is_secret,
    Vote.ballot_count,
    Vote.entitled_count,
)


def _reader(user: Any, **given: Any) -> dict[str, Any]:
    """Parameters for these statements, which are built once because every event and group page runs
    them.
    """
    groups = {"groups": list(roles_of(user)), "banned": list(banned_from(user))}
    return {"reader": user.id, "now": clock.now(), **groups, **given}


def _rows(query: sa.Select[Any], given: dict[str, Any]) -> list[VoteRow]:
    return [_row(row, stage_of(row)) for row in fetch_columns(query, given)]


@cached_text
def _row(row: Any, stage: str) -> VoteRow:
    is_to_do = bool(stage == OPEN and row.on_roll and not row.has_voted)
    return VoteRow(
        row.id,
        path_of(row.slug),
        row.title,
        row.group_name,
        _chip(row, stage, is_to_do),
        _meta(row, stage),
        row.closes_at,
        row.zone,
        bool(row.has_voted),
        is_to_do,
    )


def _chip(row: Any, stage: str, is_to_do: bool) -> tuple[str, str] | None:
    if row.hidden_at is not None:
        return "no", _("Hidden by an admin")
    if stage == CANCELLED:
        return "no", _("Cancelled")
    if is_to_do:
        return "wait", _("You haven’t voted yet")
    return ("yes", _("You’ve voted")) if row.has_voted else None


def _meta(row: Any, stage: str) -> str:
    if stage == COMING:
        return _("Opens %(moment)s", moment=soon(row.opens_at, row.zone))
    when = _("Closes %(moment)s") if stage == OPEN else _("Closed %(moment)s")
    when %= {"moment": soon(row.closes_at, row.zone)}
    if row.opened_at is None or row.hidden_at is not None or not shows_turnout(row):
        return when
    return _(
        "%(when)s · %(cast)s of %(roll)s voted",
        when=when,
        cast=row.ballot_count,
        roll=row.entitled_count,
    )


def _my_line(reader: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Voter.vote_id == Vote.id, Voter.user_id == reader, Voter.left_at.is_(None)
    )
