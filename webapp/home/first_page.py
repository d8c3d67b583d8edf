"""The first page: for a person what needs them, what comes next, their groups and their news.

For a visitor it says what this is, what's on, and who meets here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ..accounts.models import User
from ..core import i18n, site_settings
from ..core.time import clock, time_zones
from ..events import date_format
from ..events.list_rows import answer_chip, own_row
from ..events.models import path_of
from ..groups.access import ROLE_NAMES
from ..groups.models import MEMBER
from . import action_items, onboarding, reads

LATELY = timedelta(days=14)
SHOWN = 5


def latest_news(
    user: User, now: datetime, events: Sequence[Any], votes: Sequence[Any]
) -> list[dict[str, Any]]:
    """What happened in the last days, the latest first; the rows are those of `reads`, without
    what stands among the needs.
    """
    new = [
        row
        for row in events
        if action_items.is_unanswered(row) and not action_items.is_asked(row, now)
    ]
    told = [
        (row.published_at, _news_event(row, user.zone))
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


def _news_event(row: Any, zone: str) -> dict[str, Any]:
    moment = _("on %(moment)s", moment=date_format.short(row, zone))
    return _line(
        row,
        url_for("events.show", slug=row.slug),
        "calendar",
        _("New event"),
        f"{row.group_name} · {moment}",
    )


def _result(row: Any) -> dict[str, Any]:
    closed = _("closed on %(day)s", day=i18n.short_day(row.closes_at))
    return _line(
        row, url_for("votes.show", slug=row.slug), "vote", _("Decided"), f"{row.group} · {closed}"
    )


def _line(row: Any, url: str, symbol: str, kind: str, meta: str) -> dict[str, Any]:
    return {"title": row.title, "url": url, "symbol": symbol, "kind": kind, "meta": meta}


def visitor_page() -> dict[str, Any]:
    """What the template takes."""
    now = clock.now()
    events, groups = reads.public_events(current_user, now), reads.public_groups()
    return {
        "events": [_visitor_event(row) for row in events[: reads.SHOWN]],
        "more_events": len(events) > reads.SHOWN,
        "groups": [_visitor_group(row) for row in groups[: reads.SHOWN]],
        "more_groups": len(groups) > reads.SHOWN,
        "welcome": site_settings.value("WELCOME"),
    }


def _visitor_event(row: Any) -> dict[str, Any]:
    where = row.venue or (
        _("Online, %(place)s time", place=time_zones.place_of(row.zone)) if row.online_url else ""
    )
    return {
        "id": row.id,
        "url": path_of(row.slug),
        "path": path_of(row.slug),
        "picture": row.picture,
        "topic": row.topic,
        "title": row.title,
        "starts": time_zones.wall(row.starts_at, row.zone),
        "kicker": date_format.short(row),
        "meta": " · ".join(part for part in (where, row.group) if part),
        "chip": _seats(row),
    }


def _seats(row: Any) -> tuple[str, str] | None:
    if row.capacity is None:
        return None
    free = max(0, row.capacity - row.seats_taken)
    if not free:
        return ("wait", _("Full, with a waiting list"))
    return ("yes", ngettext("%(num)s seat left", "%(num)s seats left", free))


def _visitor_group(row: Any) -> dict[str, Any]:
    people = ngettext("%(num)s member", "%(num)s members", row.member_count)
    return {
        "id": row.id,
        "url": url_for("groups.show", slug=row.slug),
        "name": row.name,
        "slug": row.slug,
        "picture": row.picture,
        "about": row.summary,
        "meta": " · ".join(part for part in (row.location, people) if part),
    }


COMING_SHOWN = 8


def member_page(user: User) -> dict[str, Any]:
    """What the template takes."""
    now = clock.now()
    events, votes, groups = (
        reads.events_of(user, now),
        reads.votes_of(user, now),
        reads.groups_of(user, now),
    )
    invitations = reads.invitations_of(user, now)
    coming = sorted(
        (row for row in events if row.answer is not None), key=lambda row: row.starts_at
    )
    is_new = not groups and not coming
    title, first = onboarding.of(user, is_new)
    still_open = [row for row in votes if row.closed_at is None]
    return {
        "today": i18n.day(now, user.zone),
        "greeting": _greeting(user, now),
        "needs": action_items.of(
            user, now, action_items.Rows(events, still_open, groups, invitations)
        ),
        "events": [
            own_row(row, user.zone, answer_chip(row.state, row.answer, row.party))
            for row in coming[:COMING_SHOWN]
        ],
        "votes": [_vote(row, user.zone) for row in still_open if row.has_voted],
        "news": latest_news(user, now, events, votes),
        "groups": [_group(row, user.zone) for row in groups],
        "steps_title": title,
        "steps": first,
        "is_new": is_new,
        "found": visitor_page() if is_new else None,
    }


def _greeting(user: User, now: datetime) -> str:
    hour = time_zones.in_zone(now, user.zone).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s", name=user.first_name)
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s", name=user.first_name)
    return _("Good evening, %(name)s", name=user.first_name)


def _vote(row: Any, zone: str) -> dict[str, Any]:
    closes = _("closes %(moment)s", moment=action_items.soon(row.closes_at, zone))
    return {
        "url": url_for("votes.show", slug=row.slug),
        "title": row.title,
        "meta": " · ".join(filter(None, (row.group, closes, action_items.turnout(row)))),
        "chip": ("yes", _("You’ve voted")),
    }


def _group(row: Any, zone: str) -> dict[str, Any]:
    parts = [str(ROLE_NAMES[row.role])] if row.role != MEMBER else []
    if row.votes:
        parts.append(ngettext("%(num)s open vote", "%(num)s open votes", row.votes))
    if row.next is not None:
        parts.append(_("next on %(day)s", day=i18n.short_day(row.next, zone)))
    meta = " · ".join(parts)
    return {
        "id": row.id,
        "url": url_for("groups.show", slug=row.slug),
        "name": row.name,
        "slug": row.slug,
        "picture": row.picture,
        "meta": meta[:1].upper() + meta[1:],
    }
