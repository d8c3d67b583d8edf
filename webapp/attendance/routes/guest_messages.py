"""A guest writes to the hosts, from their own page."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.db import idempotency
from ...core.http import limits
from ...core.http.permissions import public
from ...core.http.submit import submitted
from .. import guest_links, messages
from ..forms.messages import MessageForm
from ..models import HostMessage
from .guest_pages import open_to
from .messages import message_page

bp = Blueprint("guest_messages", __name__, url_prefix="/guests/<uuid:guest_id>/<token>/message")


@bp.get("")
@public
def new(guest_id: UUID, token: str) -> ResponseReturnValue:
    """Show the form for a message to the hosts, and who reads it."""
    guest = open_to(guest_id, token)
    return message_page(guest.event, MessageForm(), guest_links.path(guest))


@bp.post("")
@public
@limits.writes_by_link
def create(guest_id: UUID, token: str) -> ResponseReturnValue:
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
        again=lambda refused: message_page(guest.event, form, path, refused.status),
        to=path,
        flash=_("Sent. The hosts answer you by mail."),
    )
