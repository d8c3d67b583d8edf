"""Reports: three cases wait, two are decided."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ...core.extensions import db
from ...core.time import clock
from ...moderation import decisions, reads, reports as verbs
from ...moderation.models import Case
from ...moderation.reportable_types import THINGS
from ...notifications.models import Notification
from . import past, texts
from .events import Events
from .groups import Groups
from .people import Cast


@dataclass(frozen=True)
class Reported:
    """A report `days` ago: an event's key or a person's name, what was said, and the decision."""

    what: str
    said: list[dict[str, str]]
    days: int
    group: str = ""
    decided: dict[str, str] | None = None


def create(cast: Cast, groups: Groups, events: Events) -> None:
    """Create all reports, and decide some a day later."""
    for one in texts.rows(Reported, texts.load("reports")):
        _report(one, cast, groups, events)


def _report(one: Reported, cast: Cast, groups: Groups, events: Events) -> None:
    kind, thing = ("person", cast[one.what]) if one.what in cast else ("event", events[one.what])
    rows = []
    for said in one.said:
        by = cast[said["by"]] if "by" in said else None  # None is a visitor
        group = groups.get(one.group)
        rows.append(verbs.report(THINGS[kind], thing, by, said["rule"], said["words"], group))
    case = rows[0].case
    if one.decided is not None:
        act, judge, words = (one.decided[name] for name in ("outcome", "by", "words"))
        decisions.decide(case, act, one.decided.get("rule"), words, cast[judge], case.version)
    _back(case, rows, one.days)


def _back(case: Case, rows: list[Any], days: int) -> None:
    """Date the reports to `days` ago, an hour apart, and the decision to the day after."""
    db.session.flush()
    since = clock.now() - timedelta(days=days)
    case.created_at = case.pending_since = since
    for number, row in enumerate(rows):
        row.created_at = since + timedelta(hours=number)
    if case.closed_at is not None:
        case.closed_at = since + timedelta(days=1)
        for step in reads.case_log(case):
            step.created_at = case.closed_at
    for scope, moment in (
        ("report_case", since),
        ("decision", case.closed_at),
        ("reported", case.closed_at),
    ):
        mine = sa.update(Notification).where(Notification.scope == f"{scope}:{case.id}")
        if moment is not None:
            read_at = (
                moment + timedelta(hours=5) if moment < clock.now() - past.READ_AFTER else None
            )
            db.session.execute(mine.values(created_at=moment, read_at=read_at))
