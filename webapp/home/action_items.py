"""What waits for a word from one person: held seats, open votes, people at the door, drafts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ..accounts.models import User
from ..core import i18n
from ..events import date_format
from ..events.models import CANCELLED, DRAFT, GOING, OFFERED, PUBLISHED
from ..groups.access import ACTIONS
from ..invitations.access import path as invitation_path
from ..voting.models import FEWEST

Need = dict[str, Any]
#: An event of a group's asks for an answer when so little time is left.
ASKED_BEFORE = timedelta(days=10)


class Rows(NamedTuple):
    """What the statements of `reads` have found."""

    events: Sequence[Any]
    votes: Sequence[Any]
    groups: Sequence[Any]
    invitations: Sequence[Any] = ()


def of(user: User, now: datetime, found: Rows) -> list[Need]:
    """What waits for `user`, the most pressing first."""
    events, votes, groups, invitations = found
    held = [
        row
        for row in events
        if row.answer == OFFERED and row.state != CANCELLED and row.offered_until > now
    ]
    return [
        *(_offer(row, user.zone) for row in sorted(held, key=lambda row: row.offered_until)),
        *(_ownership(row, user.zone) for row in groups if row.ownership_until is not None),
        *(_invitation(row, user.zone) for row in invitations),
        *(_vote(row, user.zone) for row in votes if not row.has_voted),
        *(
            _help(row, user.zone)
            for row in events
            if row.to_do and row.answer == GOING and row.state == PUBLISHED
        ),
        *(_answer(row, user.zone) for row in events if is_unanswered(row) and is_asked(row, now)),
        *(
            _requests(row)
            for row in groups
            if row.asking and row.role in ACTIONS["group:answer_requests"]
        ),
        *(_draft(row, user.zone) for row in events if row.state == DRAFT),
    ]


def is_unanswered(row: Any) -> bool:
    """Whether it is an event of a group's that waits for the person's answer."""
    return row.answer is None and row.state == PUBLISHED


def is_asked(row: Any, now: datetime) -> bool:
    """Whether its answer is due soon: before that it is news."""
    return bool(min(row.rsvp_deadline or row.starts_at, row.starts_at) < now + ASKED_BEFORE)


def soon(moment: datetime, zone: str) -> str:
    """“Sat 27 Feb, 18:00” in the zone."""
    return f"{i18n.short_day(moment, zone)}, {i18n.clock_time(moment, zone)}"


def turnout(row: Any) -> str:
    """How many of those who may vote have; nothing of a secret vote before its first mix, nor
    where few have.
    """
    if row.is_secret and row.ballot_count < FEWEST:
        return ""
    return _("%(voted)s of %(all)s have voted", voted=row.ballot_count, all=row.roll_count)


def _need(
    title: str,
    url: str,
    chip: tuple[str, str],
    words: str,
    link: str = "",
    buttons: Sequence[Any] = (),
) -> Need:
    return {
        "title": title,
        "url": url,
        "chip": chip,
        "words": words,
        "link": link,
        "buttons": buttons,
    }


def _offer(row: Any, zone: str) -> Need:
    seats = row.party
    take = (
        _("Accept both seats")
        if seats == 2
        else ngettext("Accept the seat", "Accept all %(num)s seats", seats)
    )
    return _need(
        title=ngettext(
            "A seat is free for you at %(title)s",
            "%(num)s seats are free for you at %(title)s",
            seats,
            title=row.title,
        ),
        url=url_for("events.show", slug=row.slug),
        chip=("wait", _("Accept by %(moment)s", moment=soon(row.offered_until, zone))),
        words=ngettext(
            "We’re holding it for you. If you decline, you keep waiting, at the back of the list.",
            "We’re holding them for you. If you decline, you keep waiting, at the back of the "
            "list.",
            seats,
        ),
        buttons=[
            (take, url_for("offers.create", slug=row.slug), True),
            (
                ngettext("Decline", "Decline", seats),
                url_for("offers.delete", slug=row.slug),
                False,
            ),
        ],
    )


def _ownership(row: Any, zone: str) -> Need:
    return _need(
        title=_("%(name)s invited you to co-own %(group)s", name=row.ownership_by, group=row.name),
        url=url_for("ownership.show", slug=row.slug),
        chip=("wait", _("Until %(day)s", day=i18n.short_day(row.ownership_until, zone))),
        words=_("Owners can do everything in the group. Nothing changes until you accept."),
        link=_("Accept or decline"),
    )


def _invitation(row: Any, zone: str) -> Need:
    path = invitation_path(row)
    return _need(
        title=_("You’re invited to %(group)s", group=row.group),
        url=path,
        chip=("wait", _("Until %(day)s", day=i18n.short_day(row.expires_at, zone))),
        words=_("%(name)s invited you to join.", name=f"{row.first_name} {row.last_name}"),
        buttons=[
            (_("Join group"), f"{path}/acceptance", True),
            (_("Decline"), f"{path}/refusal", False),
        ],
    )


def _vote(row: Any, zone: str) -> Need:
    return _need(
        title=row.title,
        url=url_for("votes.show", slug=row.slug),
        chip=("note", _("Closes %(moment)s", moment=soon(row.closes_at, zone))),
        words=" · ".join(filter(None, (row.group, turnout(row)))),
        link=_("Vote"),
    )


def _help(row: Any, zone: str) -> Need:
    return _need(
        title=ngettext(
            "You have %(num)s task for %(title)s",
            "You have %(num)s tasks for %(title)s",
            row.to_do,
            title=row.title,
        ),
        url=url_for("event_help.show", slug=row.slug),
        chip=("wait", _("Next: %(moment)s", moment=soon(row.to_do_at, zone)))
        if row.to_do_at
        else ("", _("Help")),
        words=_("You’ve taken this on. If you can’t do it after all, give it back."),
        link=_("View tasks"),
    )


def _answer(row: Any, zone: str) -> Need:
    until = (
        _("answer by %(moment)s", moment=soon(row.rsvp_deadline, zone)) if row.rsvp_deadline else ""
    )
    return _need(
        title=_("Are you going to %(title)s?", title=row.title),
        url=url_for("events.show", slug=row.slug),
        chip=("", date_format.short(row, zone)),
        words=" · ".join(part for part in (row.group_name, until) if part),
        link=_("Answer"),
    )


def _requests(row: Any) -> Need:
    return _need(
        title=ngettext(
            "%(num)s person wants to join %(group)s",
            "%(num)s people want to join %(group)s",
            row.asking,
            group=row.name,
        ),
        url=url_for("join_requests.index", slug=row.slug),
        chip=("", _("Requests")),
        words=_("They’re waiting for an answer."),
        link=_("View requests"),
    )


def _draft(row: Any, zone: str) -> Need:
    return _need(
        title=row.title,
        url=url_for("events.show", slug=row.slug),
        chip=("", _("Draft")),
        words=_(
            "Planned for %(moment)s. Only its hosts can see it so far.",
            moment=date_format.short(row, zone),
        ),
        link=_("View draft"),
    )
