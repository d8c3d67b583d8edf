"""Who runs an event, and who has been asked to, for those who run it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from ...core import clock
from ...core.extensions import db
from ..models import Event, EventHost, HostInvitation


def asked_for(event: Event) -> list[HostInvitation]:
    """Who has been asked and has not answered, the longest waiting first."""
    wanted = sa.select(HostInvitation).options(
        joinedload(HostInvitation.user), joinedload(HostInvitation.by)
    )
    wanted = wanted.where(
        HostInvitation.event_id == event.id, HostInvitation.expires_at > clock.now()
    )
    return list(db.session.scalars(wanted.order_by(HostInvitation.created_at, HostInvitation.id)))


def host_with(event: Event, host_id: UUID) -> EventHost:
    """The host with this id, of this event and no other. Raises NotFound."""
    for host in event.hosts:
        if host.id == host_id:
            return host
    raise NotFound()
