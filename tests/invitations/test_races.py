"""Several people use one link at once; and the same without the lock, which must fail."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts.models import User
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.groups import memberships
from webapp.groups.models import MEMBER, Membership
from webapp.invitations import accepting, invited_sign_up, inviting
from webapp.invitations.inviting import Invited
from webapp.invitations.models import GroupInvitation, InvitationUse, InvitedSignUp, Mailing

pytestmark = pytest.mark.usefixtures("context")


def coming(invitation_id, user_id):
    return lambda: accepting.accept(
        db.session.get(GroupInvitation, invitation_id), db.session.get(User, user_id)
    )


def counted(model, *which):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*which))


@pytest.fixture
def interleaved(monkeypatch):
    """Make each person who has checked whether the link is still valid wait until the other has
    checked, too.
    """
    monkeypatch.setattr(accepting, "refuse_over", waiting_for_each_other(accepting.refuse_over))


def acts_of_three(row, others):
    acts = [coming(row.id, user.id) for user in others]
    db.session.remove()
    return acts


def test_a_link_for_two_admits_two_of_three_at_once(app, group, link):
    row, group_id = link(most=2), group.id
    outcomes = at_once(app, acts_of_three(row, [factories.user() for _ in range(3)]))

    assert outcomes == ["done", "done", "refused"]
    assert counted(Membership, Membership.group_id == group_id, Membership.role == MEMBER) == 2
    assert (counted(InvitationUse), db.session.scalars(sa.select(GroupInvitation.uses)).one()) == (
        2,
        2,
    )


def test_a_link_for_one_admits_one_of_two_at_once(app, group, link, interleaved):
    row, group_id = link(most=1), group.id
    outcomes = at_once(app, acts_of_three(row, [factories.user() for _ in range(2)]))

    assert outcomes == ["done", "refused"]
    assert counted(Membership, Membership.group_id == group_id, Membership.role == MEMBER) == 1


def test_control_without_the_lock_a_link_for_one_admits_two_or_one_fails(
    app, group, link, interleaved, monkeypatch
):
    monkeypatch.setattr(memberships, "hold", lambda group: group)
    row, group_id = link(most=1), group.id
    outcomes = at_once(app, acts_of_three(row, [factories.user() for _ in range(2)]), unlocked=True)

    both_came = counted(Membership, Membership.group_id == group_id, Membership.role == MEMBER) == 2
    assert both_came or outcomes != ["done", "refused"]


def test_one_person_in_two_tabs_uses_a_link_once(app, group, link):
    row, user = link(most=2), factories.user()

    assert at_once(app, acts_of_three(row, [user, user])) == ["done", "done"]
    assert (counted(InvitationUse), db.session.scalars(sa.select(GroupInvitation.uses)).one()) == (
        1,
        1,
    )


def test_two_organizers_inviting_the_same_address_at_once_send_one_email(app, ana, group):
    ids = group.id, ana.id

    def act():
        from webapp.groups.models import Group

        inviting.invite(
            db.session.get(Group, ids[0]),
            db.session.get(User, ids[1]),
            Invited(["gil@example.org"], MEMBER),
        )

    db.session.remove()
    assert at_once(app, [act, act]) == ["done", "refused"]
    assert (counted(Mailing), counted(GroupInvitation)) == (1, 1)


def test_sign_ups_by_a_link_are_limited_by_its_uses(group, link):
    row = link(most=2)
    for n in range(2):
        invited_sign_up.note_invitation(row.id, factories.user(f"New{n}", verified_at=None))
    with pytest.raises(UserError, match="has reached its limit"):
        invited_sign_up.note_invitation(row.id, factories.user("Third", verified_at=None))

    assert counted(InvitedSignUp) == 2
