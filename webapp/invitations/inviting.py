"""Invite by email: who is emailed, how often, and how many at once.

Everything under the group's lock.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core import live
from ..core.db import base
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from ..groups import access as group_access, memberships, reads
from ..groups.models import Group
from ..mail import outbox
from . import access, allowances, opt_outs
from .models import (
    EXPIRED,
    OPEN,
    QUIET,
    STANDS,
    USED,
    WITHDRAWN,
    GroupInvitation,
    InvitationUse,
    Mailing,
)

#: Addresses at once; emails of one group in 24 hours; emails to one address within QUIET.
MOST_AT_ONCE, MOST_A_DAY, MOST_SENDS = 100, 500, 3
#: The time before an address can be reminded.
BETWEEN = timedelta(days=1)


#: Whether another email may go to an address now.
Reached = Callable[[str], bool]


class Invited(NamedTuple):
    """Whom to invite, with which role and message."""

    addresses: Sequence[str]
    role: str
    message: str = ""


def invite(
    group: Group,
    by: User,
    whom: Invited,
    reached: Reached = lambda _address: True,
    id: UUID | None = None,
) -> Mailing:
    """Invite each address, except those emailed by the group before and those that can't be
    `reached` now.

    Raises UserError if none is left, or there are too many.
    """
    by = locked(User, by.id)  # the daily limit counts what they send for all of their groups
    group = _held(group, by, whom.role)
    _refuse_hidden(group)
    before = recently_emailed(group, whom.addresses)
    fresh = [address for address in dict.fromkeys(whom.addresses) if address not in before]
    if not fresh:
        raise UserError(
            _("Everyone on this list has already been invited."),
            "addresses",
        )
    _refuse_too_many(group, by, fresh)
    fresh = [address for address in fresh if reached(address)]
    if not fresh:
        raise UserError(
            _(
                "These addresses have just been sent several emails from this site. Invite them in "
                "an hour."
            ),
            "addresses",
        )
    mailing = Mailing(id=id or new_id(), group_id=group.id, by_id=by.id, number=len(fresh))
    db.session.add(mailing)
    for address in fresh:
        _send(_row(group, address, by, whom))
    audit.record("invitation.sent", by=by, subject=group, number=len(fresh), role=whom.role)
    changed(group)
    return mailing


def resend(invitation: GroupInvitation, by: User, id: UUID | None = None) -> Mailing:
    """Remind the address, with the same link, which is then valid for another 30 days."""
    by = locked(User, by.id)
    group = _held(invitation.group, by, invitation.role)
    _refuse_hidden(group)
    db.session.refresh(invitation)
    sentence = why_not_resend(invitation)
    if sentence:
        raise UserError(sentence)
    _refuse_too_many(group, by, [invitation.email or ""])
    mailing = Mailing(id=id or new_id(), group_id=group.id, by_id=by.id, number=1)
    db.session.add(mailing)
    invitation.by = by
    _send(invitation)
    audit.record("invitation.resent", by=by, subject=invitation, group=str(group.id))
    changed(group)
    return mailing


def why_not_resend(invitation: GroupInvitation) -> str:
    """Return why the address can't be emailed now, or ""."""
    if not invitation.is_email or invitation.state not in (OPEN, EXPIRED):
        return _("This invitation has ended or is paused.")
    if invitation.sends >= MOST_SENDS:
        return _("We’ve already emailed this address three times, which is the limit.")
    if invitation.sent_at is not None and invitation.sent_at > clock.now() - BETWEEN:
        return _("Wait a day before you email this address again.")
    return ""


def recently_emailed(group: Group, addresses: Sequence[str]) -> dict[str, GroupInvitation]:
    """Return the invitations of those addresses that the group has emailed too recently to do so
    again.
    """
    by_hash = {digest: address for address in addresses for digest in opt_outs.hashes_of(address)}
    rows = sa.select(GroupInvitation).where(
        GroupInvitation.group_id == group.id, GroupInvitation.address_hash.in_(list(by_hash))
    )
    return {
        by_hash[row.address_hash or ""]: row
        for row in db.session.scalars(rows).all()
        if not _may_begin_anew(row)
    }


def users_of(addresses: Sequence[str]) -> dict[str, User]:
    """Return the accounts of confirmed addresses: to notify these people, never to tell
    inviters.
    """
    people = sa.select(User).where(
        User.email.in_(addresses), User.verified_at.is_not(None), User.deactivated_at.is_(None)
    )
    return {person.email: person for person in db.session.scalars(people)}


