"""Joining, leaving, roles and removal."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.records import actions
from tests.voting import making
from webapp.core import hooks, live
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock
from webapp.groups import access, memberships, reads, roster
from webapp.groups.models import (
    APPROVE,
    CLOSED,
    INVITE,
    JOIN,
    MEMBER,
    MODERATOR,
    OPEN,
    ORGANIZER,
    OWNER,
    SECRET,
    Ban,
    Membership,
)
from webapp.mail.models import OutgoingEmail
from webapp.notifications import preferences
from webapp.notifications.models import DIGEST, Notification
from webapp.notifications.notify import notify

pytestmark = pytest.mark.any_database


@pytest.fixture
def news(monkeypatch):
    """What the hooks have announced, in order."""
    heard = []
    monkeypatch.setattr(
        hooks.member_joined,
        "subscribers",
        [lambda group, user: heard.append(("joined", user.handle))],
    )

    def left(group, user, by_choice):
        heard.append(("left" if by_choice else "removed", user.handle))

    monkeypatch.setattr(hooks.member_left, "subscribers", [left])
    return heard


@pytest.fixture
def asked_for(monkeypatch):
    """The signals that will be sent with the commit."""
    names = []
    monkeypatch.setattr(live, "signal", names.append)
    return names


def role(group, user):
    return access.role_of(user, group)


def test_joining_adds_a_member_and_updates_the_count(ana, ben, news, asked_for):
    group = factories.group(ana)

    memberships.join(group, by=ben)
    db.session.commit()

    assert (role(group, ben), group.member_count) == (MEMBER, 2)
    assert news == [("joined", "ben-okafor")]
    assert f"group:{group.id}:members" in asked_for


def test_joining_twice_has_the_same_effect_as_once(ana, ben, news):
    group = factories.group(ana)
    memberships.join(group, by=ben)
    memberships.join(group, by=ben)
    memberships.join(group, by=ana)

    assert group.member_count == 2
    assert role(group, ana) == OWNER
    assert len(news) == 1


@pytest.mark.parametrize(
    ("join_policy", "words"), [(APPROVE, "Ask to join"), (INVITE, "by invitation")]
)
def test_joining_directly_needs_an_open_join_policy(join_policy, words, ana, ben):
    group = factories.group(ana, join_policy=join_policy)

    with pytest.raises(UserError, match=words):
        memberships.join(group, by=ben)
    assert group.member_count == 1


def test_a_deleted_group_cannot_be_joined(ana, ben):
    group = factories.group(ana, deleted_at=clock.now())
    with pytest.raises(Conflict):
        memberships.join(group, by=ben)


def test_leaving_removes_all_permissions_at_once(ana, ben, news, asked_for):
    group = factories.group(ana, ben)
    assert role(group, ben) == MEMBER

    memberships.leave(group, by=ben)
    db.session.commit()

    assert (role(group, ben), group.member_count) == (None, 1)
    assert news == [("left", "ben-okafor")]
    assert f"user:{ben.id}:rights" in asked_for


def test_notifications_and_rows_are_one_transaction(ana, ben, monkeypatch):
    group = factories.group(ana, ben)

    def broken(group, user, by_choice):
        raise RuntimeError("a subscriber fails")

    monkeypatch.setattr(hooks.member_left, "subscribers", [broken])
    with pytest.raises(RuntimeError):
        memberships.leave(group, by=ben)
    db.session.rollback()

    assert (role(group, ben), group.member_count) == (MEMBER, 2)


def test_leaving_a_group_one_is_not_in_changes_nothing(ana, cem, news):
    group = factories.group(ana)
    memberships.leave(group, by=cem)
    assert (group.member_count, news) == (1, [])


def test_the_last_owner_cannot_leave_be_demoted_or_be_removed(ana, ben):
    group = factories.group(ana)
    factories.membership(group, ben, ORGANIZER)
    own = reads.membership_of(group, ana)

    with pytest.raises(UserError, match="last owner"):
        memberships.leave(group, by=ana)
    with pytest.raises(UserError, match="needs an owner"):
        memberships.change_role(own, MEMBER, by=ana)
    for person in (ana, ben):
        with pytest.raises(UserError):
            memberships.remove(own, by=person)
    assert role(group, ana) == OWNER


def test_a_role_change_is_notified_emailed_and_logged(ana, ben, asked_for):
    group = factories.group(ana, ben, name="Lake Riders")

    memberships.change_role(reads.membership_of(group, ben), MODERATOR, by=ana)
    db.session.commit()

    note = db.session.scalar(sa.select(Notification).where(Notification.user_id == ben.id))
    assert (note.kind, note.label) == ("role.changed", "Your role in Lake Riders is now Moderator")
    assert db.session.scalar(sa.select(OutgoingEmail.template)) == "groups/role_changed"
    assert actions() == ["member.role_changed"]
    assert f"user:{ben.id}:rights" in asked_for


#: who acts, whose role, to which role, whether it's allowed
CHANGES = [
    (OWNER, MEMBER, OWNER, False),
    (OWNER, MEMBER, ORGANIZER, True),
    (OWNER, ORGANIZER, MEMBER, True),
    (OWNER, OWNER, MEMBER, True),
    (ORGANIZER, MEMBER, MODERATOR, True),
    (ORGANIZER, MODERATOR, MEMBER, True),
    (ORGANIZER, MEMBER, ORGANIZER, False),
    (ORGANIZER, ORGANIZER, MEMBER, False),
    (ORGANIZER, OWNER, MEMBER, False),
    (MODERATOR, MEMBER, MODERATOR, False),
    (MEMBER, MODERATOR, MEMBER, False),
]


@pytest.mark.parametrize(("actor", "before", "after", "may"), CHANGES)
def test_only_higher_roles_can_change_a_role(actor, before, after, may, ana, ben, cem):
    group = factories.group(ana)
    factories.membership(group, ben, actor)
    changed = factories.membership(group, cem, before)

    if may:
        memberships.change_role(changed, after, by=ben)
    else:
        with pytest.raises(UserError):
            memberships.change_role(changed, after, by=ben)
    assert role(group, cem) == (after if may else before)


REMOVALS = [
    (OWNER, OWNER, True),
    (OWNER, MEMBER, True),
    (ORGANIZER, MODERATOR, True),
    (ORGANIZER, MEMBER, True),
]
REMOVALS += [(ORGANIZER, ORGANIZER, False), (ORGANIZER, OWNER, False), (MEMBER, MEMBER, False)]
REMOVALS += [(MODERATOR, MEMBER, True), (MODERATOR, MODERATOR, False), (MODERATOR, OWNER, False)]


@pytest.mark.parametrize(("actor", "removed", "may"), REMOVALS)
def test_only_higher_roles_can_remove_a_member(actor, removed, may, ana, ben, cem):
    group = factories.group(ana)
    factories.membership(group, ben, actor)
    membership = factories.membership(group, cem, removed)

    if may:
        memberships.remove(membership, by=ben)
    else:
        with pytest.raises(UserError):
            memberships.remove(membership, by=ben)
    assert (role(group, cem) is None) == may
    assert group.member_count == (2 if may else 3)


def test_a_removed_member_is_notified_with_the_reason(ana, ben, news, asked_for):
    group = factories.group(ana, ben, name="Lake Riders")

    memberships.remove(
        reads.membership_of(group, ben), by=ana, reason="Three rides without a helmet"
    )
    db.session.commit()

    note = db.session.scalar(sa.select(Notification).where(Notification.user_id == ben.id))
    assert note.label == "You were removed from Lake Riders: Three rides without a helmet"
    assert news == [("removed", "ben-okafor")]
    assert actions() == ["member.removed"]
    assert f"user:{ben.id}:rights" in asked_for
    memberships.join(group, by=ben)
    assert role(group, ben) == MEMBER


def test_a_banned_person_cannot_join_until_the_ban_is_lifted(ana, ben):
    group = factories.group(ana, ben)
    memberships.remove(reads.membership_of(group, ben), by=ana, reason="Spam", banned=True)
    db.session.commit()

    with pytest.raises(UserError, match="can’t join"):
        memberships.join(group, by=ben)
    ban = db.session.scalar(sa.select(Ban))
    assert (ban.user_id, ban.reason) == (ben.id, "Spam")

    memberships.unban(ban, group, by=ana)
    memberships.join(group, by=ben)
    db.session.commit()
    assert role(group, ben) == MEMBER
    assert actions() == ["member.banned", "member.unbanned"]


def test_acting_on_someone_who_has_just_left_is_a_conflict(ana, ben):
    group = factories.group(ana, ben)
    seen = reads.membership_of(group, ben)
    gone = sa.delete(Membership).where(Membership.id == seen.id)
    db.session.execute(gone, execution_options={"synchronize_session": False})

    with pytest.raises(Conflict):
        memberships.remove(seen, by=ana)


def test_the_count_is_the_number_of_rows(ana, ben, cem, dia):
    group = factories.group(ana)
    for person in (ben, cem, dia):
        memberships.join(group, by=person)
    memberships.leave(group, by=cem)
    memberships.remove(reads.membership_of(group, dia), by=ana, banned=True)
    db.session.commit()

    assert group.member_count == len(roster.members_of(group).items) == 2


def test_an_expired_ban_does_not_prevent_a_new_one(ana, ben):
    group = factories.group(ana, ben)
    end = clock.now() + timedelta(days=1)
    memberships.remove(reads.membership_of(group, ben), by=ana, banned=True, until=end)
    db.session.scalar(sa.select(Ban)).ends_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
    memberships.join(group, by=ben)
    memberships.remove(reads.membership_of(group, ben), by=ana, reason="Again", banned=True)
    db.session.commit()

    assert [ban.reason for ban in reads.bans_of(group)] == ["Again"]


@pytest.mark.parametrize(
    ("visibility", "join_policy", "goes_out"),
    [(SECRET, INVITE, 0), (CLOSED, INVITE, 0), (OPEN, JOIN, 3)],
)
def test_the_daily_digest_omits_groups_its_reader_can_no_longer_see(
    visibility, join_policy, goes_out, ana, ben
):
    group = factories.group(ana, ben, visibility=visibility, join_policy=join_policy)
    preferences.choose(ben, {"event.changed": DIGEST})
    paths = [
        f"{group.path}/conversation",
        factories.event(ana, group).path,
        making.vote(group, ana).path,
    ]
    for path in [*paths, "/events/elsewhere", f"{group.path}-too"]:
        notify([ben], "event.changed", path, {"event": "Picnic"})
    db.session.commit()
    memberships.remove(reads.membership_of(group, ben), by=ana)
    db.session.commit()

    waits = sa.select(Notification.url).where(
        Notification.user_id == ben.id, Notification.channel == DIGEST
    )
    left = set(db.session.scalars(waits.where(Notification.read_at.is_(None))))
    assert len(left & set(paths)) == goes_out
    assert left - set(paths) == {"/events/elsewhere", f"{group.path}-too"}
