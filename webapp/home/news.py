"""News of one's groups: events that were published lately, votes that were decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import language
from ..events import when
from . import needs

LATELY = timedelta(days=14)
SHOWN = 5


def of(
    user: User, now: datetime, events: Sequence[Any], votes: Sequence[Any]
) -> list[dict[str, Any]]:
    """What happened in the last days, the latest first; the rows are those of `reads`, without
    what stands among the needs.
    """
    new = [row for row in events if needs.is_unanswered(row) and not needs.is_asked(row, now)]
    told = [
        (row.published_at, _event(row, user.zone))
        for row in new
        if row.published_at and row.published_at > now - LATELY
    ]
    told += [
        (row.closes_at, _result(row))
        for row in votes
        if row.closed_at and row.closes_at > now - LATELY
    ]
    told.sort(key=lambda pair: pair[0], reverse=True)
    return [line | {"since": moment} for moment, line in told[:SHOWN]]


def _event(row: Any, zone: str) -> dict[str, Any]:
    moment = _("on %(moment)s", moment=when.short(row, zone))
    return _line(
        row,
        url_for("events.show", slug=row.slug),
        "calendar",
        _("New event"),
        f"{row.group_name} · {moment}",
    )


def _result(row: Any) -> dict[str, Any]:
    closed = _("closed on %(day)s", day=language.short_day(row.closes_at))
    return _line(
        row, url_for("votes.show", slug=row.slug), "vote", _("Decided"), f"{row.group} · {closed}"
    )


def _line(row: Any, url: str, symbol: str, kind: str, meta: str) -> dict[str, Any]:
    return {"title": row.title, "url": url, "symbol": symbol, "kind": kind, "meta": meta}
