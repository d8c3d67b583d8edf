"""Who runs an event: its owner, who stays, and those who were asked and accepted, of its group or
of another.

Everything happens under the event's lock, so that an invitation is answered once. `decisions/0030`.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from ..accounts import blocks
from ..accounts import reads as accounts
from ..accounts.models import User
from ..core import hooks
from ..core.db.session import locked, new_id, one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..groups import reads as group_reads
from ..groups.access import forget_roles, role_of
from ..groups.models import OPEN, Group
from . import access, notices
from .models import Event, EventHost, HostInvitation

#: An invitation that nobody answers is over after this.
STANDS = timedelta(days=14)
#: Hosts and people who are asked, beside the owner: an event's page names them all.
MOST = 20


def ask(event: Event, handle: str, by: User, id: UUID | None = None) -> HostInvitation | None:
    """The person with this handle is asked to run the event, and told. Anyone who leads its group
    runs it already: they are named at once, and no invitation is returned."""
    event = _held(event)
    access.require(by, "event:edit", event)
    user = accounts.by_handle(handle)
    if user is None or not user.is_active or user.verified_at is None:
        raise UserError(_("No one has this handle."), field="handle")
    _check(event, user, by)
    if event.group is not None and role_of(user, event.group) in access.LEADING:
        _name(event, user, by)
        return None
    asked = HostInvitation(id=id or new_id(), event_id=event.id, event=event, user=user, by=by)
    asked.expires_at = clock.now() + STANDS
    db.session.add(asked)
    db.session.flush()
    audit.record("host.asked", by=by, subject=user, event=str(event.id))
    notices.host_asked(event, asked)
    return asked


def accept(event: Event, by: User) -> None:
    """`by` runs the event, and who asked them is told; pressed twice, once.

    Raises Conflict where nothing waits any more.
    """
    event = _held(event)
    if any(host.user_id == by.id for host in event.hosts):
        return
    asked = _arrived(event, by)
    db.session.delete(asked)
    _name(event, by, by)
    notices.host_answered(event, asked, accepted=True)


def decline(event: Event, by: User) -> bool:
    """`by` does not run the event, and who asked them is told. False when nobody asks them any
    more, as after a first no; raises Conflict when they run it already."""
    event = locked(Event, event.id)
    asked = invitation_to(event, by)
    if asked is None:
        if any(host.user_id == by.id for host in event.hosts):
            raise Conflict(_no_longer())
        return False
    db.session.delete(asked)
    audit.record("host.declined", by=by, subject=by, event=str(event.id))
    notices.host_answered(event, asked, accepted=False)
    db.session.flush()
    return True


def withdraw(event: Event, asked_id: UUID, by: User) -> None:
    """The invitation is taken back, and the person who was asked is told.

    Raises NotFound where it is none of this event's, or over.
    """
    event = locked(Event, event.id)
    access.require(by, "event:edit", event)
    wanted = HostInvitation.id == asked_id, HostInvitation.event_id == event.id
    asked = one_or_404(sa.select(HostInvitation).where(*wanted))
    audit.record("host.withdrawn", by=by, subject=asked.user, event=str(event.id))
    db.session.delete(asked)
    notices.host_withdrawn(event, asked)
    db.session.flush()


def remove(event: Event, host: EventHost, by: User) -> None:
    """They no longer run the event, and are told; from outside its group they no longer come to
    one that is closed to others.
    """
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
    notices.planned(event)


def is_current(asked: HostInvitation) -> bool:
    """Whether the invitation can still be accepted, as far as its event, its time and who asks
    go.
    """
    event = asked.event
    is_there = event.deleted_at is None and event.locked_at is None
    return asked.expires_at > clock.now() and is_there and _may_still_ask(asked, event)


def left_site(user: User) -> None:
    """Invitations by and to someone whose account is closed are over."""
    theirs = sa.or_(HostInvitation.by_id == user.id, HostInvitation.user_id == user.id)
    db.session.execute(sa.delete(HostInvitation).where(theirs))


def invitation_to(event: Event, user: User) -> HostInvitation | None:
    """What waits for `user`: nothing of someone whom they have blocked, nor of who could not
    ask them now.
    """
    query = sa.select(HostInvitation).where(
        HostInvitation.event_id == event.id, HostInvitation.user_id == user.id
    )
    query = query.where(HostInvitation.expires_at > clock.now())
    asked = db.session.scalar(query.where(~blocks.blockers_of(HostInvitation.by_id, user.id)))
    return asked if asked is not None and _may_still_ask(asked, event) else None


def _may_still_ask(asked: HostInvitation, event: Event) -> bool:
    """Whether who asked runs the event, and its group lets them ask this person: it may have
    closed since, or banned one.
    """
    if access.is_banned(asked.user, event) or not access.is_host(asked.by, event):
        return False
    return event.group is None or _may_ask(event.group, asked.user, asked.by)


def _check(event: Event, user: User, by: User) -> None:
    if user.id == event.owner_id or any(host.user_id == user.id for host in event.hosts):
        raise UserError(
            _("%(name)s is already a host of this event.", name=user.name), field="handle"
        )
    if event.group is not None:
        _check_group(event.group, user, by)
    _clear_expired(event)
    asked = db.session.scalars(
        sa.select(HostInvitation.user_id).where(HostInvitation.event_id == event.id)
    ).all()
    if user.id in asked:
        raise Conflict(
            _("%(name)s has already been invited and hasn’t answered yet.", name=user.name)
        )
    if len(event.hosts) + len(asked) >= MOST:
        raise UserError(_("This event can’t have any more hosts."), field="handle")


def _check_group(group: Group, user: User, by: User) -> None:
    """An event is never seen by more people than those who lead its group let in."""
    if group_reads.is_banned(group, user):
        raise UserError(
            _("%(name)s can’t host events of %(group)s.", name=user.name, group=group.name),
            field="handle",
        )
    if not _may_ask(group, user, by):
        sentence = _(
            "%(group)s isn’t open. Only people who lead it can invite a host from outside.",
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
    notices.planned(event)


def _arrived(event: Event, user: User) -> HostInvitation:
    asked = invitation_to(event, user)
    if asked is None:
        raise Conflict(_no_longer())
    return asked


def _no_longer() -> str:
    return _("This invitation is no longer valid. It was answered or withdrawn, or it expired.")


def _held(event: Event) -> Event:
    event = locked(Event, event.id)
    forget_roles()
    if event.locked_at is not None:
        raise UserError(_("This event is locked and can’t be changed."))
    return event


def pending(event: Event) -> list[HostInvitation]:
    """Who has been asked and has not answered, the longest waiting first."""
    query = sa.select(HostInvitation).options(
        joinedload(HostInvitation.user), joinedload(HostInvitation.by)
    )
    query = query.where(
        HostInvitation.event_id == event.id, HostInvitation.expires_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(HostInvitation.created_at, HostInvitation.id)))


def host_with(event: Event, host_id: UUID) -> EventHost:
    """The host with this id, of this event and no other. Raises NotFound."""
    for host in event.hosts:
        if host.id == host_id:
            return host
    raise NotFound()
