"""An event's page: what, when, where, who, the reader's own answer, and comments."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ...attendance.forms.rsvps import RsvpForm, shown_form
from ...attendance.reads import event_view
from ...conversation.routes import comments, thread_page
from ...conversation.routes.thread_page import CommentsBlock, comments_block
from ...core.extensions import db
from ...core.http import links
from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import redirect_303, render_page, wanted_fragment
from ...core.http.permissions import actor, opens, public
from ...core.http.view_as import as_page, render_as
from ...core.ui.qr_code import qr_svg
from ...event_files.reads import shown_pictures
from ...groups import managing
from ...groups.access import can as can_in_group
from ...moderation import reads as cases
from ...people import reads
from ...volunteering import reads as board
from ...voting import reads as vote_reads
from .. import access, calendar, sharing
from ..comments import EventContainer
from ..models import EVERYONE, Event


def talk_about(event: Event, user: Any) -> CommentsBlock | None:
    """Return the newest comments; a draft has none."""
    return None if event.is_draft else comments_block(EventContainer(event), user)


bp = Blueprint("events", __name__, url_prefix="/events")

TEMPLATE_FUNCTIONS = {
    "linked_data": sharing.linked_data,
    "link_preview": sharing.preview,
    "calendar_entry": calendar.entry_of,
}
PARTS = {
    "announcement": "events/_announcement.html",
    "rsvp": "attendance/_rsvp.html",
    "people": "attendance/_people.html",
    "votes": "events/_votes.html",
    "help": "volunteering/_help.html",
}
#: Fragments only for people who are signed in.
WHO_IS_HERE = {"here": "people/_here.html"}


@bp.get("/<slug>")
@public
@cached_for_visitors
def show(slug: str) -> ResponseReturnValue:
    """Show the event; redirect from its earlier addresses."""
    event = access.event_for(actor(), slug)
    return redirect_303(event.path) if event.slug != slug else event_page(event)


@bp.get("/<slug>/link.svg")
@public
def show_link(slug: str) -> ResponseReturnValue:
    """Serve the QR code of the event's address, for its printed poster."""
    event = access.event_for(actor(), slug)
    return Response(qr_svg(links.absolute(event.path), standalone=True), mimetype="image/svg+xml")


def event_page(
    event: Event, rsvp_form: RsvpForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the event's page or a fragment of it, with the answer form as sent if given."""
    reader = actor()
    if wanted_fragment() == "here" and reader.is_authenticated:
        return render_page(
            "events/show.html", WHO_IS_HERE, event=event, present=_who_is_here(event, reader)
        )
    part = wanted_fragment()
    part = part if part in PARTS else None
    view = event_view.view_for(reader, event, with_form=part in (None, "rsvp"))
    is_shared = sharing.may_be_shared(event)
    hidden = cases.hidden_by("event", event.id) if event.hidden_at is not None else None
    more: dict[str, Any] = {
        "may_ask": event.group is not None
        and can_in_group(reader, "group:create_vote", event.group),
        "own_case": hidden if hidden is not None and hidden.author_id == reader.id else None,
        "is_for_all": is_shared and event.audience == EVERYONE,
        "may_be_shared": is_shared,
        **TEMPLATE_FUNCTIONS,
        **_below(view, reader, part),
    }
    if part in (None, "rsvp"):
        more |= shown_form(view, rsvp_form)
    return render_page("events/show.html", PARTS, status, event=event, view=view, **more)


def _below(view: event_view.EventView, reader: Any, part: str | None) -> dict[str, Any]:
    """The parts below the answers that the page or the requested fragment needs."""
    event = view.event
    more: dict[str, Any] = {}
    if part in (None, "votes"):
        more["votes"] = (
            vote_reads.about(event, reader) if event.group and reader.is_authenticated else []
        )
    if part in (None, "help"):
        more |= _help(view, reader)
    if part in (None, "rsvp"):
        more["shown"] = shown_pictures(event, reader, view.rsvp)
    if part is None:
        more["present"] = _who_is_here(event, reader) if reader.is_authenticated else None
        more["talk"] = talk_about(event, reader)
    return more


def _who_is_here(event: Event, reader: Any) -> reads.Here:
    return reads.here(reader, access.topic_of(event), event.path)


def _help(view: event_view.EventView, reader: Any) -> dict[str, Any]:
    """Tasks for people who may take some; others who may answer learn that there are any."""
    event = view.event
    if not event.has_volunteering or not reader.is_authenticated:
        return {}
    if "event:help" in view.may:
        return {"helping": board.glance(event, reader)}
    return {"asks_for_help": view.may_answer}


# An event as a visitor or plain member sees it: their page, with a banner above it. See
# `decisions/0022`.

views_bp = Blueprint("event_view_as", __name__)


@views_bp.get("/events/<slug>/manage/as/<any(visitor, member):who>", endpoint="show")
@opens(access.event_to, "event:edit")
def show_as(event: Event, who: str) -> ResponseReturnValue:
    """Show the event's page as a visitor or member sees it."""
    if (
        wanted_fragment() is not None
    ):  # fragments of such a page aren't fetched: htmx loads the page instead
        return Response(headers={"HX-Redirect": request.path})
    person, path = managing.view_as(who, event.group, actor()), event.path
    shown = {"event": event, "who": who, "hidden": not access.may_see(person, event)}
    banner = render_template("events/manage/_viewing.html", **shown)
    db.session.rollback()  # the page below uses its own connection
    return as_page(render_as(person, path).get_data(as_text=True), banner)


comments_bp = Blueprint("event_comments", __name__, url_prefix="/events/<slug>/comments")


def _container_to(user: Any, action: str, slug: str) -> EventContainer:
    return EventContainer(access.event_to(user, action, slug))


@comments_bp.get("", endpoint="show")
@public
@cached_for_visitors
def show_comments(slug: str) -> ResponseReturnValue:
    """Show the comments, page by page or what is new; no sign-in is needed."""
    container = EventContainer(access.event_for(actor(), slug))
    return thread_page.show(container, container.thread())


comments.mount(
    comments_bp,
    "event",
    _container_to,
    _l("Comments are closed. Only hosts and moderators can write here."),
)
