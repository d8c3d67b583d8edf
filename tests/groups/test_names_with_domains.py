"""A group whose name contains what may be a domain waits for an admin."""

from datetime import timedelta

import pytest

from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.groups import groups
from webapp.groups.directory import GroupSearch, listed
from webapp.groups.models import APPROVE, CLOSED, JOIN, MEMBER, OPEN, SECRET
from webapp.invitations import invite_links, inviting
from webapp.invitations.inviting import Invited
from webapp.invitations.models import GroupInvitation

from ..moderation.reporting import lines, reported

pytestmark = pytest.mark.any_database

NAME = "Prize draw at https://evil.example"


def created(by, name=NAME, **values):
    usual = {"summary": "", "description": "", "location": "", "zone": "UTC", "welcome": ""}
    ways = {"visibility": OPEN, "join_policy": JOIN, "categories": []}
    made = groups.create(by=by, name=name, **{**usual, **ways, **values})
    db.session.commit()
    return made


def renamed(group, by, name):
    kept = ("summary", "description", "location", "zone", "welcome", "visibility", "join_policy")
    values = {one: getattr(group, one) for one in kept} | {"categories": [], "name": name}
    groups.edit(group, by=by, version=group.version, **values)
    db.session.commit()


@pytest.fixture
def group(ana):
    return created(ana)


def test_it_is_unlisted_and_cannot_invite_by_email(group, ana, ben):
    assert group.awaits_approval
    assert group.visibility == SECRET
    assert NAME not in [one.name for one in listed(ben, GroupSearch()).items]
    with pytest.raises(UserError, match="An admin has to approve"):
        inviting.invite(group, ana, Invited(["gil@example.net"], MEMBER))
    assert invite_links.make_link(group, ana, MEMBER).is_open
    values = {"visibility": OPEN, "join_policy": JOIN, "name": NAME, "categories": []}
    with pytest.raises(UserError, match="approve the group’s name"):
        groups.edit(group, by=ana, version=group.version, **values)


@pytest.mark.parametrize("name", ["evil。example", "ｅｖｉｌ．ｅｘａｍｐｌｅ", "Win: www.evil"])
def test_every_spelling_waits(ana, name):
    assert created(ana, name).awaits_approval


@pytest.mark.parametrize("name", ["Eelers", "St. Mary’s choir", "A.B.C. runners", "Ana & Ben"])
def test_other_names_do_not_wait(ana, name):
    assert not created(ana, name).awaits_approval


def test_a_new_group_that_waits_is_not_called_ready(ana, browser):
    page = browser(ana)
    page.get("/groups/new")
    page.submit("/groups", name=NAME)

    assert "An admin has to approve the group’s name" in page.text
    assert "is ready" not in page.text


def test_an_admins_own_group_does_not_wait(dia):
    assert not created(dia).awaits_approval


def test_an_admin_finds_it_among_the_tasks_and_approves_the_name(group, ana, dia, browser):
    page = browser(dia)
    page.get("/admin")
    assert "Group’s name to approve" in page.text
    page.get("/admin/groups?show=hidden")
    assert "Name to approve" in page.text
    (review,) = [one for one in page.page.select("main a.btn") if "Review" in one.get_text()]
    page.get(review["href"])
    page.submit("/approval")
    assert "Name approved" in page.text

    db.session.refresh(group)
    assert (group.visibility, group.join_policy, group.awaits_approval) == (OPEN, JOIN, False)
    assert lines(ana, "name.approved") == [
        f"An admin approved the name of {NAME}. It can invite people by email."
    ]
    inviting.invite(group, ana, Invited(["gil@example.net"], MEMBER))
    renamed(group, ana, group.name)
    assert not group.awaits_approval
    page.get("/admin")
    assert "to approve" not in page.text


