"""Ana's group, and invitations into it."""

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
    """A secret group of Ana's, which people join only by invitation."""
    return factories.group(
        ana,
        name="Weir Keepers",
        visibility=SECRET,
        join_policy=INVITE,
        description="We *keep* the weir.",
    )


@pytest.fixture
def invite(group, ana):
    """A function: `invite("gil@example.org")` returns Ana's invitation to this address,
    committed.
    """

    def sent(address="gil@example.org", role=MEMBER, message="", by=ana, into=None):
        inviting.invite(into or group, by, Invited([address], role, message))
        db.session.commit()
        return to(address)

    return sent


@pytest.fixture
def link(group, ana):
    """A function: `link(most=2)` returns a link that Ana has created, committed."""

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
    """Return the person's role in the group from the database."""
    query = sa.select(Membership.role).where(
        Membership.group_id == group.id, Membership.user_id == user.id
    )
    return db.session.scalar(query)
