"""What pages show of invitations."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from ..accounts import blocks
from ..accounts.models import User
from ..core.extensions import db
from ..core.http.pages import Page
from ..core.time import clock
from ..groups import access as group_access, reads as group_reads
from ..groups.models import Group, Membership
from ..mail.models import DEAD, QUEUED, SENDING, OutgoingEmail
from . import access
from .models import WITHDRAWN, GroupInvitation, InvitationUse, InvitedSignUp

PAGE = 20
#: Delivery status of an email. A dropped one looks as if it had been sent.
SENT, WAITING, FAILED = ("sent", "waiting", "failed")
DELIVERIES = {QUEUED: WAITING, SENDING: WAITING, DEAD: FAILED}


@dataclass
class Progress:
    """The progress of invitation emails."""

    sent: int
    waiting: int
    failed: int

    @property
    def total(self) -> int:
        """The total number."""
        return self.sent + self.waiting + self.failed


def invited_by_email(group: Group, page: int = 1) -> Page:
    """Return a page of emailed invitations, latest first, as (invitation, status of its email, who
    accepted).
    """
    shown = _shown(group, GroupInvitation.address_hash.is_not(None))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(shown.subquery())) or 0
    query = sa.select(GroupInvitation, OutgoingEmail.state, User).options(
        joinedload(GroupInvitation.by)
    )
    query = query.outerjoin(OutgoingEmail, OutgoingEmail.id == GroupInvitation.outgoing_email_id)
    query = query.outerjoin(InvitationUse, InvitationUse.invitation_id == GroupInvitation.id)
    query = query.outerjoin(User, User.id == InvitationUse.user_id)
    query = query.where(*_conditions(group), GroupInvitation.address_hash.is_not(None))
    query = query.order_by(GroupInvitation.created_at.desc(), GroupInvitation.id.desc())
    rows = db.session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    return Page([(row[0], DELIVERIES.get(row[1], SENT), row[2]) for row in rows], total, page, PAGE)


def delivery_of(invitation: GroupInvitation) -> str:
    """Return the delivery status of its email."""
    return (
        DELIVERIES.get(invitation.outgoing_email.state, SENT)
        if invitation.outgoing_email is not None
        else SENT
    )


def joined_by(invitation: GroupInvitation, most: int = 12) -> list[User]:
    """Return the latest people who joined with it."""
    query = sa.select(User).join(InvitationUse, InvitationUse.user_id == User.id)
    query = query.where(InvitationUse.invitation_id == invitation.id, User.deactivated_at.is_(None))
    return list(
        db.session.scalars(
            query.order_by(InvitationUse.created_at.desc(), InvitationUse.id.desc()).limit(most)
        )
    )


def links(group: Group) -> list[GroupInvitation]:
    """Return the group's links, latest first, with their authors; without withdrawn ones."""
    query = _shown(group, GroupInvitation.address_hash.is_(None)).join(GroupInvitation.by)
    query = query.options(contains_eager(GroupInvitation.by))
    return list(
        db.session.scalars(
            query.order_by(GroupInvitation.created_at.desc(), GroupInvitation.id.desc()).limit(100)
        )
    )


def givers(group: Group) -> dict[uuid.UUID, list[str]]:
    """Return who may invite with which roles: invitations by others are no longer valid."""
    query = sa.select(Membership.user_id, Membership.role).join(User, User.id == Membership.user_id)
    query = query.where(
        Membership.group_id == group.id, Membership.role.in_(group_access.ACTIONS[access.INVITE])
    )
    rows = db.session.execute(query.where(User.deactivated_at.is_(None)))
    return {
        user_id: [one for one in access.GIVABLE if role in access.GIVING[one]]
        for user_id, role in rows
    }


def progress(group: Group) -> Progress:
    """Return the progress of the group's invitation emails."""
    query = sa.select(OutgoingEmail.state, sa.func.count()).join(
        GroupInvitation, GroupInvitation.outgoing_email_id == OutgoingEmail.id
    )
    query = query.where(*_conditions(group)).group_by(OutgoingEmail.state)
    numbers = {SENT: 0, WAITING: 0, FAILED: 0}
    for state, number in db.session.execute(query):
        numbers[DELIVERIES.get(state, SENT)] += number
    return Progress(**numbers)


def waiting_for(user: User) -> list[GroupInvitation]:
    """Return the emailed invitations that `user` can accept, latest first; not from people they
    blocked.
    """
    if not user.is_verified:
        return []
    query = sa.select(GroupInvitation).join(GroupInvitation.group).join(GroupInvitation.by)
    query = query.options(contains_eager(GroupInvitation.group), contains_eager(GroupInvitation.by))
    query = query.where(
        GroupInvitation.email == user.email, *is_waiting(clock.now()), *reaches(user.id)
    )
    return list(
        db.session.scalars(
            query.order_by(GroupInvitation.created_at.desc(), GroupInvitation.id.desc())
        )
    )


def is_waiting(now: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that an emailed invitation can be accepted, for a statement with its
    group.
    """
    conditions = (
        GroupInvitation.ending == "",
        GroupInvitation.paused_at.is_(None),
        GroupInvitation.uses == 0,
    )
    return (*conditions, GroupInvitation.expires_at > now, Group.deleted_at.is_(None))


def reaches(user_id: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that the person isn't a member, isn't banned, and hasn't blocked the
    inviter.
    """
    member = sa.exists().where(
        Membership.group_id == GroupInvitation.group_id, Membership.user_id == user_id
    )
    banned = group_reads.has_ban(GroupInvitation.group_id, user_id)
    return (~member, ~banned, ~blocks.blockers_of(GroupInvitation.by_id, user_id))


def invited_sign_up_of(user: User) -> InvitedSignUp | None:
    """Return the invitation with which `user` signed up, until they have joined."""
    return db.session.scalar(sa.select(InvitedSignUp).where(InvitedSignUp.user_id == user.id))


def group_awaiting(user: User) -> Group | None:
    """Return the group that someone joins once they confirm their address."""
    sign_up = invited_sign_up_of(user)
    if (
        sign_up is None
        or sign_up.user_nonce != user.nonce
        or sign_up.invitation.group.deleted_at is not None
    ):
        return None
    return sign_up.invitation.group


def next_page(user: User, group: Group | None) -> str:
    """Return where someone goes after confirming their address: `group`, their invitations,
    or "".
    """
    if group is not None and group_reads.membership_of(group, user) is not None:
        return group.path
    return "/invitations" if group is not None or waiting_for(user) else ""


def _shown(group: Group, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(GroupInvitation).where(*_conditions(group), *which)


def _conditions(group: Group) -> tuple[sa.ColumnElement[bool], ...]:
    return (GroupInvitation.group_id == group.id, GroupInvitation.ending != WITHDRAWN)
