"""All accounts: searched, viewed, and changed."""

import pytest

from tests import factories
from tests.moderation.reporting import reported
from webapp.accounts import account_deletion
from webapp.accounts.models import User
from webapp.admin import people
from webapp.core.db.keyset import Cursor
from webapp.core.extensions import db


def found(**asked):
    return [user.handle for user in people.listed(people.PeopleSearch(**asked), None).items]


def test_people_are_found_by_name_handle_and_full_email_address(ana, ben, dia):
    assert found(words="souza") == ["ana-souza"]
    assert found(words="@ben") == ["ben-okafor"]
    assert found(words="Ana-Souza@example.org") == ["ana-souza"]
    assert found(words="example.org") == []
    assert set(found()) == {"ana-souza", "ben-okafor", "dia-rao"}


def test_accounts_can_be_filtered_by_status(ana, ben, cem, dia):
    yuki = factories.user("Yuki", handle="yuki", approved_at=None)
    nour = factories.user("Nour", handle="nour", verified_at=None, approved_at=None)
    account_deletion.leave(cem)
    ben.deactivated_at = ben.suspended_at = ben.created_at
    db.session.commit()

    assert found(show="waiting") == [yuki.handle]
    assert found(show="unconfirmed") == [nour.handle]
    assert found(show="admins") == ["dia-rao"]
    assert found(show="closed") == ["ben-okafor"]
    assert found(show="leaving") == ["cem-yilmaz"]


def test_the_list_of_people_is_paged_by_keyset(context):
    for _one in range(people.SIZE + 3):
        factories.user()
    first = people.listed(people.PeopleSearch(), None)
    last = first.items[-1]
    second = people.listed(people.PeopleSearch(), Cursor(last.created_at, last.id))

    assert (len(first.items), len(second.items), bool(first.next), second.next) == (
        people.SIZE,
        3,
        True,
        "",
    )
    assert not {user.id for user in first.items} & {user.id for user in second.items}


def test_the_list_takes_the_same_statements_for_many_people(browser, dia, statements_of):
    page = browser(dia)
    factories.user()
    few = statements_of(lambda: page.get("/admin/people"))
    for _one in range(5):
        factories.user()
    assert statements_of(lambda: page.get("/admin/people")) == few == 3


def test_the_list_partial_is_returned_alone(browser, dia, ana):
    page = browser(dia)
    page.fragment("/admin/people?q=ana", "people")
    assert page.page.find(id="people")
    assert not page.page.find("html")
    assert "Ana Souza" in page.text


def test_a_persons_page_shows_the_account_status_and_can_approve_it(browser, dia):
    factories.user("Yuki", "Tanaka", handle="yuki", approved_at=None)
    page = browser(dia)
    page.get("/admin/people/yuki")
    assert "Waiting for approval" in page.text
    page.submit("/approval")
    page.get("/admin/people/yuki")
    assert "Waiting for approval" not in page.text
    assert "Account approved" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/people/nobody",
        "/admin/people/nobody/admin",
        "/admin/people/nobody/sign-ins/revocation",
    ],
)
def test_an_unknown_person_gets_404(browser, dia, path):
    assert browser(dia).get(path).status_code == 404


def test_erased_accounts_are_not_shown(browser, dia, ana):
    ana.erased_at = ana.created_at
    db.session.commit()
    assert browser(dia).get("/admin/people/ana-souza").status_code == 404
    assert found(words="ana") == []


def test_an_account_is_closed_with_a_reason_at_once_and_can_be_reopened(
    browser, dia, ana, emails, signals, context
):
    theirs, page = browser(ana), browser(dia)
    assert theirs.get("/account").status_code == 200
    page.get(f"/admin/decisions/person/{ana.id}")
    assert (
        page.submit("/decisions/person/" + str(ana.id), act="suspended", text="").status_code == 422
    )
    page.submit(
        "/decisions/person/" + str(ana.id),
        act="suspended",
        rule="spam",
        text="Eleven groups in a day.",
    )

    assert "Decision saved." in page.text
    assert theirs.get("/account").status_code == 303
    assert f"user:{ana.id}:rights" in signals
    notified = [email for email in emails() if email["To"] == ana.email]
    assert [email["Subject"] for email in notified] == ["Your account was closed"]
    assert "Eleven groups in a day." in notified[0].get_body(("plain",)).get_content()
    page.get("/admin/people/ana-souza")
    assert "Closed" in page.text

    page.get(f"/admin/decisions/person/{ana.id}")
    page.follow()
    page.submit("/decision", act="lifted", text="They were tests.")
    assert db.session.get(User, ana.id, populate_existing=True).is_active
    assert browser(ana).get("/account").status_code == 200


def test_admins_see_cases_about_others_and_none_about_themselves(browser, dia, ana, ben):
    cases = {person: reported("person", person, by=ben) for person in (ana, dia)}
    page = browser(dia)

    for person, is_shown in ((ana, True), (dia, False)):
        answer = page.get(f"/admin/people/{person.handle}")
        assert (f"/admin/reports/{cases[person].id}" in answer.text) == is_shown


def test_own_and_admin_accounts_cannot_be_closed(browser, dia, context):
    eli = factories.user("Eli", is_admin=True)
    page = browser(dia)
    for person in (dia, eli):
        page.post(
            f"/admin/decisions/person/{person.id}",
            {"act": "suspended", "rule": "spam", "text": "No", "version": "0"},
        )
        assert db.session.get(User, person.id, populate_existing=True).is_active
    page.get(f"/admin/decisions/person/{dia.id}")
    assert "You can’t decide anything here" in page.text


def test_a_persons_page_can_give_permission_to_start_groups(browser, dia, ana, context):
    page = browser(dia)
    page.get("/admin/people/ana-souza")
    page.submit("/groups", button="Give permission")
    page.get("/admin/people/ana-souza")
    assert "They can start groups" in page.text
    assert db.session.get(User, ana.id, populate_existing=True).may_create_groups
    page.submit("/groups", button="Remove permission")
    assert not db.session.get(User, ana.id, populate_existing=True).may_create_groups
