"""The list of members: searched, filtered by role, sorted, edited in place, and downloaded as a
table.
"""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts.models import NOBODY
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups import roster
from webapp.groups.models import MEMBER, MODERATOR, ORGANIZER, OWNER, Membership
from webapp.groups.roster import MemberSearch


@pytest.fixture
def group(ana, ben, cem):
    """A group of Ana's since three days; Cem joined two days ago, and Ben became a moderator
    yesterday.
    """
    group = factories.group(ana, cem, ben, name="Lake")
    for days, (user, role) in enumerate(((ben, MODERATOR), (cem, MEMBER), (ana, OWNER)), 1):
        row = db.session.scalar(sa.select(Membership).where(Membership.user_id == user.id))
        row.role, row.created_at = role, clock.now() - timedelta(days=days)
    db.session.commit()
    return group


def names(group, page=1, size=20, **wanted):
    return [
        one.user.first_name
        for one in roster.members_of(group, MemberSearch(**wanted), page, size).items
    ]


def test_members_can_be_sorted(group):
    assert names(group) == ["Ana", "Ben", "Cem"]
    assert names(group, sort="name") == ["Ana", "Ben", "Cem"]
    assert names(group, sort="newest") == ["Ben", "Cem", "Ana"]
    assert names(group, sort="longest") == ["Ana", "Cem", "Ben"]


def test_search_matches_names_and_handles_without_accents_in_any_order(group, ana):
    thuy = factories.user("Thùy", "Phạm", handle="th-1987")
    factories.membership(group, thuy, ORGANIZER)

    for words in ("pham thuy", "PHẠM", "1987", "thu"):
        assert names(group, words=words) == ["Thùy"], words
    assert names(group, words="thuy", role=ORGANIZER) == ["Thùy"]
    assert (
        names(group, words="thuy", role=MEMBER)
        == names(group, words="%")
        == names(group, words="thuy ana")
        == []
    )


def test_the_roster_has_pages_and_a_total(group):
    for number in range(5):
        factories.membership(group, factories.user("Eve", f"Person{number}"))
    pages = [roster.members_of(group, MemberSearch(sort="name"), page, 3) for page in (1, 2, 3, 4)]

    assert [(page.total, len(page.items)) for page in pages] == [(8, 3), (8, 3), (8, 2), (8, 0)]
    assert len({one.id for page in pages for one in page.items}) == 8


def test_people_leaving_the_site_are_not_listed(group, cem, ana, browser):
    cem.deactivated_at = clock.now()
    db.session.commit()

    assert names(group) == ["Ana", "Ben"]
    assert roster.members_of(group).total == 2
    assert "Cem" not in browser(ana).get("/groups/lake/members.csv").text


def test_the_page_keeps_the_search_and_filters(group, ben, browser):
    page = browser(ben)
    page.get("/groups/lake/members?q=a&role=member&sort=newest")
    form = page.page.select_one("main form[role=search]")
    chosen = [option["value"] for option in form.select("option[selected]")]

    assert (form.select_one("#q")["value"], chosen) == ("a", ["member", "newest"])
    page.get("/groups/lake/members?role=nonsense&sort=nonsense&page=x")
    assert len(page.page.select("tbody tr")) == 3


def test_a_role_can_be_changed_in_the_list_without_losing_the_search(group, ana, cem, browser):
    page = browser(ana)
    page.get("/groups/lake/manage/members?q=cem&sort=name")
    form = page.page.select_one("#members form")
    assert [button["value"] for button in form.select("button")] == [ORGANIZER, MODERATOR]
    assert (
        page.page.select_one("#members button[popovertarget]")["popovertarget"] == form.parent["id"]
    )

    answer = page.post(form["action"], data={"role": MODERATOR})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/groups/lake/manage/members?q=cem&sort=name"
    assert (
        db.session.scalar(sa.select(Membership.role).where(Membership.user_id == cem.id))
        == MODERATOR
    )


def test_only_permitted_actions_are_shown_beside_a_member(group, ana, ben, cem, browser):
    boss = factories.user("Olga", "Organizer")
    factories.membership(group, boss, ORGANIZER)
    page = browser(boss)
    page.get("/groups/lake/manage/members?sort=name")
    rows = {
        row.select_one("th a, th b").text.split()[0]: row for row in page.page.select("tbody tr")
    }

    assert [button["value"] for button in rows["Cem"].select("form button")] == [MODERATOR]
    assert [button["value"] for button in rows["Ben"].select("form button")] == [MEMBER]
    assert "Remove from the group" in rows["Cem"].text
    for name in ("Ana", "Olga"):
        assert rows[name].select("form") == []
        assert "Remove" not in rows[name].text
    assert browser(cem).get("/groups/lake/manage/members").status_code == 403
    page = browser(ben)
    page.get("/groups/lake/members")
    assert page.page.select("#members form") == []


@pytest.mark.parametrize(
    "path", ["/groups/lake/members", "/groups/lake/manage/members", "/groups/lake/members.csv"]
)
def test_email_addresses_are_never_shown_and_profiles_as_people_chose(
    group, ana, ben, cem, browser, path
):
    cem.profile_visibility = NOBODY
    db.session.commit()
    for user in (ana, ben):
        answer = browser(user).get(path)
        assert "example.org" not in answer.text.replace("http://127.0.0.1", "")
        assert f"/people/{cem.handle}" not in answer.text


def test_the_csv_lists_everyone_without_formulas_and_is_streamed(
    group, ana, browser, statements_of
):
    people = [factories.user("=1+1", f"Person{number}") for number in range(2)]
    for person in people:
        factories.membership(group, person)
    tab = browser(ana)
    answer = tab.get("/groups/lake/members.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))

    assert rows[0] == ["Given name", "Family name", "Handle", "Role", "Joined"]
    assert len(rows) == 6
    assert sorted(row[0] for row in rows[1:]) == ["'=1+1", "'=1+1", "Ana", "Ben", "Cem"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Content-Length" not in answer.headers
    assert statements_of(lambda: tab.get("/groups/lake/members.csv")) <= 3


def test_the_list_takes_the_same_statements_for_many_members(
    group, ana, ben, browser, statements_of
):
    paths = (
        "/groups/lake/members",
        "/groups/lake/members?q=eve&role=member&sort=name",
        "/groups/lake/manage/members?page=2",
    )
    tabs = [browser(ana), browser(ben)]
    for tab in tabs:
        tab.get(paths[0])
    few = [statements_of(lambda path=path: tabs[0].get(path)) for path in paths[:2]]
    for number in range(45):
        factories.membership(group, factories.user("Eve", f"Person{number}"))
    many = [statements_of(lambda path=path: tabs[0].get(path)) for path in paths]
    many.append(statements_of(lambda: tabs[1].get(paths[0])))

    assert max(many) <= 5
    assert many[0] == few[0]
