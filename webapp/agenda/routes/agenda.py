"""The agenda as visitors and members read it: a day by room and time, each session, the speakers,
and the reader's own agenda.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.storage import pictures as files
from ...core.time import clock
from ...events import access, calendar
from ...events.models import Event
from .. import (
    calendar as session_calendar,
    clashes,
    reads as reads,
    session_view,
    sessions,
    speakers as speaking,
    timetable,
)
from ..forms import BookingForm
from ..models import AgendaSession

bp = Blueprint("agenda", __name__, url_prefix="/events/<slug>")
WORDS: dict[str, Any] = {
    "own_chip": session_view.own_chip,
    "seats_chip": session_view.seats_chip,
    "face": session_view.speaker_face,
}


@bp.get("/agenda")
@public
@cached_for_visitors
def index(slug: str) -> ResponseReturnValue:
    """Show one day of the agenda: a grid by room and time, or a list on small screens."""
    reader = actor()
    return day_page(session_view.agenda_for(reader, slug), reader)


def day_page(event: Event, who: Any) -> ResponseReturnValue:
    """Render the requested day, with the choices of `who`, possibly a guest."""
    days = reads.days_of(event)
    day = reads.shown_day(days, request.args.get("day", ""), clock.now(), event.zone)
    found = reads.sessions_on(event, day.date) if day is not None else []
    shown: dict[str, Any] = {
        "days": days,
        "day": day,
        "table": timetable.draw(found),
        **session_view.reader_context(who, event),
    }
    shown |= {
        "labels": session_view.SessionLabels(reads.chosen_by(event, who), shown["zone"]),
        "can_edit": access.can_edit(who, event),
    }
    return render_page("agenda/index.html", {"agenda": "agenda/_agenda.html"}, **shown)


@bp.get("/agenda/<uuid:session_id>")
@public
@cached_for_visitors
def show(slug: str, session_id: UUID) -> ResponseReturnValue:
    """Show one session: time, room, speakers, and the reader's own seats."""
    event = session_view.agenda_for(current_user, slug)
    return session_page(sessions.with_id(event, session_id), current_user)


def session_page(
    session: AgendaSession, who: Any, form: BookingForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the session's page for `who`, or the requested fragment. `form`: the form as it was
    sent.
    """
    view = session_view.view_for(who, session)
    if form is None and view.party and not view.closed:
        form = BookingForm(view.party, view.booking, session.capacity)
    shown: dict[str, Any] = {
        "session": session,
        "view": view,
        "form": form,
        "says": session_view.button_label,
    }
    shown |= session_view.reader_context(who, session.event)
    return render_page(
        "agenda/session.html",
        {"booking": "agenda/_booking.html"},
        status,
        **shown,
        **WORDS,
    )


@bp.get("/agenda/mine")
@signed_in
def mine(slug: str) -> ResponseReturnValue:
    """List the sessions that the reader chose, with what is on at the same time."""
    return own_page(session_view.agenda_for(current_user, slug), current_user)


def own_page(event: Event, who: Any) -> ResponseReturnValue:
    """Render the sessions that `who`, possibly a guest, has chosen."""
    chosen = reads.agenda_of(event, who)
    shown: dict[str, Any] = {
        "chosen": chosen,
        "positions": reads.positions_of(event, who),
        **session_view.reader_context(who, event),
    }
    shown["clashes"] = clashes.overlapping(one for one, _booking in chosen)
    return render_page("agenda/mine.html", **shown, **WORDS)


@bp.get("/agenda/mine.ics")
@signed_in
def file(slug: str) -> ResponseReturnValue:
    """Serve the reader's sessions as a calendar file."""
    return own_file(session_view.agenda_for(current_user, slug), current_user)


def own_file(event: Event, who: Any) -> ResponseReturnValue:
    """Return the same sessions as a calendar file."""
    answer = Response(
        session_calendar.agenda_for(event, reads.agenda_of(event, who)), mimetype=calendar.KIND
    )
    answer.headers.set("Content-Disposition", "attachment", filename=f"{event.slug}-agenda.ics")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.get("/speakers")
@public
@cached_for_visitors
def speakers(slug: str) -> ResponseReturnValue:
    """List the speakers."""
    event = session_view.agenda_for(current_user, slug)
    return render_page(
        "agenda/speakers.html", event=event, speakers=speaking.speakers_of(event), **WORDS
    )


@bp.get("/speakers/<uuid:speaker_id>")
@public
@cached_for_visitors
def speaker(slug: str, speaker_id: UUID) -> ResponseReturnValue:
    """Show a speaker and their sessions."""
    event = session_view.agenda_for(current_user, slug)
    found = speaking.with_id(event, speaker_id)
    return render_page("agenda/speaker.html", event=event, speaker=found, **WORDS)


@bp.get("/speakers/<uuid:speaker_id>/picture/<uuid:picture>/<int:size>")
@public
def speaker_picture(slug: str, speaker_id: UUID, picture: UUID, size: int) -> ResponseReturnValue:
    """Serve a speaker's picture."""
    event = session_view.agenda_for(current_user, slug)
    found = speaking.with_id(event, speaker_id)
    if found.picture != picture:
        abort(404)
    return files.answer(files.AVATAR, picture, size)
