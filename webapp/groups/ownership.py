"""Ownership of a group: offered by an owner and accepted by a member.

Everything runs under the group's lock, so that an offer is answered once and a group always has an
owner.
"""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..core.db import actor_lock
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from . import access, memberships, notices, reads
from .models import ORGANIZER, OWNER, Group, Membership, OwnershipOffer

#: An offer expires after this.
STANDS = timedelta(days=14)


def offer(
    membership: Membership, by: User, steps_down: bool = False, id: UUID | None = None
) -> OwnershipOffer:
    """Offer ownership to the member and notify them; `steps_down`: `by` then becomes an organizer.

    Raises UserError if they are an owner or not active, and Conflict if they have an offer.
    """
    group = memberships.hold(membership.group)
    access.require(by, "group:offer_ownership", group)
    membership = memberships.fresh(membership)
    if membership.role == OWNER:
        raise UserError(_("%(name)s is already an owner of the group.", name=membership.user.name))
    if not membership.user.is_active:
        raise UserError(_("%(name)s’s account is no longer active.", name=membership.user.name))
    if reads.offer_to(group, membership.user) is not None:
        raise Conflict(
            _(
                "%(name)s has already been offered ownership and hasn’t answered yet.",
                name=membership.user.name,
            )
        )
    _clear(
        sa.and_(OwnershipOffer.group_id == group.id, OwnershipOffer.user_id == membership.user_id)
    )
    made = OwnershipOffer(
        id=id or new_id(), group=group, user=membership.user, by=by, steps_down=steps_down
    )
    made.expires_at = clock.now() + STANDS
    db.session.add(made)
    db.session.flush()
    audit.record(
        "ownership.offered", by=by, subject=made.user, group=str(group.id), steps_down=steps_down
    )
    notices.ownership_offered(made)
    return made


def withdraw(group: Group, user: User, by: User) -> None:
    """Withdraw the offer to `user` and notify them."""
    group = memberships.hold(group)
    access.require(by, "group:offer_ownership", group)
    offer = _pending(group, user)
    db.session.delete(offer)
    audit.record("ownership.withdrawn", by=by, subject=user, group=str(group.id))
    notices.ownership_over(offer)
    db.session.flush()


def accept(group: Group, by: User) -> Membership:
    """Make `by` an owner, and notify all owners. The person who offered may become an organizer.

    Raises Conflict if the offer has ended.
    """
    sent = reads.offer_to(group, by)
    if sent is not None and sent.steps_down:
        actor_lock.end_rights_of(sent.by_id)
    group = memberships.hold(group)
    offer = _arrived(group, by)
    mine, theirs = memberships.current(group, by), memberships.current(group, offer.by)
    if mine is None or theirs is None or theirs.role != OWNER:
        raise Conflict(_no_longer())
    db.session.delete(offer)
    db.session.flush()
    memberships.take_role(mine, OWNER)
    if offer.steps_down:
        memberships.take_role(theirs, ORGANIZER)
    audit.record(
        "ownership.accepted", by=by, subject=by, group=str(group.id), offered_by=str(offer.by_id)
    )
    notices.ownership_accepted(offer)
    return mine


def decline(group: Group, by: User) -> None:
    """Decline ownership and notify the person who offered it."""
    group = memberships.hold(group)
    offer = _arrived(group, by)
    db.session.delete(offer)
    audit.record("ownership.declined", by=by, subject=by, group=str(group.id))
    notices.ownership_declined(offer)
    db.session.flush()


def expire() -> None:
    """Delete expired offers and notify the people who made them."""
    ended = OwnershipOffer.expires_at <= clock.now()
    for group_id in db.session.scalars(
        sa.select(OwnershipOffer.group_id).where(ended).distinct().order_by("group_id")
    ).all():
        group = locked(Group, group_id)
        for offer in db.session.scalars(
            sa.select(OwnershipOffer).where(OwnershipOffer.group_id == group.id, ended)
        ).all():
            db.session.delete(offer)
            notices.ownership_expired(offer)
    db.session.flush()


def left_site(user: User) -> None:
    """Delete offers by and to someone whose account is closed."""
    _clear(sa.or_(OwnershipOffer.by_id == user.id, OwnershipOffer.user_id == user.id))


def _pending(group: Group, user: User) -> OwnershipOffer:
    offer = reads.offer_to(group, user)
    if offer is None:
        raise Conflict(_no_longer())
    return offer


def _arrived(group: Group, user: User) -> OwnershipOffer:
    """The offer that `user` may answer, unless they blocked the person who made it."""
    offer = reads.offer_for(group, user)
    if offer is None:
        raise Conflict(_no_longer())
    return offer


def _no_longer() -> str:
    return _("This offer is no longer valid. It was answered or withdrawn, or it expired.")


def _clear(which: sa.ColumnElement[bool]) -> None:
    db.session.execute(sa.delete(OwnershipOffer).where(which))
