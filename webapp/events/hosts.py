"""Hosts of an event: its owner, who can't be removed, and people who accepted an invitation, from
its group or another.

Everything runs under the event's lock, so that an invitation is answered once. See
`decisions/0030`.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from ..accounts import blocks, reads as accounts
from ..accounts.models import User
from ..core import hooks
from ..core.db import actor_lock
from ..core.db.base import new_id
from ..core.db.session import locked, one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..groups import reads as group_reads
from ..groups.access import forget_roles, role_of
from ..groups.models import OPEN, Group
from . import access, notices
from .models import Event, EventHost, HostInvitation

#: An invitation expires after this.
STANDS = timedelta(days=14)
#: Hosts and invitations besides the owner: an event's page names all hosts.
MOST = 20


def ask(event: Event, handle: str, by: User, id: UUID | None = None) -> HostInvitation | None:
    """Invite the person with this handle to host, and notify them.

    Leaders of the group can host already: they become hosts at once, and None is returned.
    """
    event = _held(event)
    access.require(by, "event:edit", event)
    user = accounts.by_handle(handle)
    if user is None or not user.is_active or user.verified_at is None:
        raise UserError(_("No one has this handle."), field="handle")
    _check(event, user, by)
    if event.group is not None and role_of(user, event.group) in access.LEADING:
        _name(event, user, by)
        return None
    invitation = HostInvitation(id=id or new_id(), event_id=event.id, event=event, user=user, by=by)
    invitation.expires_at = clock.now() + STANDS
    db.session.add(invitation)
    db.session.flush()
    audit.record("host.asked", by=by, subject=user, event=str(event.id))
    notices.host_asked(event, invitation)
    return invitation


def accept(event: Event, by: User) -> None:
    """Make `by` a host and notify the inviter. Calling it twice is harmless.

    Raises Conflict if there is no invitation.
    """
    event = _held(event)
    if any(host.user_id == by.id for host in event.hosts):
        return
    invitation = _arrived(event, by)
    db.session.delete(invitation)
    _name(event, by, by)
    notices.host_answered(event, invitation, accepted=True)


def decline(event: Event, by: User) -> bool:
    """Decline to host and notify the inviter. Return False if there is no invitation, as after
    declining.

    Raises Conflict if they are a host already.
    """
    event = locked(Event, event.id)
    invitation = invitation_to(event, by)
    if invitation is None:
        if any(host.user_id == by.id for host in event.hosts):
            raise Conflict(_no_longer())
        return False
    db.session.delete(invitation)
    audit.record("host.declined", by=by, subject=by, event=str(event.id))
    notices.host_answered(event, invitation, accepted=False)
    db.session.flush()
    return True


def withdraw(event: Event, asked_id: UUID, by: User) -> None:
    """Withdraw the invitation and notify the invited person.

    Raises NotFound if it isn't this event's, or is gone.
    """
    event = locked(Event, event.id)
    access.require(by, "event:edit", event)
    conditions = HostInvitation.id == asked_id, HostInvitation.event_id == event.id
    invitation = one_or_404(sa.select(HostInvitation).where(*conditions))
    audit.record("host.withdrawn", by=by, subject=invitation.user, event=str(event.id))
    db.session.delete(invitation)
    notices.host_withdrawn(event, invitation)
    db.session.flush()


def remove(event: Event, host: EventHost, by: User) -> None:
    """Remove the host and notify them.

    An outsider also loses their answer at an event that is closed to others.
    """
    actor_lock.end_rights_of(host.user_id)
    event, user = _held(event), host.user
    access.require(by, "event:edit", event)
    if (
        db.session.scalar(
            sa.delete(EventHost).where(EventHost.id == host.id).returning(EventHost.id)
        )
        is None
    ):
        raise Conflict(_("%(name)s is no longer a host of this event.", name=user.name))
    db.session.expire(event, ["hosts"])
    audit.record("host.removed", by=by, subject=user, event=str(event.id))
    if not access.is_open_to_others(event):
        hooks.event_closed(event=event)
    hooks.event_left(event=event, user=user)
    notices.host_removed(event, user, by)
    notices.signal_details(event)


def is_current(invitation: HostInvitation) -> bool:
    """Whether the invitation can still be accepted, judged by the event, the time and the
    inviter.
    """
    event = invitation.event
    is_there = event.deleted_at is None and event.locked_at is None
    return invitation.expires_at > clock.now() and is_there and _may_still_ask(invitation, event)


def left_site(user: User) -> None:
    """Delete invitations by and to someone whose account is closed."""
    theirs = sa.or_(HostInvitation.by_id == user.id, HostInvitation.user_id == user.id)
    db.session.execute(sa.delete(HostInvitation).where(theirs))


def invitation_to(event: Event, user: User) -> HostInvitation | None:
    """Return the invitation to `user`, unless they blocked the inviter or it could no longer be
    sent.
    """
    query = sa.select(HostInvitation).where(
        HostInvitation.event_id == event.id, HostInvitation.user_id == user.id
    )
    query = query.where(HostInvitation.expires_at > clock.now())
    invitation = db.session.scalar(query.where(~blocks.blockers_of(HostInvitation.by_id, user.id)))
    return invitation if invitation is not None and _may_still_ask(invitation, event) else None


def _may_still_ask(invitation: HostInvitation, event: Event) -> bool:
    """Whether the inviter hosts the event and the group allows it: it may have closed, been deleted
    or banned someone.
    """
    if access.is_banned(invitation.user, event) or not access.is_host(invitation.by, event):
        return False
    group = event.group
    if group is None:
        return True
    return group.deleted_at is None and _may_ask(group, invitation.user, invitation.by)


def _check(event: Event, user: User, by: User) -> None:
    if user.id == event.owner_id or any(host.user_id == user.id for host in event.hosts):
        raise UserError(
            _("%(name)s is already a host of this event.", name=user.name), field="handle"
        )
    if event.group is not None:
        _check_group(event.group, user, by)
    _clear_expired(event)
    pending = db.session.scalars(
        sa.select(HostInvitation.user_id).where(HostInvitation.event_id == event.id)
    ).all()
    if user.id in pending:
        raise Conflict(
            _("%(name)s has already been invited and hasn’t answered yet.", name=user.name)
        )
    if len(event.hosts) + len(pending) >= MOST:
        raise UserError(_("This event can’t have any more hosts."), field="handle")


def _check_group(group: Group, user: User, by: User) -> None:
    """Refuse people to whom the group's leaders wouldn't show the event."""
    if group_reads.is_banned(group, user):
        raise UserError(
            _("%(name)s can’t host events of %(group)s.", name=user.name, group=group.name),
            field="handle",
        )
    if not _may_ask(group, user, by):
        sentence = _(
            "%(group)s isn’t open. Only its owners and organizers can invite a host from outside.",
            group=group.name,
        )
        raise UserError(sentence, field="handle")


def _may_ask(group: Group, user: User, by: User) -> bool:
    """Whether `by` may show an event of the group to `user`."""
    return (
        group.visibility == OPEN
        or role_of(user, group) is not None
        or role_of(by, group) in access.LEADING
    )


def _clear_expired(event: Event) -> None:
    over = HostInvitation.event_id == event.id, HostInvitation.expires_at <= clock.now()
    db.session.execute(sa.delete(HostInvitation).where(*over))


def _name(event: Event, user: User, by: User) -> None:
    db.session.add(EventHost(event_id=event.id, user_id=user.id))
    db.session.flush()
    db.session.expire(event, ["hosts"])
    audit.record("host.named", by=by, subject=user, event=str(event.id))
    notices.signal_details(event)


def _arrived(event: Event, user: User) -> HostInvitation:
    invitation = invitation_to(event, user)
    if invitation is None:
        raise Conflict(_no_longer())
    return invitation


def _no_longer() -> str:
    return _("This invitation is no longer valid. It was answered or withdrawn, or it expired.")


def _held(event: Event) -> Event:
    event = locked(Event, event.id)
    forget_roles()
    if event.locked_at is not None:
        raise UserError(_("This event is locked and can’t be changed."))
    return event


def pending(event: Event) -> list[HostInvitation]:
    """Return the unanswered invitations, longest waiting first."""
    query = sa.select(HostInvitation).options(
        joinedload(HostInvitation.user), joinedload(HostInvitation.by)
    )
    query = query.where(
        HostInvitation.event_id == event.id, HostInvitation.expires_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(HostInvitation.created_at, HostInvitation.id)))


def host_with(event: Event, host_id: UUID) -> EventHost:
    """Return this event's host with this id. Raises NotFound."""
    for host in event.hosts:
        if host.id == host_id:
            return host
    raise NotFound()
