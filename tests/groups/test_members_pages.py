"""The list of members, its download, requests to join, and the page of one member."""

import csv
import io

import pytest

from tests import factories
from webapp.core.db.engine import statements
from webapp.core.extensions import db
from webapp.core.text.csv_download import escape_formula
from webapp.groups import access, reads, requests
from webapp.groups.access import may_watch
from webapp.groups.models import (
    APPROVE,
    CLOSED,
    INVITE,
    MEMBER,
    MODERATOR,
    ORGANIZER,
    OWNER,
    SECRET,
    Ban,
)


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake", join_policy=APPROVE)


def role(user, group):
    access.forget_roles()
    return access.role_of(user, group)


def test_members_can_be_searched_by_name_and_role_as_page_and_partial(browser, group, ana):
    factories.membership(group, factories.user("Thùy", "Phạm"), MODERATOR)
    page = browser(ana)

    page.get("/groups/lake/members?q=thuy")
    assert "Thùy Phạm" in page.text
    assert "Ben Okafor" not in page.page.find(id="members").get_text()
    page.fragment("/groups/lake/members?role=owner", "div#members")
    assert page.page.find()["id"] == "members"
    assert "Ana Souza" in page.text
    assert "Ben Okafor" not in page.text
    page.get("/groups/lake/members?q=zzz&role=nonsense")
    assert "No one found" in page.text


def test_the_list_of_members_has_pages(browser, group, ana):
    for number in range(20):
        factories.membership(group, factories.user("Zoe", f"Number{number:02}"))
    page = browser(ana)

    page.get("/groups/lake/members")
    assert "1 to 20 of 22" in page.text
    link = page.page.find("a", rel="next")["href"]
    page.get(link)
    assert "21 to 22 of 22" in page.text


def test_a_request_can_be_answered_on_the_page(browser, group, ana, cem, dia):
    for person in (cem, dia):
        requests.ask(group, by=person, message="Hello")
    db.session.commit()
    page = browser(ana)
    page.get("/groups/lake/manage/requests")
    assert "2 requests" in page.text

    page.submit("/answer", button="Approve")
    assert "Cem Yılmaz is now a member." in page.text
    assert role(cem, group) == MEMBER
    page.submit("/answer", button="Decline", answer="Not now")
    assert "Dia Rao was declined." in page.text
    assert role(dia, group) is None


def test_an_answered_request_cannot_be_answered_again(browser, group, ana, cem):
    request = requests.ask(group, by=cem)
    db.session.commit()
    page = browser(ana)
    url = f"/groups/lake/requests/{request.id}/answer"
    page.post(url, {"do": "decline"})

    answer = page.post(url, {"do": "approve"})
    assert answer.status_code == 409
    assert page.post(url, {"do": "nonsense"}).status_code == 422


def test_the_requests_partial_refreshes_itself(browser, group, ana, ben, cem):
    requests.ask(group, by=cem, message="Hello")
    db.session.commit()
    page = browser(ana)
    page.fragment("/groups/lake/manage/requests", "section#requests")
    assert page.page.find()["id"] == "requests"
    assert "Hello" in page.text
    assert browser(ben).get("/groups/lake/manage/requests").status_code == 403


def test_a_role_can_be_changed_on_the_members_page(browser, group, ana, ben):
    member = reads.membership_of(group, ben)
    page = browser(ana)
    page.get(f"/groups/lake/members/{member.id}")
    page.submit(str(member.id), role=ORGANIZER)

    assert "Ben Okafor’s new role: Organizer." in page.text
    assert role(ben, group) == ORGANIZER


