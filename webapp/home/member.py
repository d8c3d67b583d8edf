"""The first page for a person: what waits for them, what comes, and their groups."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ..accounts.models import User
from ..core import clock, language, times
from ..events.rows import answer_chip, own_row
from ..groups.access import ROLE_NAMES
from ..groups.models import MEMBER
from . import needs, news, reads, steps, visitor

COMING_SHOWN = 8


def page(user: User) -> dict[str, Any]:
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
    title, first = steps.of(user, is_new)
    still_open = [row for row in votes if row.closed_at is None]
    return {
        "today": language.day(now, user.zone),
        "greeting": _greeting(user, now),
        "needs": needs.of(user, now, needs.Rows(events, still_open, groups, invitations)),
        "events": [
            own_row(row, user.zone, answer_chip(row.state, row.answer, row.party))
            for row in coming[:COMING_SHOWN]
        ],
        "votes": [_vote(row, user.zone) for row in still_open if row.has_voted],
        "news": news.of(user, now, events, votes),
        "groups": [_group(row, user.zone) for row in groups],
        "steps_title": title,
        "steps": first,
        "is_new": is_new,
        "found": visitor.page() if is_new else None,
    }


def _greeting(user: User, now: datetime) -> str:
    hour = times.in_zone(now, user.zone).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s", name=user.first_name)
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s", name=user.first_name)
    return _("Good evening, %(name)s", name=user.first_name)


def _vote(row: Any, zone: str) -> dict[str, Any]:
    closes = _("closes %(moment)s", moment=needs.soon(row.closes_at, zone))
    return {
        "url": url_for("votes.show", slug=row.slug),
        "title": row.title,
        "meta": " · ".join(filter(None, (row.group, closes, needs.turnout(row)))),
        "chip": ("yes", _("Your ballot is in")),
    }


def _group(row: Any, zone: str) -> dict[str, Any]:
    parts = [str(ROLE_NAMES[row.role])] if row.role != MEMBER else []
    if row.votes:
        parts.append(ngettext("%(num)s open vote", "%(num)s open votes", row.votes))
    if row.next is not None:
        parts.append(_("next on %(day)s", day=language.short_day(row.next, zone)))
    meta = " · ".join(parts)
    return {
        "id": row.id,
        "url": url_for("groups.show", slug=row.slug),
        "name": row.name,
        "slug": row.slug,
        "picture": row.picture,
        "meta": meta[:1].upper() + meta[1:],
    }
