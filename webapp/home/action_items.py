"""What waits for a person: seat offers, invitations, tasks, requests and drafts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core import i18n
from ..core.i18n import soon
from ..core.text.strings import dotted
from ..core.ui.to_do import Todo
from ..events import date_format
from ..events.models import CANCELLED, DRAFT, GOING, OFFERED, PUBLISHED
from ..groups.access import ACTIONS
from ..invitations.access import path as invitation_path

#: An event of a group asks for an answer this long before its deadline.
ASKED_BEFORE = timedelta(days=10)


class Rows(NamedTuple):
    """The rows that the statements of `reads` found."""

    events: Sequence[Any]
    groups: Sequence[Any]
    invitations: Sequence[Any] = ()


def of(user: User, now: datetime, found: Rows) -> list[Todo]:
    """Return what waits for `user`, earliest deadline first; votes have their own list."""
    events, groups, invitations = found
    zone = user.zone
    items = [
        *(_offer(row, zone) for row in events if _is_held(row, now)),
        *(_ownership(row, zone) for row in groups if row.ownership_until is not None),
        *(_invitation(row, zone) for row in invitations),
        *(_help(row, zone) for row in events if _is_helping(row)),
        *(_answer(row, zone) for row in events if is_unanswered(row) and is_asked(row, now)),
        *(_requests(row) for row in groups if _may_answer(row)),
        *(_draft(row, zone) for row in events if row.state == DRAFT),
    ]
    return sorted(items, key=lambda one: (one.until is None, one.until or now))


def _is_held(row: Any, now: datetime) -> bool:
    return bool(row.answer == OFFERED and row.state != CANCELLED and row.offered_until > now)


def _is_helping(row: Any) -> bool:
    return bool(row.to_do and row.answer == GOING and row.state == PUBLISHED)


def _may_answer(row: Any) -> bool:
    return bool(row.asking and row.role in ACTIONS["group:answer_requests"])


def is_unanswered(row: Any) -> bool:
    """Whether it is a group's event that waits for the person's answer."""
    return row.answer is None and row.state == PUBLISHED


def is_asked(row: Any, now: datetime) -> bool:
    """Whether its answer is due soon; before that it is listed as news."""
    return _answer_by(row) < now + ASKED_BEFORE


def _answer_by(row: Any) -> datetime:
    deadline: datetime = min(row.rsvp_deadline or row.starts_at, row.starts_at)
    return deadline


def _offer(row: Any, zone: str) -> Todo:
    seats = row.party
    return Todo(
        words=ngettext(
            "A seat is free for you at %(title)s",
            "%(num)s seats are free for you at %(title)s",
            seats,
            title=row.title,
        ),
        about=row.title,
        url=url_for("events.show", slug=row.slug),
        symbol="clock",
        detail=ngettext(
            "Accept by %(moment)s, or it’ll go to the next person.",
            "Accept by %(moment)s, or they’ll go to the next person.",
            seats,
            moment=soon(row.offered_until, zone),
        ),
        buttons=[
            (
                ngettext("Accept seat", "Accept %(num)s seats", seats),
                url_for("waitlist_offers.create", slug=row.slug),
                True,
            ),
            (_("Decline"), url_for("waitlist_offers.delete", slug=row.slug), False),
        ],
        until=row.offered_until,
    )


def _ownership(row: Any, zone: str) -> Todo:
    return Todo(
        words=_("%(name)s invited you to co-own %(group)s", name=row.ownership_by, group=row.name),
        about=row.name,
        url=url_for("ownership.show", slug=row.slug),
        symbol="key",
        detail=_answer_before(row.ownership_until, zone),
        buttons=[
            (_("Accept"), url_for("ownership.accept", slug=row.slug), False),
            (_("Decline"), url_for("ownership.decline", slug=row.slug), False),
        ],
        until=row.ownership_until,
    )


def _invitation(row: Any, zone: str) -> Todo:
    path = invitation_path(row)
    return Todo(
        words=_("%(name)s invited you to join %(group)s", name=row.inviter, group=row.group),
        about=row.group,
        url=path,
        symbol="people",
        detail=_answer_before(row.expires_at, zone),
        buttons=[
            (_("Join group"), f"{path}/acceptance", False),
            (_("Decline"), f"{path}/refusal", False),
        ],
        until=row.expires_at,
    )


def _answer_before(moment: datetime, zone: str) -> str:
    return _("Answer by %(day)s.", day=i18n.short_day(moment, zone))


def _help(row: Any, zone: str) -> Todo:
    return Todo(
        words=ngettext(
            "You have %(num)s task for %(title)s",
            "You have %(num)s tasks for %(title)s",
            row.to_do,
            title=row.title,
        ),
        about=row.title,
        url=url_for("volunteering.show", slug=row.slug),
        symbol="list",
        detail=_("Next: %(moment)s", moment=soon(row.to_do_at, zone)) if row.to_do_at else "",
        verb=_("View tasks"),
        until=row.to_do_at,
    )


def _answer(row: Any, zone: str) -> Todo:
    until = (
        _("answer by %(moment)s", moment=soon(row.rsvp_deadline, zone)) if row.rsvp_deadline else ""
    )
    return Todo(
        words=_("Are you going to %(title)s?", title=row.title),
        about=row.title,
        url=url_for("events.show", slug=row.slug),
        symbol="calendar",
        detail=dotted(date_format.short(row, zone), row.group_name, until),
        verb=_("Answer"),
        until=_answer_by(row),
    )


def _requests(row: Any) -> Todo:
    return Todo(
        words=ngettext(
            "%(num)s person wants to join %(group)s",
            "%(num)s people want to join %(group)s",
            row.asking,
            group=row.name,
        ),
        about=row.name,
        url=url_for("join_requests.index", slug=row.slug),
        symbol="people",
        verb=_("View requests"),
    )


def _draft(row: Any, zone: str) -> Todo:
    return Todo(
        words=row.title,
        about=row.title,
        url=url_for("events.show", slug=row.slug),
        symbol="edit",
        detail=_("Draft, planned for %(moment)s", moment=date_format.short(row, zone)),
        verb=_("View draft"),
    )