def test_an_organizer_is_not_offered_roles_they_cannot_give(browser, group, ana, ben, cem):
    member = factories.membership(group, cem)
    reads.membership_of(group, ben).role = ORGANIZER
    db.session.commit()
    page = browser(ben)
    page.get(f"/groups/lake/members/{member.id}")
    assert [radio["value"] for radio in page.page.find_all("input", type="radio")] == [
        MODERATOR,
        MEMBER,
    ]
    assert page.post(f"/groups/lake/members/{member.id}", {"role": OWNER}).status_code == 422
    assert role(cem, group) == MEMBER

    owner = reads.membership_of(group, ana)
    page.get(f"/groups/lake/members/{owner.id}")
    assert "You can’t change this role" in page.text
    assert page.post(f"/groups/lake/members/{owner.id}", {"role": MEMBER}).status_code == 422
    assert page.get(f"/groups/lake/members/{owner.id}/removal").status_code == 403
    assert page.post(f"/groups/lake/members/{owner.id}/removal").status_code == 403
    assert role(ana, group) == OWNER


def test_a_member_can_be_removed_and_banned_and_the_ban_lifted(browser, group, ana, ben):
    member = reads.membership_of(group, ben)
    page = browser(ana)
    page.get(f"/groups/lake/members/{member.id}/removal")
    page.submit("/removal", reason="Spam", banned="y")
    assert "Ben Okafor is no longer a member." in page.text
    assert "You can’t join this group." in browser(ben).get("/groups/lake").text
    assert browser(ben).post("/groups/lake/request", {"message": "x"}).status_code == 422

    page.get("/groups/lake/bans")
    assert "Spam" in page.text
    page.submit("/removal")
    assert "No one is banned" in page.text
    assert "Ask to join" in browser(ben).get("/groups/lake").text


def test_a_moderator_can_ban_members_but_no_one_with_a_role(browser, group, ana, ben, cem, dia):
    factories.membership(group, cem, MODERATOR)
    factories.membership(group, dia, MODERATOR)
    page = browser(cem)
    page.get("/groups/lake")
    assert page.page.find("a", href="/groups/lake/manage")
    page.get("/groups/lake/manage/members")
    links = [link["href"] for link in page.page.select("#members td a")]
    assert links == [f"/groups/lake/members/{reads.membership_of(group, ben).id}/removal"]
    page.get(links[0])
    page.submit("/removal", reason="Spam", banned="y")
    assert "Ben Okafor is no longer a member." in page.text
    assert reads.is_banned(group, ben)
    page.get("/groups/lake/bans")
    page.submit("/removal")
    assert "Ban lifted. Ben Okafor can join or ask again." in page.text

    for person in (ana, dia, cem):
        path = f"/groups/lake/members/{reads.membership_of(group, person).id}/removal"
        assert page.get(path).status_code == 403
        assert page.post(path, {"reason": "Spam"}).status_code == 403
        assert reads.membership_of(group, person) is not None


def test_demoting_or_removing_the_last_owner_shows_a_message(browser, group, ana):
    own = reads.membership_of(group, ana)
    page = browser(ana)
    answer = page.post(f"/groups/lake/members/{own.id}", {"role": MEMBER})

    assert answer.status_code == 422
    assert "A group needs an owner." in page.text


def test_ids_of_another_group_get_404(browser, group, ana, ben, cem):
    other = factories.group(cem, join_policy=APPROVE)
    member = factories.membership(other, factories.user())
    request = requests.ask(other, by=ben)
    ban = Ban(group_id=other.id, user_id=ana.id)
    db.session.add(ban)
    db.session.commit()
    page = browser(ana)

    for path in (f"members/{member.id}", f"members/{member.id}/removal"):
        assert page.get(f"/groups/lake/{path}").status_code == 404
        assert page.post(f"/groups/lake/{path}", {"role": MEMBER}).status_code == 404
    assert (
        page.post(f"/groups/lake/requests/{request.id}/answer", {"do": "approve"}).status_code
        == 404
    )
    assert page.post(f"/groups/lake/bans/{ban.id}/removal").status_code == 404


