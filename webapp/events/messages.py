"""Messages to an event's hosts."""

from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..core.database import new_id
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import notices
from .audience import hosts_of
from .models import Event, HostMessage


def send(event: Event, by: User, body: str, id: UUID | None = None) -> HostMessage:
    """Each host has the message by mail, with the sender's address to answer to, and a line in the inbox."""
    hosts = [person for person in hosts_of(event) if person.id != by.id]
    if not hosts:
        raise RuleBroken(_("Nobody who runs this event can be reached here."))
    message = HostMessage(id=id or new_id(), event_id=event.id, user_id=by.id, body=body)
    db.session.add(message)
    db.session.flush()
    notices.message_arrived(event, hosts, by, message.id)
    return message
