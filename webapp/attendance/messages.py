"""Messages from hosts to people who answered, and from people to hosts."""

from uuid import UUID

from flask_babel import gettext as _

from ..accounts import reads as account_reads
from ..accounts.models import User
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from ..events import change_notices, notices
from ..events.audience import hosts_of
from ..events.models import DRAFT, Event, EventNotice, Guest, naming
from ..events.models.change_notice import MESSAGE
from .attendee_filter import AttendeeFilter
from .models import HostMessage


def announce(
    event: Event,
    by: User,
    subject: str,
    body: str,
    recipients: AttendeeFilter,
    replies_to_sender: bool = False,
    id: UUID | None = None,
) -> EventNotice:
    """Send a message to the answers selected by `recipients`, by the channels people chose.

    Replies by email go to `by` if `replies_to_sender`. Raises UserError if nobody matches.
    """
    event = locked(Event, event.id)
    if event.hidden_at is not None:
        raise UserError(
            _("Moderators have hidden this event, so you can’t send messages about it.")
        )
    if event.state == DRAFT or not recipient_count(event, by, recipients):
        raise UserError(_("No one matches. Choose other people to message."), "tabs")
    row = change_notices.send(
        event,
        MESSAGE,
        by,
        id=id,
        subject=subject,
        body=body,
        replies_to_sender=replies_to_sender,
        words=recipients.stored,
    )
    audit.record("event_message.sent", by=by, subject=event, number=row.total)
    return row


def recipient_count(event: Event, by: User, recipients: AttendeeFilter) -> int:
    """Return how many people would get it."""
    row = EventNotice(
        event=event, kind=MESSAGE, by_id=by.id, words=recipients.stored, created_at=clock.now()
    )
    return change_notices.recipient_count(row)


def write_to_hosts(
    event: Event, by: User | Guest, body: str, id: UUID | None = None
) -> HostMessage:
    """Email the message to each host, with the sender's address for replies, and add an
    inbox line.
    """
    if (
        isinstance(by, Guest) and account_reads.owner_of_email(by.email) is not None
    ):  # a host may have blocked that account
        raise UserError(_("Your email address now has an account. Sign in to send a message."))
    hosts = [person for person in hosts_of(event) if person.id != by.id]
    if not hosts:
        raise UserError(_("None of the hosts can be messaged here."))
    message = HostMessage(id=id or new_id(), event_id=event.id, body=body, **naming(by))
    db.session.add(message)
    db.session.flush()
    notices.message_arrived(event, hosts, by, message.id)
    return message
