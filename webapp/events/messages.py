"""Messages to an event's hosts."""

from flask_babel import gettext as _

from ..accounts.models import User
from ..core.errors import RuleBroken
from ..core.extensions import db
from ..groups import reads as group_reads
from . import access, notices
from .models import Event, HostMessage


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


def hosts_of(event: Event) -> list[User]:
    """The owner and the named hosts who still run it, each once; where none does, those who lead its group."""
    people = {person.id: person for person in (event.owner, *(host.user for host in event.hosts))}
    hosts = [person for person in people.values() if person.is_active and access.is_host(person, event)]
    if hosts or event.group is None:
        return hosts
    return group_reads.members(event.group, *access.LEADING)
