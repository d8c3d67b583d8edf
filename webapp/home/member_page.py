"""The first page for members: their next event, what waits for them, coming events, groups and
news.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core import i18n, site_settings
from ..core.i18n import soon
from ..core.text.strings import dotted
from ..core.time import clock, time_zones
from ..events import date_format
from ..events.list_rows import EventRow, answer_chip, own_row, own_time_first, seats_chip, varied
from ..events.models import GOING, MAYBE, PUBLISHED
from ..groups.access import ROLE_NAMES
from ..groups.models import JOIN, MEMBER
from ..groups.permissions import may_create
from . import action_items, onboarding, reads

LATELY = timedelta(days=14)
NEEDS_SHOWN, COMING_SHOWN, GROUPS_SHOWN, NEWS_SHOWN, FOUND = 3, 4, 6, 5, 3


def member_page(user: User) -> dict[str, Any]:
    """Return the template's context."""
    now = clock.now()
    events, groups = reads.events_of(user, now), reads.groups_of(user, now)
    votes, invitations = reads.votes_of(user, now), reads.invitations_of(user, now)
    found = action_items.Rows(events, groups, invitations)
    items = action_items.of(user, now, found)
    coming = sorted(
        (row for row in events if row.answer is not None), key=lambda row: row.starts_at
    )
    following = next((row for row in coming if _is_attended(row)), None)
    others = [row for row in coming if row is not following]
    is_new = not groups and not coming
    return {
        "greeting": _greeting(user, now, is_new),
        "may_create_groups": may_create(user, site_settings.value("GROUP_CREATION")),
        "following": following and _next(following, user.zone, now),
        "needs": items[:NEEDS_SHOWN],
        "more_needs": items[NEEDS_SHOWN:],
        "votes": _open_votes(votes, user.zone),
        "events": [_coming(row, user.zone) for row in others[:COMING_SHOWN]],
        "news": latest_news(user, now, events, votes),
        "groups": [_group(row, user.zone) for row in groups[:GROUPS_SHOWN]],
        "setup": onboarding.of_site(user),
        "checklist": onboarding.of_newcomer(user)
        if is_new
        else onboarding.of_organizer(groups, now),
        "is_new": is_new,
        **(_found(user, now) if is_new else {}),
    }


def _is_attended(row: Any) -> bool:
    return row.answer in (GOING, MAYBE) and row.state == PUBLISHED


def _greeting(user: User, now: datetime, is_new: bool) -> str:
    if is_new and user.is_admin:
        return _("Welcome to your site, %(name)s", name=user.first_name)
    if is_new:
        return _("Welcome, %(name)s", name=user.first_name)
    hour = time_zones.in_zone(now, user.zone).hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s", name=user.first_name)
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s", name=user.first_name)
    return _("Good evening, %(name)s", name=user.first_name)


def _next(row: Any, zone: str, now: datetime) -> dict[str, Any]:
    line = _coming(row, zone)
    return {
        "event": line,
        "kicker": (
            _("Happening now")
            if row.starts_at <= now
            else _("Your next event · %(when)s", when=_how_soon(row, zone, now))
        ),
        "meta": dotted(own_time_first(row, zone, date_format.brief(row, zone)), line.meta),
    }


def _how_soon(row: Any, zone: str, now: datetime) -> str:
    clocks = row.zone if row.is_all_day else zone
    days = (
        time_zones.wall(row.starts_at, clocks).date() - time_zones.wall(now, clocks).date()
    ).days
    if days == 0:
        return _("today")
    return _("tomorrow") if days == 1 else ngettext("in %(num)s day", "in %(num)s days", days)


def _coming(row: Any, zone: str) -> EventRow:
    return own_row(row, zone, answer_chip(row.state, row.answer, row.party))


def _open_votes(votes: Sequence[Any], zone: str) -> dict[str, Any] | None:
    """Return the votes that close first, and how many there are in all."""
    waiting = [row for row in votes if row.closed_at is None]
    if not waiting:
        return None
    total = waiting[0].total
    return {
        "title": ngettext("%(num)s open vote", "%(num)s open votes", total),
        "rows": [_vote(row, zone) for row in waiting],
    }


