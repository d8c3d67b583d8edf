"""Messages to an event's hosts."""

from uuid import UUID

from flask_babel import gettext as _

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core.database import new_id
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import notices
from .audience import hosts_of
from .models import Event, Guest, HostMessage


def send(event: Event, by: User | Guest, body: str, id: UUID | None = None) -> HostMessage:
    """Each host has the message by mail, with the sender's address to answer to, and a line in
    the inbox.
    """
    if (
        isinstance(by, Guest) and account_reads.answering_for(by.email) is not None
    ):  # whom a host may have blocked
        raise RuleBroken(_("Your address has an account by now. Sign in to write."))
    hosts = [person for person in hosts_of(event) if person.id != by.id]
    if not hosts:
        raise RuleBroken(_("Nobody who runs this event can be reached here."))
    whose = {"guest_id": by.id} if isinstance(by, Guest) else {"user_id": by.id}
    message = HostMessage(id=id or new_id(), event_id=event.id, body=body, **whose)
    db.session.add(message)
    db.session.flush()
    notices.message_arrived(event, hosts, by, message.id)
    return message
