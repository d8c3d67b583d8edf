"""Notifications about tasks and shifts: their types, their recipients, and the live signal for open
boards.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User
from ..core import i18n, live
from ..core.text.strings import listed
from ..core.time import clock
from ..events import audience, open_requests
from ..events.models import Event
from ..notifications.inbox import unread_with
from ..notifications.models import INBOX, NOW, OFF
from ..notifications.notification_types import EVENTS, notification
from ..notifications.notify import notify
from .models import DONE, EventShift, EventTask, ShiftClaim


def _helping(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Events at which the reader has a task to do or a shift that isn't over."""
    task = sa.exists().where(
        EventTask.event_id == Event.id, EventTask.assignee_id == reader.id, EventTask.state != DONE
    )
    shift = sa.exists().where(
        EventShift.event_id == Event.id,
        EventShift.ends_at > clock.now(),
        ShiftClaim.shift_id == EventShift.id,
        ShiftClaim.user_id == reader.id,
    )
    events = open_requests.shown(reader, Event.id)
    return events.where(Event.id.in_(ids), sa.or_(task, shift))


@notification(
    "task.given",
    EVENTS,
    _l("A host assigns you a task or shift"),
    _l("New task for you"),
    from_person=True,
    holds=_helping,
)
def _given(event: str, name: str, what: str) -> str:
    return _("%(name)s assigned you “%(what)s” at “%(event)s”", name=name, event=event, what=what)


@notification(
    "task.taken",
    EVENTS,
    _l("You’re removed from a task or shift, or it’s cancelled"),
    _l("No longer assigned"),
)
def _taken(event: str, what: str) -> str:
    return _("You’re no longer assigned to “%(what)s” at “%(event)s”", event=event, what=what)


@notification(
    "task.due",
    EVENTS,
    _l("The day before your task is due or your shift starts"),
    _l("Task reminder"),
    channels=(NOW, INBOX, OFF),
    holds=_helping,
)
def _due(event: str, what: str, due: str, zone: str) -> str:
    moment = i18n.moment(datetime.fromisoformat(due), zone)
    return _(
        "Reminder for “%(event)s”: %(what)s, %(moment)s", event=event, what=what, moment=moment
    )


@notification(
    "shift.moved",
    EVENTS,
    _l("Your shift has new times"),
    _l("New shift times"),
    holds=_helping,
)
def _moved(event: str, what: str, starts: str, zone: str) -> str:
    moment = i18n.moment(datetime.fromisoformat(starts), zone)
    return _(
        "“%(what)s” at “%(event)s” now starts %(moment)s", what=what, event=event, moment=moment
    )


@notification(
    "task.released",
    EVENTS,
    _l("Someone drops out of a task or shift at your event"),
    _l("Someone dropped out"),
)
def _released(event: str, name: str, what: str) -> str:
    return _("%(name)s dropped out of “%(what)s” at “%(event)s”", name=name, event=event, what=what)


#: Types sent again only after the last one was read, so that taking and dropping a task repeatedly
#: sends no further emails.
ONCE = {"task.released"}


def changed(event: Event) -> None:
    """Signal open boards and lists of shifts to reload."""
    live.signal(f"event:{event.id}:tasks")


def assigned(event: Event, user: User, title: str, by: User) -> None:
    """Notify someone of a task or shift, unless they took it themselves."""
    _notify(event, [user], "task.given", {"what": title, "name": by.name}, by=by)


def unassigned(event: Event, users: Sequence[User], title: str, by: User) -> None:
    """Notify people who were removed from a task or shift by someone else."""
    _notify(event, users, "task.taken", {"what": title}, by=by)


def released(event: Event, user: User, titles: Sequence[str]) -> None:
    """Notify the other hosts that someone dropped out, so that it's available again."""
    _notify(
        event,
        audience.hosts_of(event),
        "task.released",
        {"name": user.name, "what": listed(titles)},
        url=f"{event.path}/manage/tasks",
        by=user,
    )
    changed(event)


def moved(event: Event, users: Sequence[User], shift: EventShift, by: User) -> None:
    """Notify the shift's people of its new hours."""
    words = {"what": shift.title, "starts": shift.starts_at.isoformat(), "zone": event.zone}
    _notify(event, users, "shift.moved", words, by=by)


def due(event: Event, user: User, title: str, moment: datetime | None) -> None:
    """Remind someone of their task or shift, with the time in their zone."""
    assert moment is not None
    _notify(
        event, [user], "task.due", {"what": title, "due": moment.isoformat(), "zone": user.zone}
    )


def _notify(
    event: Event,
    users: Sequence[User],
    kind: str,
    words: dict[str, Any],
    url: str = "",
    by: User | None = None,
) -> None:
    about: dict[str, Any] = {
        "scope": f"event:{event.id}",
        "about": event.title,
        "group_id": event.group_id,
    }
    values = {"event": event.title, **words}
    if kind in ONCE:
        know = unread_with(users, kind, about["scope"], values)
        users = [user for user in users if user.id not in know]
    if users:
        notify(users, kind, url or f"{event.path}/help", values, **about, by=by)