def test_the_csv_of_members_contains_no_formulas_and_no_email_addresses(browser, group, ana):
    factories.membership(group, factories.user("=cmd|' /C calc'!A0", "@SUM(1)", handle="evil"))
    answer = browser(ana).get("/groups/lake/members.csv")

    assert answer.mimetype == "text/csv"
    assert 'filename="lake-members.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Given name", "Family name", "Handle", "Role", "Joined"]
    assert [row[3] for row in rows[1:]] == ["Owner", "Member", "Member"]
    assert ["'=cmd|' /C calc'!A0", "'@SUM(1)"] in [row[:2] for row in rows]
    assert "@example.org" not in answer.text


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@x", "\tx", "\rx", " =1"])
def test_formulas_are_escaped(words):
    assert escape_formula(words) == f"'{words}"
    assert escape_formula("plain -1") == "plain -1"


#: path, method, and who gets further than 403: owner, organizer, moderator, member, stranger
ROUTES = [
    ("edit", "GET", "oO"),
    ("edit", "POST", "oO"),
    ("deletion", "GET", "o"),
    ("deletion", "POST", "o"),
    ("members", "GET", "oOmM"),
    ("members.csv", "GET", "oO"),
    ("manage/members", "GET", "oOm"),
    ("members/{member}", "GET", "oO"),
    ("members/{member}", "POST", "oO"),
    ("members/{member}/removal", "GET", "oOm"),
    ("members/{member}/removal", "POST", "oOm"),
    ("requests/{request}/answer", "POST", "oOm"),
    ("bans", "GET", "oOm"),
    ("bans/{ban}/removal", "POST", "oOm"),
]


@pytest.mark.parametrize(("path", "method", "may"), ROUTES)
def test_each_role_can_open_the_pages_in_the_table(browser, ana, ben, cem, dia, path, method, may):
    """In a closed group; open and secret ones are in the matrix."""
    for sign, rank in {"o": OWNER, "O": ORGANIZER, "m": MODERATOR, "M": MEMBER, "s": None}.items():
        group = factories.group(ana, join_policy=APPROVE, visibility=CLOSED)
        if rank:
            factories.membership(group, ben, rank)
        request = requests.ask(group, by=dia)
        ban = Ban(group_id=group.id, user_id=factories.user().id)
        db.session.add(ban)
        db.session.commit()
        ids = {"member": factories.membership(group, cem).id, "request": request.id, "ban": ban.id}
        url = f"/groups/{group.slug}/{path.format(**ids)}"
        page = browser(ben)
        answer = page.get(url) if method == "GET" else page.post(url)
        assert (answer.status_code != 403) == (sign in may), (sign, url, answer.status_code)
        assert answer.status_code < 500


def counted(page, path):
    counter = [0]
    token = statements.set(counter)
    try:
        assert page.get(path).status_code == 200
    finally:
        statements.reset(token)
    return counter[0]


@pytest.mark.parametrize("path", ["", "/lake", "/lake/members", "/lake/members.csv", "/lake/bans"])
def test_pages_take_the_same_statements_for_more_rows(browser, group, ana, path):
    def one_more():
        factories.group(ana)
        factories.membership(group, factories.user(), MODERATOR)
        requests.ask(group, by=factories.user(), message="Hello")
        db.session.add(Ban(group_id=group.id, user_id=factories.user().id))
        db.session.commit()

    page = browser(ana)
    one_more()
    page.get(f"/groups{path}")
    few = counted(page, f"/groups{path}")
    one_more()
    one_more()

    assert counted(page, f"/groups{path}") == few <= 14


def test_only_people_who_see_a_groups_content_can_watch_it(ana, ben, cem, app):
    secret = factories.group(ana, ben, visibility=SECRET, join_policy=INVITE)
    closed = factories.group(ana, ben, visibility=CLOSED, join_policy=APPROVE)
    opened = factories.group(ana)

    assert [may_watch(ben, str(group.id)) for group in (secret, closed, opened)] == [
        True,
        True,
        True,
    ]
    assert [may_watch(cem, str(group.id)) for group in (secret, closed, opened)] == [
        False,
        False,
        True,
    ]
    assert not may_watch(cem, "nonsense")
