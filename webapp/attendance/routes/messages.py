"""Messages to the hosts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission, public
from ...core.http.submit import submitted
from ...events import access
from ...events.audience import hosts_of
from ...events.models import Event
from .. import guest_links, messages
from ..forms.messages import MessageForm
from ..models import HostMessage
from .guest_pages import open_to

bp = Blueprint("messages_to_hosts", __name__, url_prefix="/events/<slug>/message")


@bp.get("")
@permission("event:contact")
def new(slug: str) -> ResponseReturnValue:
    """Show the form for a message to the hosts, and who will read it."""
    event = access.event_to(current_user, "event:contact", slug)
    return message_page(event, MessageForm(), event.path)


@bp.post("")
@permission("event:contact")
@limits.writes_to_people
def create(slug: str) -> ResponseReturnValue:
    """Email the message to the hosts, once however often the button is pressed."""
    event, form = access.event_to(current_user, "event:contact", slug), MessageForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            HostMessage,
            actor(),
            lambda id: messages.write_to_hosts(event, actor(), form.body.data or "", id),
        ),
        again=lambda refused: message_page(
            access.event_for(current_user, slug), form, event.path, refused.status
        ),
        to=url_for("events.show", slug=event.slug),
        flash=_("Message sent. The hosts can reply by email."),
    )


def message_page(
    event: Event, form: MessageForm, path: str, status: int = 200
) -> ResponseReturnValue:
    """Render the form for a message to the hosts; `path`: the page they came from, the event's or a
    guest's.
    """
    shown: dict[str, Any] = {"event": event, "form": form, "hosts": hosts_of(event), "path": path}
    return render_page("attendance/message.html", status=status, invalid=status != 200, **shown)


guests_bp = Blueprint(
    "guest_messages", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/message"
)


@guests_bp.get("", endpoint="new")
@public
def new_guest(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Show the form for a message to the hosts, and who will read it."""
    guest = open_to(guest_id, token)
    return message_page(guest.event, MessageForm(), guest_links.path(guest))


@guests_bp.post("", endpoint="create")
@public
@limits.writes_by_link
def create_guest(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Email the message to the hosts, once however often the button is pressed."""
    guest, form = open_to(guest_id, token), MessageForm()
    path = guest_links.path(guest)
    return submitted(
        form,
        lambda: idempotency.create_once(
            HostMessage,
            guest,
            lambda id: messages.write_to_hosts(guest.event, guest, form.body.data or "", id),
        ),
        again=lambda refused: message_page(
            open_to(guest_id, token).event, form, path, refused.status
        ),
        to=path,
        flash=_("Message sent. The hosts can reply by email."),
    )
