"""The code of conduct: written, agreed to on joining, and agreed to again when it changes."""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.groups import conduct, memberships, reads, requests
from webapp.groups.models import APPROVE, Group

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana, ben):
    group = factories.group(ana, ben, name="Lake Riders", slug="lake")
    conduct.write(group, by=ana, text="Wear a **helmet**.")
    db.session.commit()
    return group


def test_changed_text_creates_a_version_and_unchanged_text_does_not(group, ana):
    conduct.write(group, by=ana, text="Wear a **helmet**.")
    assert group.code_version == 1
    conduct.write(group, by=ana, text="Wear a helmet, always.")
    assert group.code_version == 2


@pytest.mark.parametrize(
    ("version", "said"),
    [(0, "Read the code"), (2, "has just been changed"), (99, "has just been changed")],
)
def test_joining_needs_agreement_to_the_current_code_of_conduct(group, cem, version, said):
    with pytest.raises(UserError, match=said) as refused:
        memberships.join(group, by=cem, code_version=version)
    assert refused.value.field == "affirms"
    db.session.rollback()
    group = db.session.get(Group, group.id)
    assert memberships.join(group, by=cem, code_version=1).code_version == 1


def test_joining_a_group_without_a_code_asks_for_nothing(ana, cem):
    assert memberships.join(factories.group(ana), by=cem).code_version == 0


def test_an_approved_request_keeps_its_agreement_to_the_code(group, ana, cem):
    group.join_policy = APPROVE
    with pytest.raises(UserError):
        requests.ask(group, by=cem)
    db.session.rollback()
    group = db.session.get(Group, group.id)
    group.join_policy = APPROVE
    asked = requests.ask(group, by=cem, code_version=1)
    conduct.write(group, by=ana, text="Another one.")

    assert requests.approve(asked, by=ana).code_version == 1
    assert conduct.is_due(group, reads.membership_of(group, cem))


def test_the_join_form_shows_the_code(browser, group, cem):
    page = browser(cem)
    page.get("/groups/lake")
    assert page.page.select_one("#join-form strong").get_text() == "helmet"
    answer = page.submit("/membership")
    assert answer.status_code == 422
    assert "Read the code of conduct and tick the box" in page.text
    page.submit("/membership", affirms="y")

    assert reads.membership_of(group, cem).code_version == 1
    assert "Code of conduct" in page.text
    assert "I agree" not in page.text


def test_agreeing_on_an_outdated_page_does_not_count_for_new_text(browser, group, ana, cem):
    page = browser(cem)
    page.get("/groups/lake")
    conduct.write(db.session.get(Group, group.id), by=ana, text="Wear two.")
    db.session.commit()

    assert page.submit("/membership", affirms="y").status_code == 422
    assert "has just been changed" in page.text
    page.submit("/membership", affirms="y")
    assert reads.membership_of(group, cem).code_version == 2


def test_members_are_asked_to_agree_again_without_losing_access(browser, group, ana, ben):
    page = browser(ben)
    page.get("/groups/lake")
    assert "Please read the code of conduct" in page.text
    page.submit("/affirmation")
    assert "Thank you" in page.text
    assert "Please read the code of conduct" not in page.text

    owner = browser(ana)
    owner.get("/groups/lake/manage/code")
    assert "1 member has agreed to this version" in owner.text
    owner.submit("/code", text="Wear a helmet. Ride slowly.")
    assert "It has changed since you agreed to it." in page.get("/groups/lake").get_data(
        as_text=True
    )
    assert page.post("/groups/lake/code/affirmation", {"code": "1"}).status_code == 422
    assert browser(ben).get("/groups/lake/manage/code").status_code == 403


def test_saving_an_empty_code_removes_it(browser, group, ana, cem):
    page = browser(ana)
    page.get("/groups/lake/manage/code")
    page.submit("/code", text="")
    assert "Saved. The group has no code of conduct." in page.text

    assert "Code of conduct" not in browser(cem).get("/groups/lake").text
    assert memberships.join(db.session.get(Group, group.id), by=cem).code_version == 0


def test_the_code_of_conduct_is_sanitized(browser, group, ana, visitor):
    conduct.write(
        db.session.get(Group, group.id),
        by=ana,
        text="<script>alert(1)</script> [x](javascript:alert(1))",
    )
    db.session.commit()
    visitor.get("/groups/lake")

    assert visitor.page.select_one("#code script") is None
    assert not [
        link for link in visitor.page.select("#code a") if link["href"].startswith("javascript")
    ]