def test_an_admin_declines_the_name_with_a_reason_and_the_owner_can_appeal(
    group, ana, dia, browser
):
    page = browser(dia)
    page.get(f"/admin/decisions/group/{group.id}")
    page.submit(f"/admin/decisions/group/{group.id}", act="hidden", rule="spam", text="It sells.")
    assert "Decision saved" in page.text

    db.session.refresh(group)
    assert (group.visibility, group.is_hidden, group.awaits_approval) == (SECRET, True, False)
    (line,) = lines(ana, "case.decided")
    assert "It sells." in line
    renamed(group, ana, "Eelers")
    assert group.is_hidden
    with pytest.raises(UserError, match="have hidden this group"):
        inviting.invite(group, ana, Invited(["gil@example.net"], MEMBER))
    page.submit("/decision", act="lifted", text="You changed it.")
    db.session.refresh(group)
    assert (group.visibility, group.join_policy, group.is_hidden) == (OPEN, JOIN, False)


def test_a_reported_group_is_approved_on_the_page_of_its_case(group, ana, dia, browser):
    case = reported("group", group, ana)
    page = browser(dia)
    page.get(f"/admin/decisions/group/{group.id}")
    page.follow()
    assert page.path == f"/admin/reports/{case.id}"
    assert {one["value"] for one in page.page.select("input[name=act]")} == {
        *("dismissed", "hidden", "warned"),
    }

    page.submit("/approval")

    db.session.refresh(group)
    assert not group.awaits_approval
    page.follow()
    assert page.path == f"/admin/reports/{case.id}"
    assert "Approve name" not in page.text


def test_a_name_that_changed_meanwhile_is_not_approved_unseen(group, ana, dia, browser):
    page = browser(dia)
    page.get(f"/admin/decisions/group/{group.id}")
    renamed(group, ana, "Prize draw at https://worse.example")

    page.submit("/approval")

    assert "has just changed" in page.text
    db.session.refresh(group)
    assert group.awaits_approval


def test_the_owner_is_told_and_a_new_name_ends_the_wait(group, ana, browser):
    page = browser(ana)
    page.get(group.path)
    assert "An admin has to approve the group’s name" in page.text

    renamed(group, ana, "Eelers")

    assert (group.visibility, group.join_policy, group.awaits_approval) == (OPEN, JOIN, False)


@pytest.mark.parametrize("chosen", [(OPEN, JOIN), (CLOSED, APPROVE)])
def test_a_new_name_and_who_sees_the_group_can_be_chosen_at_once(group, ana, browser, chosen):
    page = browser(ana)
    page.get(f"{group.path}/edit")
    changed = dict(zip(("visibility", "join_policy"), chosen, strict=True))

    page.submit(f"{group.path}/edit", name="Win at worse.example", **changed)
    assert "approve the group’s name first" in page.error_at("visibility")
    assert page.page.select_one("input[name=name]")["value"] == "Win at worse.example"
    page.submit(f"{group.path}/edit", name="Eelers", **changed)

    db.session.refresh(group)
    assert (group.name, group.visibility, group.join_policy) == ("Eelers", *chosen)
    assert group.settings_before_hiding is None


def test_a_listed_group_that_takes_such_a_name_waits(ana):
    group = created(ana, "Eelers")

    renamed(group, ana, NAME)

    assert group.awaits_approval


def test_invitations_sent_before_are_not_sent_again_while_it_waits(ana):
    group = created(ana, "Eelers")
    inviting.invite(group, ana, Invited(["gil@example.net"], MEMBER))
    (invitation,) = db.session.query(GroupInvitation)
    invitation.sent_at = clock.now() - timedelta(days=3)
    renamed(group, ana, NAME)

    with pytest.raises(UserError, match="An admin has to approve"):
        inviting.resend(invitation, ana)


def test_a_secret_group_is_not_listed_and_cannot_invite_by_email_either(ana):
    group = created(ana, visibility=SECRET, join_policy="invite")

    with pytest.raises(UserError, match="An admin has to approve"):
        inviting.invite(group, ana, Invited(["gil@example.net"], MEMBER))
