"""Messages to an event's hosts."""

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import clock
from ..core.errors import RuleBroken
from ..core.extensions import db
from . import notices
from .audience import hosts_of
from .models import Event, HostMessage

#: As long as a letter may lie before it is given up.
KEPT = timedelta(days=30)


def send(event: Event, by: User, body: str) -> HostMessage:
    """Each host has the message by mail, with the sender's address to answer to, and a line in the inbox."""
    hosts = [person for person in hosts_of(event) if person.id != by.id]
    if not hosts:
        raise RuleBroken(_("Nobody who runs this event can be reached here."))
    message = HostMessage(event_id=event.id, user_id=by.id, body=body)
    db.session.add(message)
    db.session.flush()
    notices.message_arrived(event, hosts, by, message.id)
    return message


def forget() -> None:
    """Messages older than any letter are gone."""
    db.session.execute(sa.delete(HostMessage).where(HostMessage.created_at < clock.now() - KEPT))
