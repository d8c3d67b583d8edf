"""Messages to the hosts."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import submitted
from ...events import access
from ...events.audience import hosts_of
from ...events.models import Event, Guest
from .. import guest_links, messages
from ..forms.messages import MessageForm
from ..models import HostMessage
from .guest_pages import open_to

bp = Blueprint("messages_to_hosts", __name__, url_prefix="/events/<slug>/message")


@bp.get("")
@opens(access.event_to, "event:contact")
def new(event: Event) -> ResponseReturnValue:
    """Show the form for a message to the hosts, and who will read it."""
    return message_page(event, MessageForm(), event.path)


@bp.post("")
@opens(access.event_to, "event:contact")
@limits.writes_to_people
def create(event: Event) -> ResponseReturnValue:
    """Email the message to the hosts, once however often the button is pressed."""
    form = MessageForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            HostMessage,
            actor(),
            lambda id: messages.write_to_hosts(event, actor(), form.body.data or "", id),
        ),
        again=lambda refused, event: message_page(event, form, event.path, refused.status),
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
@opens(open_to, to_visitors=True)
def new_guest(guest: Guest) -> ResponseReturnValue:
    """Show the form for a message to the hosts, and who will read it."""
    return message_page(guest.event, MessageForm(), guest_links.path(guest))


@guests_bp.post("", endpoint="create")
@limits.writes_by_link
@opens(open_to, to_visitors=True)
def create_guest(guest: Guest) -> ResponseReturnValue:
    """Email the message to the hosts, once however often the button is pressed."""
    form = MessageForm()
    path = guest_links.path(guest)
    return submitted(
        form,
        lambda: idempotency.create_once(
            HostMessage,
            guest,
            lambda id: messages.write_to_hosts(guest.event, guest, form.body.data or "", id),
        ),
        again=lambda refused, guest: message_page(guest.event, form, path, refused.status),
        to=path,
        flash=_("Message sent. The hosts can reply by email."),
    )
