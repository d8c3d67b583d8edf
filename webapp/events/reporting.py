"""An event can be reported: what those who judge see of it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from ..core.extensions import db
from ..moderation.reportable_types import Around, Reportable, paragraphs, reportable
from . import access, files, hiding, when
from .agenda.speakers import speakers_of
from .asked import asked_at
from .audience import hosts_of
from .models import DRAFT, AgendaSession, Event, EventFile, Room, Speaker, Track


def _load(user: Any, event_id: UUID) -> Event:
    event = _find(event_id)
    if event is None or event.state == DRAFT or not access.may_see(user, event):
        raise NotFound()
    return event


def _find(event_id: UUID) -> Event | None:
    return db.session.scalar(
        sa.select(Event).where(Event.id == event_id, Event.deleted_at.is_(None))
    )


def _excerpt(event: Event) -> str:
    """What whoever sees the event reads: its own words, its agenda, and what it asks."""
    said = [event.title, event.summary, event.place, event.description]
    said += [event.directions, event.cancelled_reason]
    if event.agenda_at is not None:
        said += _agenda(event)
    if event.asks:
        asked = asked_at(event)
        said += [ticket.words for ticket in asked.tickets]
        for question in asked.questions:
            choices = asked.choices.get(question.id, [])
            said.append(paragraphs(question.words, *(one.words for one in choices)))
    return paragraphs(*said)


def _agenda(event: Event) -> list[str]:
    sessions = sa.select(AgendaSession).where(AgendaSession.event_id == event.id)
    said = []
    for one in db.session.scalars(sessions.order_by(AgendaSession.starts_at, AgendaSession.id)):
        said += [one.title, one.description, one.cancelled_reason]
    for model in (Room, Track):
        names = sa.select(model.name).where(model.event_id == event.id)
        said += db.session.scalars(names.order_by(model.name))
    return said + [_spoken(speaker) for speaker in speakers_of(event) if speaker.user_id is None]


def _of_speakers(event: Event) -> dict[str, str]:
    if event.agenda_at is None:
        return {}
    known = [speaker for speaker in speakers_of(event) if speaker.user_id is not None]
    return {str(speaker.user_id): _spoken(speaker) for speaker in known}


def _spoken(speaker: Speaker) -> str:
    return paragraphs(speaker.name, speaker.bio, "\n".join(speaker.links))


def _around(event: Event, user: Any) -> Around:
    hosts = ", ".join(host.name for host in hosts_of(event))
    moment = ("calendar", _("When"), when.whole(event))
    where = [("place", _("Where"), event.place)] if event.place else []
    return [
        moment,
        *where,
        ("people", _("Hosts"), hosts),
        ("ticket", _("Seats taken"), str(event.seats_taken)),
    ]


def _load_file(user: Any, file_id: UUID) -> EventFile:
    file = _find_file(file_id)
    if file is None or not access.may_see(user, file.event) or not files.may_see(user, file.event):
        raise NotFound()
    if file.hidden_at is not None and not files.may_change(user, file):
        raise NotFound()
    return file


def _find_file(file_id: UUID) -> EventFile | None:
    wanted = (
        sa.select(EventFile)
        .join(EventFile.event)
        .where(EventFile.id == file_id, Event.deleted_at.is_(None))
    )
    return db.session.scalar(wanted)


def _file() -> Reportable:
    return Reportable(
        name="file",
        title=_l("A picture or a file"),
        icon="upload",
        load=_load_file,
        find=_find_file,
        label=lambda file: file.caption or file.name,
        url=lambda file: file.path,
        group=lambda file: file.event.group,
        author=lambda file: file.by,
        excerpt=lambda file: paragraphs(file.name, file.caption, file.alt),
        hide=lambda file, by, reason: files.hide(file, by),
        unhide=files.unhide,
        is_hidden=lambda file: file.hidden_at is not None,
        around=lambda file, user: [("calendar", _("At"), file.event.title)],
    )


def register() -> None:
    """Events can be reported, and what people bring to them."""
    reportable(
        _file(),
        Reportable(
            name="event",
            title=_l("An event"),
            icon="calendar",
            load=_load,
            find=_find,
            label=lambda event: event.title,
            url=lambda event: event.path,
            group=lambda event: event.group,
            author=lambda event: event.owner,
            excerpt=_excerpt,
            of_others=_of_speakers,
            hide=lambda event, by, reason: hiding.hide(event, by),
            unhide=hiding.unhide,
            is_hidden=lambda event: event.hidden_at is not None,
            around=_around,
        ),
    )