def changed(group: Group) -> None:
    """Let the managers' open pages reload."""
    db.session.flush()
    live.signal(f"group:{group.id}:invitations")


def _held(group: Group, by: User, role: str) -> Group:
    group = memberships.hold(group)
    group_access.require(by, access.INVITE, group)
    if role not in access.roles_for(by, group):
        raise UserError(_("You can only give roles that you can also remove."), "role")
    return group


def _refuse_hidden(group: Group) -> None:
    if group.is_hidden:
        raise UserError(
            _("The site’s admins have hidden this group. It can’t invite people by email."),
            "addresses",
        )
    if group.awaits_approval:
        raise UserError(
            _(
                "An admin has to approve the group’s name before it can invite people by email. "
                "Share a link until then."
            ),
            "addresses",
        )


def _refuse_too_many(group: Group, by: User, addresses: Sequence[str]) -> None:
    if len(addresses) > MOST_AT_ONCE:
        raise UserError(too_many(len(addresses)), "addresses")
    allowances.refuse_more(by, len(addresses))
    since = clock.now() - allowances.DAY
    sent = sa.select(sa.func.sum(Mailing.number)).where(
        Mailing.group_id == group.id, Mailing.created_at > since
    )
    left = MOST_A_DAY - (db.session.scalar(sent) or 0)
    if len(addresses) > left:
        sentence = ngettext(
            "A group can send up to %(most)s invitations a day. %(num)s is left for now. Send the "
            "others tomorrow.",
            "A group can send up to %(most)s invitations a day. %(num)s are left for now. Send the "
            "others tomorrow.",
            max(0, left),
            most=MOST_A_DAY,
        )
        raise UserError(sentence, "addresses")


def too_many(number: int) -> str:
    """Return the message for more addresses than can be invited at once."""
    words = {"most": MOST_AT_ONCE, "over": number - MOST_AT_ONCE}
    sentence = _(
        "You can invite up to %(most)s addresses at a time. Remove %(over)s and send them "
        "afterwards."
    )
    return sentence % words


def _may_begin_anew(row: GroupInvitation) -> bool:
    """Whether the address can be invited again: long ago; withdrawn and not emailed too often; or
    accepted by someone who has left.
    """
    if row.sent_at is None or row.sent_at <= clock.now() - QUIET:
        return True
    if row.state == WITHDRAWN:
        return row.sends < MOST_SENDS and row.sent_at <= clock.now() - BETWEEN
    return row.state == USED and not _has_stayed(row)


def _has_stayed(row: GroupInvitation) -> bool:
    used = sa.select(InvitationUse.user_id).where(InvitationUse.invitation_id == row.id)
    user = db.session.get(User, db.session.scalar(used.limit(1)) or UUID(int=0))
    return user is not None and reads.membership_of(row.group, user) is not None


def _row(group: Group, address: str, by: User, whom: Invited) -> GroupInvitation:
    """The group's only row of this address, reset."""
    digests = opt_outs.hashes_of(address)
    query = sa.select(GroupInvitation).where(GroupInvitation.group_id == group.id)
    row = db.session.scalar(query.where(GroupInvitation.address_hash.in_(digests)))
    row = row or GroupInvitation(id=new_id(), group=group, max_uses=1, uses=0)
    row.address_hash = digests[0]
    before = (
        row.sends
        if row.state == WITHDRAWN and not (row.sent_at and row.sent_at <= clock.now() - QUIET)
        else 0
    )
    db.session.execute(sa.delete(InvitationUse).where(InvitationUse.invitation_id == row.id))
    row.email, row.by, row.role, row.message = address, by, whom.role, whom.message
    row.uses, row.sends, row.nonce, row.created_at = 0, before, base.nonce(), clock.now()
    row.ending, row.ended_at, row.paused_at = "", None, None
    db.session.add(row)
    return row


def _send(row: GroupInvitation) -> None:
    """Queue the email, and restart the invitation's validity."""
    row.expires_at, row.sent_at, row.sends = clock.now() + STANDS, clock.now(), (row.sends or 0) + 1
    enqueue(row)


def enqueue(row: GroupInvitation) -> None:
    """Queue an email to the invitation's address.

    Whether an account has the address, and whether they want it, is decided at delivery: the
    inviter neither sees that nor waits for it.
    """
    row.outgoing_email = outbox.enqueue_email(
        "invitations/sent", to=row.email or "", locale=row.by.locale, invitation=row.id
    )
