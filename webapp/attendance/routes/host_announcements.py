"""Notices to attendees and their progress, and hosts' messages to people who answered."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import done, if_new, page_with, submitted
from ...events import access, change_notices
from ...events.models import Event, EventNotice
from ...events.reads import change_notices as reads
from .. import attendee_filter, messages
from ..attendee_filter import TABS
from ..forms.messages import HostMessageForm, recipients_in_words
from ..labels import notice_in_words
from ..reads import overview

bp = Blueprint("host_announcements", __name__, url_prefix="/events/<slug>/manage/messages")


@bp.get("")
@opens(access.event_to, "event:write")
def index(event: Event) -> ResponseReturnValue:
    """List the messages and notices to attendees, the latest first."""
    known = attendee_filter.filter_options(event)

    def named(row: EventNotice) -> str:
        return recipients_in_words(attendee_filter.filter_from(row.words), known)

    shown: dict[str, Any] = {
        "event": event,
        "notices": reads.notices_of(event, page_number()),
        "to_whom": named,
    }
    shown["notice_in_words"] = notice_in_words
    return render_page(
        "attendance/manage/announcements.html",
        {"notices": "attendance/manage/_notices.html"},
        **shown,
    )


@bp.get("/new")
@opens(access.event_to, "event:write")
def new(event: Event) -> ResponseReturnValue:
    """Show an empty message form, for the attendees under ?tab= and ?only=."""
    tabs = [tab for tab in request.args.getlist("tab") if tab in TABS] or [
        "going",
        "offered",
        "maybe",
        "waitlist",
        "requests",
    ]
    only = request.args.get("only", "")
    known = only if only in attendee_filter.filter_options(event) else ""
    return _page(event, _form(event, formdata=None, data={"tabs": tabs, "only": known}))


@bp.post("/new")
@opens(access.event_to, "event:write")
def read(event: Event) -> ResponseReturnValue:
    """Preview the message and how many get it; nothing is sent or stored."""
    form = _form(event)
    if not form.validate():
        return _page(event, form, 422)
    return _page(event, form, count=messages.recipient_count(event, actor(), form.recipients()))


@bp.post("")
@opens(access.event_to, "event:write")
@limits.writes_to_people
def create(event: Event) -> ResponseReturnValue:
    """Send the message, once however often the button is pressed."""
    form = _form(event)
    return submitted(
        form,
        lambda: idempotency.create_once(
            EventNotice,
            actor(),
            lambda id: messages.announce(event, actor(), **form.values(), id=id),
        ),
        again=page_with(_page, form),
        to=url_for("host_announcements.index", slug=event.slug),
        flash=if_new(
            lambda sent: ngettext(
                "Message sent to 1 person.", "Message sent to %(num)s people.", sent.total
            )
        ),
    )


@bp.post("/<uuid:notice_id>/telling")
@opens(access.event_to, "event:write", reads.of_event)
def tell(event: Event, notice: EventNotice) -> ResponseReturnValue:
    """Send a waiting notice now."""
    change_notices.send_now(event, notice)
    return done(url_for("host_announcements.index", slug=event.slug))


@bp.post("/<uuid:notice_id>/withdrawal")
@opens(access.event_to, "event:write", reads.of_event)
def withdraw(event: Event, notice: EventNotice) -> ResponseReturnValue:
    """Discard a waiting notice."""
    change_notices.withdraw(event, notice)
    return done(
        url_for("host_announcements.index", slug=event.slug),
        _("We won’t tell anyone about this change."),
    )


def _form(event: Event, **options: Any) -> HostMessageForm:
    return HostMessageForm(
        overview.status_of(event).tabs, attendee_filter.filter_options(event), **options
    )


def _page(
    event: Event, form: HostMessageForm, status: int = 200, count: int | None = None
) -> ResponseReturnValue:
    whom = (
        recipients_in_words(form.recipients(), attendee_filter.filter_options(event))
        if count
        else ""
    )
    shown: dict[str, Any] = {"event": event, "form": form, "count": count, "whom": whom}
    return render_page(
        "attendance/manage/announcement.html", status=status, invalid=status != 200, **shown
    )
