"""Every kind of notice about an event: its recipients, whether it still applies, and how to send
it.
"""

from typing import Any

import sqlalchemy as sa

from ..accounts.models import User
from ..core.time import clock
from ..events import audience, change_notices, notices
from ..events.change_notices import is_shown, register
from ..events.models import (
    CANCELLED,
    DRAFT,
    GOING,
    MAYBE,
    Event,
    EventInvitation,
    EventNotice,
    Rsvp,
    change_notice as kinds,
)
from ..groups import access as group_access, reads as group_reads
from . import attendee_filter, feedback, inviting

#: Recipients of reminders: Maybe gets one, the waiting list none.
REMINDED = {kinds.DAY: (GOING, MAYBE), kinds.HOUR: (GOING,)}


def _concerned(event: Event, notice: EventNotice) -> sa.Select[Any]:
    return audience.answers_to(event, audience.CONCERNED, but=notice.by_id)


def _people(rows: Any) -> list[Any]:
    return [row.who for row in rows]


def _is_on(event: Event, _notice: EventNotice) -> bool:
    return is_shown(event) and event.is_published and not event.is_finished


def _has_moved(event: Event, notice: EventNotice) -> bool:
    return (
        is_shown(event)
        and event.is_published
        and bool(change_notices.changes_since(notice.words["before"], event))
    )


def _still_hidden(event: Event, _notice: EventNotice) -> bool:
    return (
        event.deleted_at is None
        and event.hidden_at is not None
        and event.is_published
        and not event.is_finished
    )


def _is_near(event: Event, notice: EventNotice) -> bool:
    return (
        is_shown(event)
        and event.is_published
        and event.starts_at == notice.starts_at
        and event.starts_at > clock.now()
    )


def _author_can_notify(event: Event, notice: EventNotice) -> bool:
    return (
        is_shown(event) and event.state != DRAFT and notice.by is not None and notice.by.is_active
    )


def _can_still_invite(event: Event, notice: EventNotice) -> bool:
    return _is_on(event, notice) and _author_can_notify(event, notice)


def _who_lose_sight(event: Event, rows: Any) -> list[Any]:
    """Without people who can see the event even while it is hidden."""
    see = audience.hosts_of(event)
    if event.group is not None:
        see += group_reads.members(event.group, *group_access.ACTIONS["group:moderate"])
    return [who for who in _people(rows) if who.id not in {one.id for one in see}]


def _reminded(event: Event, notice: EventNotice) -> sa.Select[Any]:
    return audience.answers_to(event, REMINDED[notice.kind])


def _to_answers(kind: str, is_current: Any, tell: Any, who: Any = _concerned) -> None:
    register(kind, who, Rsvp.id, is_current, tell)


register(
    kinds.PUBLISHED,
    lambda event, notice: audience.members_of(event, but=notice.by_id),
    User.id,
    _is_on,
    lambda event, notice, people: notices.published(event, people, notice.by),
)
_to_answers(
    kinds.CHANGED,
    _has_moved,
    lambda event, notice, rows: notices.moved(
        event, _people(rows), notice.id, notice.words["before"]
    ),
)
_to_answers(
    kinds.CANCELLED,
    lambda event, _notice: event.state == CANCELLED and event.deleted_at is None,
    lambda event, _notice, rows: notices.cancelled(event, _people(rows)),
)
_to_answers(
    kinds.RESUMED, _is_on, lambda event, _notice, rows: notices.resumed(event, _people(rows))
)
_to_answers(
    kinds.HIDDEN,
    _still_hidden,
    lambda event, _notice, rows: notices.hidden(event, _who_lose_sight(event, rows)),
)
_to_answers(
    kinds.SHOWN,
    _is_on,
    lambda event, _notice, rows: notices.unhidden(event, _who_lose_sight(event, rows)),
)
for _kind in kinds.REMINDERS:
    _to_answers(
        _kind,
        _is_near,
        lambda event, notice, rows: notices.nearing(event, _people(rows), notice.kind),
        _reminded,
    )
_to_answers(
    kinds.FEEDBACK,
    lambda event, _notice: feedback.closed_because(event) is None,
    lambda event, _notice, rows: notices.feedback_requested(event, _people(rows)),
    lambda event, _notice: feedback.attended(event),
)
_to_answers(
    kinds.MESSAGE,
    _author_can_notify,
    lambda event, notice, rows: notices.message_sent(event, _people(rows), notice),
    attendee_filter.recipients,
)
register(
    kinds.INVITED, inviting.listed, EventInvitation.id, _can_still_invite, inviting.email_addresses
)
register(
    kinds.MEMBERS, inviting.unanswered_members, User.id, _can_still_invite, inviting.notify_members
)
