"""Writing to the hosts."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
from ...events import access
from ...events.audience import hosts_of
from ...events.models import Event
from .. import messages
from ..forms.messages import MessageForm
from ..models import HostMessage

bp = Blueprint("messages", __name__, url_prefix="/events/<slug>/message")


@bp.get("")
@permission("event:contact")
def new(slug: str) -> ResponseReturnValue:
    """Show the form for a message to the hosts, and who reads it."""
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
        again=lambda refused: message_page(event, form, event.path, refused.status),
        to=url_for("events.show", slug=event.slug),
        flash=_("Sent. The hosts answer you by mail."),
    )


def message_page(
    event: Event, form: MessageForm, path: str, status: int = 200
) -> ResponseReturnValue:
    """The form in which someone writes to the hosts; `path` is the page that they come from:
    the event's, or a guest's own.
    """
    shown: dict[str, Any] = {"event": event, "form": form, "hosts": hosts_of(event), "path": path}
    return render_page("events/message.html", status=status, invalid=status != 200, **shown)
