"""Who sees a group, and what each role can do in it."""

import pytest
from werkzeug.exceptions import Forbidden, NotFound

from tests import factories
from webapp.accounts.models import Visitor
from webapp.core.db.engine import statements
from webapp.core.extensions import db
from webapp.core.http.permissions import TABLES
from webapp.core.time import clock
from webapp.groups import access
from webapp.groups.models import (
    APPROVE,
    CLOSED,
    INVITE,
    MEMBER,
    MODERATOR,
    ORGANIZER,
    OWNER,
    ROLES,
    SECRET,
    GroupSlug,
)

pytestmark = pytest.mark.any_database

#: Written out, so that a change of the table must be repeated here.
MAY = {
    "group:view_members": {OWNER, ORGANIZER, MODERATOR, MEMBER},
    "group:choose_notifications": set(ROLES),
    "group:answer_offer": set(ROLES),
    "group:start_thread": set(ROLES),
    "group:read_conversation": set(ROLES),
    "group:read_calendar": set(ROLES),
    "group:write": set(ROLES),
    "group:announce": {OWNER, ORGANIZER},
    "group:answer_requests": {OWNER, ORGANIZER, MODERATOR},
    "group:invite": {OWNER, ORGANIZER},
    "group:create_event": {OWNER, ORGANIZER},
    "group:create_vote": {OWNER, ORGANIZER},
    "group:manage": {OWNER, ORGANIZER, MODERATOR},
    "group:moderate": {OWNER, ORGANIZER, MODERATOR},
    "group:edit": {OWNER, ORGANIZER},
    "group:remove_members": {OWNER, ORGANIZER, MODERATOR},
    "group:export_members": {OWNER, ORGANIZER},
    "group:change_lower_roles": {OWNER, ORGANIZER},
    "group:change_roles": {OWNER},
    "group:offer_ownership": {OWNER},
    "group:delete": {OWNER},
}


@pytest.fixture
def secret(ana, ben):
    return factories.group(ana, ben, name="Quiet Ones", visibility=SECRET, join_policy=INVITE)


@pytest.mark.parametrize("action", MAY)
def test_each_role_has_the_permissions_in_the_table(action, ana):
    group = factories.group(ana)
    people = {OWNER: ana}
    for role in (ORGANIZER, MODERATOR, MEMBER):
        people[role] = factories.user()
        factories.membership(group, people[role], role)

    assert {role for role in ROLES if access.can(people[role], action, group)} == MAY[action]
    assert not access.can(factories.user(), action, group)
    assert not access.can(Visitor(), action, group)


def test_the_permission_table_is_complete_and_every_row_has_a_label(app):
    table = TABLES["group"]

    assert set(table.actions) == set(MAY) == set(table.sentences)
    assert [name for name, _ in table.roles] == list(ROLES)


def test_require_refuses_people_without_permission(ana, ben, cem):
    group = factories.group(ana, ben)

    access.require(ana, "group:edit", group)
    for person in (ben, cem):
        with pytest.raises(Forbidden):
            access.require(person, "group:edit", group)


def test_a_secret_group_is_not_found_by_outsiders(secret, ana, ben, cem, dia):
    assert access.group_for(ana, "quiet-ones") == secret
    assert access.group_for(ben, "quiet-ones") == secret
    for outsider in (cem, dia, Visitor()):
        with pytest.raises(NotFound):
            access.group_for(outsider, "quiet-ones")
        assert not access.may_see_inside(outsider, secret)


def test_the_old_address_of_a_secret_group_redirects_members_only(secret, ben, cem):
    db.session.add(GroupSlug(slug="loud-ones", group_id=secret.id))
    db.session.commit()

    with pytest.raises(access.GroupMoved) as moved:
        access.group_for(ben, "loud-ones")
    assert moved.value.slug == "quiet-ones"
    with pytest.raises(NotFound):
        access.group_for(cem, "loud-ones")


def test_a_closed_group_shows_its_content_to_members_only(ana, ben, cem):
    group = factories.group(ana, ben, visibility=CLOSED, join_policy=APPROVE)

    assert access.group_for(cem, group.slug) == group
    assert access.group_for(Visitor(), group.slug) == group
    assert access.may_see_inside(ben, group)
    assert not access.may_see_inside(cem, group)
    assert not access.may_see_inside(Visitor(), group)


def test_an_open_group_shows_its_content_to_everyone(ana, cem):
    group = factories.group(ana)

    assert access.may_see_inside(cem, group)
    assert access.may_see_inside(Visitor(), group)


def test_a_deleted_group_is_not_found_and_only_its_owner_can_restore_it(ana, ben):
    group = factories.group(ana, ben, deleted_at=clock.now())

    for person in (ana, ben):
        with pytest.raises(NotFound):
            access.group_for(person, group.slug)
    assert access.deleted_group_to(ana, "group:delete", group.slug) == group
    with pytest.raises(NotFound):
        access.deleted_group_to(ben, "group:delete", group.slug)


def test_a_site_admin_has_no_role_in_a_group(ana, dia):
    group = factories.group(ana, visibility=CLOSED, join_policy=APPROVE)

    assert access.role_of(dia, group) is None
    assert not access.may_see_inside(dia, group)


def test_roles_are_queried_once_and_never_stale(ana, ben):
    groups = [factories.group(ana) for _ in range(3)]
    ids = [(group, group.id) for group in groups], ben.id
    counter = [0]
    token = statements.set(counter)
    assert [access.role_of(ben, group) for group, _ in ids[0]] == [None, None, None]
    statements.reset(token)
    assert counter == [1]

    factories.membership(groups[0], ben, MODERATOR)

    assert access.role_of(ben, groups[0]) == MODERATOR


def test_organizers_can_give_lower_roles_only(ana, ben):
    group = factories.group(ana)
    factories.membership(group, ben, ORGANIZER)

    assert [role for role in ROLES if access.can_give(ben, group, role)] == [MODERATOR, MEMBER]
    assert [role for role in ROLES if access.can_give(ana, group, role)] == list(ROLES)
