"""The manage pages: who can open which, what is pending, and how the group grew."""

from datetime import timedelta

import pytest

from tests import factories
from tests.voting import making
from webapp.core.db.engine import statements
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.core.ui import charts
from webapp.events.models import DRAFT
from webapp.groups import member_stats, memberships, requests
from webapp.groups.models import APPROVE, MODERATOR, ORGANIZER, GroupDay

pytestmark = pytest.mark.any_database


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake", join_policy=APPROVE)


def navigation(page):
    return [link.get_text(" ", strip=True) for link in page.page.select(".area-nav a")]


def test_everyone_sees_links_only_to_pages_they_can_use(browser, group, ana, cem, dia):
    factories.membership(group, cem, MODERATOR)
    factories.membership(group, dia, ORGANIZER)
    owner, organizer, moderator = browser(ana), browser(dia), browser(cem)
    for page in (owner, organizer, moderator):
        page.get("/groups/lake/manage")

    assert navigation(moderator) == ["Overview", "Members", "Requests", "Reports", "Add"]
    assert navigation(owner) == navigation(organizer)
    assert {"Members", "Events", "Votes", "Roles and permissions"} <= set(navigation(owner))


def test_people_without_a_role_cannot_see_the_manage_page(browser, group, ben, cem, visitor):
    assert browser(ben).get("/groups/lake/manage").status_code == 403
    assert browser(cem).get("/groups/lake/manage").status_code == 403
    assert visitor.get("/groups/lake/manage").status_code == 303
    assert "/groups/lake/manage" not in browser(ben).get("/groups/lake").text


def test_pending_work_is_counted_for_those_who_can_do_it(browser, group, ana, ben, cem, dia):
    factories.membership(group, dia, MODERATOR)
    requests.ask(group, by=cem)
    requests.ask(group, by=factories.user())
    factories.event(ana, group, state=DRAFT)
    making.coming(group, ana)
    db.session.commit()

    assert attention(browser(ana)) == ["2 Requests to join", "1 Event draft"]
    assert attention(browser(dia)) == ["2 Requests to join"]


def attention(page):
    assert page.get("/groups/lake/manage").status_code == 200
    rows = page.page.select(".attention li")
    return [f"{row.select_one('.number').get_text()} {row.h3.get_text()}" for row in rows]


def test_a_group_without_pending_work_says_so(browser, group, ana):
    assert "You’re all caught up." in browser(ana).get("/groups/lake/manage").text


def test_the_overview_takes_the_same_statements_for_a_large_group(browser, group, ana):
    page = browser(ana)
    page.get("/groups/lake/manage")
    few = counted(page)
    for number in range(6):
        person = factories.user()
        requests.ask(group, by=factories.user())
        memberships.admit(group, person)
        factories.event(ana, group, state=DRAFT if number % 2 else "published")
        making.vote(group, ana, title=f"Vote {number}")
    db.session.commit()

    assert counted(page) == few <= 8


def counted(page):
    counter = [0]
    token = statements.set(counter)
    try:
        assert page.get("/groups/lake/manage").status_code == 200
    finally:
        statements.reset(token)
    return counter[0]


def test_daily_statistics_count_joins_and_departures(context, ana, ben, cem):
    group = factories.group(ana)
    memberships.admit(group, ben)
    memberships.admit(group, cem)
    memberships.leave(group, by=ben)
    db.session.commit()

    day = db.session.get(GroupDay, (group.id, clock.now().date()))
    assert (day.joined, day.departed, day.members) == (2, 1, 2)
    assert day.members == group.member_count


def test_chart_points_carry_totals_forward_and_add_up_changes(context, ana):
    group = factories.group(ana)
    now = clock.now()
    group.created_at = now - timedelta(days=400)
    for ago, members, came, went in [(390, 3, 3, 0), (100, 5, 3, 1), (99, 6, 1, 0), (3, 4, 0, 2)]:
        day = (now - timedelta(days=ago)).date()
        db.session.add(
            GroupDay(group_id=group.id, day=day, members=members, joined=came, departed=went)
        )
    db.session.commit()

    points = member_stats.daily_counts(group, now)
    assert len(points) == 53
    assert points[0].members == 3, "the year begins with what was there before it"
    assert points[-1] == member_stats.MemberCount(now.date(), 4, 0, 2)
    assert sum(point.joined for point in points[1:]) == 4
    assert sum(point.departed for point in points[1:]) == 3
    drawn = member_stats.member_chart(group, now)
    assert "4 members today, 3 on" in drawn.chart.finding
    assert "4 joined and 3 left" in drawn.chart.finding
    assert drawn.chart.ticks == [6, 3, 0]


@pytest.mark.parametrize(("age", "count"), [(0, 1), (1, 2), (59, 60), (70, 11), (800, 53)])
def test_the_chart_covers_the_groups_lifetime_up_to_a_year(context, ana, age, count):
    group = factories.group(ana)
    group.created_at = clock.now() - timedelta(days=age)

    assert len(
        member_stats.member_chart(group, clock.now()).chart.lines[0].path.split("H")
    ) - 1 == max(1, count - 1)


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 4), (4, 4), (5, 6), (7, 10), (11, 20), (61, 100), (100, 100), (101, 200), (9999, 10000)],
)
def test_the_axis_ends_at_a_round_number(most, top):
    assert charts.top_of(most) == top


def test_the_chart_has_a_table_of_the_same_numbers(browser, context, ana, ben):
    group = factories.group(ana, slug="lake")
    memberships.admit(group, ben)
    db.session.commit()
    page = browser(ana)
    page.get("/groups/lake/manage")

    assert page.page.find("svg", attrs={"viewbox": "0 0 600 200"})["role"] == "img"
    rows = [
        [cell.get_text() for cell in row.find_all("td")]
        for row in page.page.find("details").find_all("tr")[1:]
    ]
    assert rows == [["1", "0", "2"]]
