"""The notification types of invitations, and the text of their inbox lines."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts import blocks, reads as account_reads
from ..accounts.models import User
from ..core.extensions import db
from ..core.http.links import absolute
from ..core.time import clock
from ..groups import access as group_access, reads as group_reads
from ..groups.models import MEMBER, Group, Membership
from ..mail.emails import EmailChoice, EmailContext, decided_on_delivery, email_context
from ..notifications import preferences
from ..notifications.models import INBOX, NOW
from ..notifications.notification_types import GROUPS, NOTIFICATION_TYPES, email_of, notification
from . import accepting, access, inviting, notices, opt_outs
from .models import GroupInvitation


def _open_invitations(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Invitations by which the reader can join now."""
    it = GroupInvitation
    is_open = (
        it.ending == "",
        it.paused_at.is_(None),
        sa.or_(it.expires_at.is_(None), it.expires_at > clock.now()),
        sa.or_(it.max_uses.is_(None), it.uses < it.max_uses),
    )
    joined = sa.select(Membership.group_id).where(Membership.user_id == reader.id)
    query = sa.select(it.id).join(Group, Group.id == it.group_id).where(it.id.in_(ids), *is_open)
    return query.where(
        it.group_id.not_in(joined),
        ~group_reads.has_ban(it.group_id, reader.id),
        Group.deleted_at.is_(None),
    )


@notification(
    "invitation.arrived",
    GROUPS,
    _l("Someone invited you to a group"),
    _l("You’re invited"),
    from_person=True,
    holds=_open_invitations,
)
def _arrived(name: str, group: str) -> str:
    return _("%(name)s invited you to %(group)s", name=name, group=group)


@notification(
    "invitation.accepted",
    GROUPS,
    _l("Someone accepted your invitation"),
    _l("Invitation accepted"),
    usual=INBOX,
)
def _accepted(name: str, group: str) -> str:
    return _("%(name)s joined %(group)s with your invitation", name=name, group=group)


@notification(
    "invitation.missed",
    GROUPS,
    _l("An invitation you signed up with is no longer valid"),
    _l("Invitation no longer valid"),
    usual=INBOX,
)
def _missed(group: str) -> str:
    return _("The invitation to %(group)s that you signed up with is no longer valid", group=group)


@decided_on_delivery("invitations/sent")
def sent(address: str, locale: str, invitation: str) -> EmailChoice | None:
    """Choose the email: to a stranger, or to the account with this address.

    The account also gets an inbox line, unless they are a member or banned.
    """
    row, person = _pending(invitation), inviting.users_of([address]).get(address)
    if row is None or person is None:
        return (
            EmailChoice("invitations/invited", locale, {"invitation": invitation})
            if row is not None
            else None
        )
    if group_reads.membership_of(row.group, person) is None and not group_reads.is_banned(
        row.group, person
    ):
        notices.arrived(row, person)
    return EmailChoice(
        "invitations/arrived", person.locale, {"user": person.id, "invitation": invitation}
    )


@email_context("invitations/invited", to_strangers=True)
def invited(invitation: str) -> EmailContext | None:
    """To an address without an account: the link says who invites to what, another opts out for
    good.
    """
    row = _to_be_sent(invitation)
    if row is None or row.email is None:
        return None
    person = account_reads.by_email(row.email)
    if person is not None and person.is_verified and not _may_reach(row, person):
        return None
    return {
        "url": absolute(access.path(row)),
        "until": row.expires_at,
        "unsubscribe_url": opt_outs.url(row.email),
    }


@email_of("invitations/arrived", "invitation.arrived")
def arrived(user: str, invitation: str) -> EmailContext | None:
    """To an account, if they want such emails at once."""
    row, reader = _to_be_sent(invitation), account_reads.recipient(user)
    if row is None or reader is None or not _may_reach(row, reader):
        return None
    kind = NOTIFICATION_TYPES["invitation.arrived"]
    if preferences.channels([reader], kind)[reader.id] != NOW:
        return None
    return {**_about(row), "user": reader}


def _pending(invitation_id: str) -> GroupInvitation | None:
    """The invitation, if it is valid."""
    row = db.session.get(GroupInvitation, UUID(invitation_id))
    return (
        None if row is None or row.group.deleted_at is not None or accepting.why_not(row) else row
    )


def _to_be_sent(invitation_id: str) -> GroupInvitation | None:
    """The same, if its address hasn't opted out."""
    row = _pending(invitation_id)
    if row is None:
        return None
    digests = [row.address_hash or "", *opt_outs.hashes_of(row.email or "")]
    return None if opt_outs.has_opted_out(*digests) else row


def _may_reach(row: GroupInvitation, person: User) -> bool:
    """Whether to email them: not members, banned people, or those who blocked or muted the
    inviter.
    """
    if group_reads.membership_of(row.group, person) is not None or group_reads.is_banned(
        row.group, person
    ):
        return False
    return not blocks.muted_or_blocked_by(row.by, [person.id])


def _about(row: GroupInvitation) -> dict[str, Any]:
    role = str(group_access.ROLE_NAMES[row.role])
    words = {
        "group": row.group,
        "by": row.by,
        "role": role,
        "plain": row.role == MEMBER,
        "message": row.message,
    }
    return {**words, "url": absolute(access.path(row)), "until": row.expires_at}