class VoteCard(NamedTuple):
    """An open vote in the list."""

    url: str
    title: str
    meta: str


@i18n.cached_text
def _vote(row: Any, zone: str) -> VoteCard:
    closes = _("Closes %(moment)s", moment=soon(row.closes_at, zone))
    return VoteCard(url_for("votes.show", slug=row.slug), row.title, dotted(row.group, closes))


class GroupCard(NamedTuple):
    """One of the member's groups; `meta`: their role, open votes, the next event."""

    id: UUID
    url: str
    name: str
    slug: str
    picture: UUID | None
    meta: str


@i18n.cached_text
def _group(row: Any, zone: str) -> GroupCard:
    parts = [str(ROLE_NAMES[row.role])] if row.role != MEMBER else []
    if row.votes:
        parts.append(ngettext("%(num)s open vote", "%(num)s open votes", row.votes))
    if row.next is not None:
        parts.append(_("next event %(day)s", day=i18n.short_day(row.next, zone)))
    meta = dotted(*parts)
    url, meta = url_for("groups.show", slug=row.slug), meta[:1].upper() + meta[1:]
    return GroupCard(row.id, url, row.name, row.slug, row.picture, meta)


def _found(user: User, now: datetime) -> dict[str, Any]:
    """Return groups and events that someone without a group can join and attend."""
    groups = reads.public_groups(joinable=True)
    return {
        "groups_found": [_joinable(row, user) for row in groups[:FOUND]],
        "events_found": varied(
            [
                own_row(row, user.zone, seats_chip(row))
                for row in reads.public_events(user, now)[:FOUND]
            ]
        ),
    }


def _joinable(row: Any, user: User) -> dict[str, Any]:
    """Return a group's row, with a join button if there is nothing to read or answer first."""
    members = ngettext("%(num)s member", "%(num)s members", row.member_count)
    is_simple = row.join_policy == JOIN and not row.has_code and user.is_verified
    url = url_for("groups.show", slug=row.slug)
    return {
        "id": row.id,
        "url": url,
        "name": row.name,
        "slug": row.slug,
        "picture": row.picture,
        "meta": dotted(members, row.summary),
        "join_url": url_for("memberships.create", slug=row.slug) if is_simple else "",
        "action": _("Join") if row.join_policy == JOIN else _("Ask to join"),
    }


def latest_news(
    user: User, now: datetime, events: Sequence[Any], votes: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return recent news, latest first; leave out events that are among the needs.

    The rows are those of `reads`.
    """
    new = [
        row
        for row in events
        if action_items.is_unanswered(row) and not action_items.is_asked(row, now)
    ]
    news = [
        (row.published_at, _news_event(row, user.zone))
        for row in new
        if row.published_at and row.published_at > now - LATELY
    ]
    news += [
        (row.closes_at, _result(row))
        for row in votes
        if row.closed_at and row.closes_at > now - LATELY
    ]
    news.sort(key=lambda pair: pair[0], reverse=True)
    return [line | {"since": moment} for moment, line in news[:NEWS_SHOWN]]


def _news_event(row: Any, zone: str) -> dict[str, Any]:
    moment = _("on %(moment)s", moment=date_format.short(row, zone))
    return _line(
        row,
        url_for("events.show", slug=row.slug),
        "calendar",
        _("New event"),
        dotted(row.group_name, moment),
    )


def _result(row: Any) -> dict[str, Any]:
    closed = _("closed on %(day)s", day=i18n.short_day(row.closes_at))
    return _line(
        row, url_for("votes.show", slug=row.slug), "vote", _("Decided"), dotted(row.group, closed)
    )


def _line(row: Any, url: str, symbol: str, kind: str, meta: str) -> dict[str, Any]:
    return {"title": row.title, "url": url, "symbol": symbol, "kind": kind, "meta": meta}
