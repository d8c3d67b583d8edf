"""Ana's group, into which she invites."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.core.extensions import db
from webapp.groups.models import INVITE, MEMBER, SECRET, Membership
from webapp.invitations import access, invite_links, inviting
from webapp.invitations.inviting import Invited
from webapp.invitations.models import GroupInvitation


@pytest.fixture
def group(ana):
    """A secret group of Ana's: nobody comes but by invitation."""
    return factories.group(
        ana,
        name="Weir Keepers",
        visibility=SECRET,
        join_policy=INVITE,
        description="We *keep* the weir.",
    )


@pytest.fixture
def invite(group, ana):
    """`invite("gil@example.org")` gives the invitation that Ana has sent to this address,
    committed.
    """

    def sent(address="gil@example.org", role=MEMBER, message="", by=ana, into=None):
        inviting.invite(into or group, by, Invited([address], role, message))
        db.session.commit()
        return to(address)

    return sent


@pytest.fixture
def link(group, ana):
    """`link(most=2)` gives a link that Ana has made, committed."""

    def made(role=MEMBER, **values):
        row = invite_links.make_link(group, values.pop("by", ana), role, **values)
        db.session.commit()
        return row

    return made


def to(address):
    return db.session.scalars(
        sa.select(GroupInvitation).where(GroupInvitation.email == address)
    ).one()


def path(invitation):
    return access.path(invitation)


def role_of(group, user):
    """The role that the person has in the group, as the database has it."""
    query = sa.select(Membership.role).where(
        Membership.group_id == group.id, Membership.user_id == user.id
    )
    return db.session.scalar(query)
