"""Groups, events and votes as admins see them: nothing that only members see; hidden ones can be
unhidden.
"""

import pytest

from tests import factories
from tests.moderation.reporting import judged, reported
from tests.news.conftest import chosen
from tests.voting import making
from webapp.admin import lists
from webapp.core.extensions import db
from webapp.events.models import DRAFT, GROUP as FOR_GROUP, LINK
from webapp.groups.models import APPROVE, CLOSED, INVITE, JOIN, OPEN, SECRET, Group, OwnSettings
from webapp.moderation.models import Case


@pytest.fixture
def whispering(ana, ben, context):
    """A secret group with an event and a vote, and an open one with content for its members
    only.
    """
    secret = factories.group(ana, ben, name="Whisperers", visibility=SECRET, join_policy=INVITE)
    factories.event(ana, secret, title="Whispered supper", audience=FOR_GROUP)
    making.vote(secret, ana, title="Whispered question")
    weir = factories.group(ana, ben, name="Weir", visibility=CLOSED, join_policy=APPROVE)
    for title, values in [
        ("Inside", {"audience": FOR_GROUP}),
        ("Unlisted", {"audience": LINK}),
        ("Sketch", {"state": DRAFT}),
    ]:
        factories.event(ana, weir, title=title, **values)
    making.vote(weir, ana, title="What do we plant?")
    db.session.commit()
    return secret


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/groups", "/admin/events", "/admin/votes", "/admin/audit"]
)
def test_admin_pages_never_show_members_only_content(browser, dia, whispering, path):
    page = browser(dia)
    assert page.get(path).status_code == 200
    for words in ("Whisper", "Inside", "Unlisted", "Sketch", "What do we plant?"):
        assert words not in page.page.find("main").get_text(" "), (path, words)


def hide(page, kind, thing):
    page.get(f"/admin/decisions/{kind}/{thing.id}")
    page.submit(str(thing.id), act="hidden", rule="spam", text="It sells.")


def test_secret_groups_are_only_counted_and_votes_are_listed_without_titles(
    browser, dia, whispering
):
    page = browser(dia)
    page.get("/admin/groups?q=whisperers")
    assert "1 more group is secret, even to you." in page.text
    assert "Nothing found" in page.text
    page.get("/admin/votes")
    rows = [" ".join(row.get_text(" ").split()) for row in page.page.select("tbody tr")]
    assert sorted(row.split(" ")[2] for row in rows) == ["Weir", "a"]


def test_groups_can_be_searched_and_hidden_ones_stay_listed(browser, dia, ana, ben, context):
    group = factories.group(ana, ben, name="Cheap watches")
    page = browser(dia)
    page.get("/admin/groups?q=watches")
    assert "Cheap watches" in page.text
    hide(page, "group", group)
    assert "Decision saved." in page.text
    assert db.session.get(Group, group.id, populate_existing=True).settings_before_hiding == (
        OPEN,
        JOIN,
        False,
    )

    page.get("/admin/groups?show=hidden")
    assert "Cheap watches" in page.text
    page.get(f"/admin/decisions/group/{group.id}")
    page.follow()
    page.submit("/decision", act="lifted", text="They stopped.")
    assert db.session.get(Group, group.id, populate_existing=True).settings_before_hiding is None


def test_an_admin_can_take_over_a_case_of_a_group(browser, dia, ana, ben, cem):
    event = factories.event(ben, factories.group(ana, ben, cem))
    case = reported("event", event, cem)
    page = browser(dia)

    assert page.get(f"/admin/decisions/event/{event.id}").status_code == 200
    assert "you take it over from them" in page.text
    page.submit(str(event.id), act="hidden", rule="spam", text="It sells.")

    assert "Decision saved." in page.text
    db.session.refresh(case)
    assert (case.outcome, case.escalated_at is not None) == ("hidden", True)


def test_only_the_group_can_unhide_what_it_hid(browser, dia, ana, ben, cem):
    event = factories.event(ben, factories.group(ana, ben, cem))
    judged(reported("event", event, cem), "hidden", ana)
    page = browser(dia)

    assert page.get(f"/admin/decisions/event/{event.id}").status_code == 200

    assert "can lift the decision" in page.text
    assert (
        page.page.find("form", method="post", action=f"/admin/decisions/event/{event.id}") is None
    )


def test_a_group_hidden_long_ago_can_be_unhidden_without_its_case(browser, dia, ana, context):
    group = factories.group(
        ana,
        name="Old",
        visibility=SECRET,
        join_policy=INVITE,
        settings_before_hiding=OwnSettings(OPEN, JOIN),
    )
    page = browser(dia)
    page.get(f"/admin/decisions/group/{group.id}")
    page.submit(str(group.id))
    assert "Decision lifted." in page.text
    assert db.session.get(Group, group.id, populate_existing=True).settings_before_hiding is None


def test_an_account_closed_long_ago_can_be_reopened_and_its_owner_is_notified(
    browser, dia, ana, emails, context
):
    ana.deactivated_at = ana.suspended_at = ana.created_at
    db.session.commit()
    page = browser(dia)
    page.get(f"/admin/decisions/person/{ana.id}")
    page.submit(str(ana.id))
    assert [email["To"] for email in emails()] == [ana.email]
    assert browser(ana).get("/account").status_code == 200


def test_admins_can_hide_a_groups_event_in_a_site_case(browser, dia, ana, ben, context):
    event = factories.event(ana, factories.group(ana, ben), title="Cheap watches")
    page = browser(dia)
    page.get("/admin/events?q=watches")
    assert "Cheap watches" in page.text
    hide(page, "event", event)
    assert "Opened by the site’s admins" in page.text
    case = db.session.query(Case).one()
    assert (case.outcome, case.escalated_at is None, case.reporters) == ("hidden", False, 0)
    page.get("/admin/events?show=hidden")
    assert "Cheap watches" in page.text


def test_reported_people_are_decided_on_in_their_existing_case(browser, dia, ana, ben, context):
    from tests.moderation.reporting import reported

    ben.profile_visibility = "everyone"
    case = reported("person", ben, ana)
    page = browser(dia)
    assert (
        page.get(f"/admin/decisions/person/{ben.id}").headers["Location"]
        == f"/admin/reports/{case.id}"
    )


@pytest.mark.parametrize("kind", ["file", "vote", "nothing"])
def test_other_kinds_of_things_have_no_decision_page(browser, dia, ana, kind):
    assert browser(dia).get(f"/admin/decisions/{kind}/{ana.id}").status_code == 404


def test_an_event_hidden_from_admins_gets_404(browser, dia, ana, whispering):
    hidden = db.session.query(lists.Event).filter_by(title="Inside").one()
    assert browser(dia).get(f"/admin/decisions/event/{hidden.id}").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"),
    [("/admin/groups", 4), ("/admin/events", 4), ("/admin/votes", 3), ("/admin", 3)],
)
def test_the_lists_take_the_same_statements_for_many_rows(
    browser, dia, ana, ben, statements_of, path, most
):
    def more():
        group = factories.group(ana, ben)
        factories.event(ana, group)
        making.vote(group, ana)
        db.session.commit()

    more()
    page = browser(dia)
    page.get(path)
    few = statements_of(lambda: page.get(path))
    for _one in range(3):
        more()
    assert statements_of(lambda: page.get(path)) == few <= most


def test_the_overview_shows_pending_work_and_site_numbers(browser, dia, ana, ben):
    factories.user("Yuki", approved_at=None)
    group = factories.group(ana, ben)
    factories.event(ana, group)
    for number, state in enumerate(["good", "failing", "gone"]):
        chosen(None, f"https://weir.example.org/{number}", state=state)
    chosen(group, state="failing")  # only for its organizers
    page = browser(dia)
    page.get("/admin")
    rows = page.page.select(".attention li")
    waits = {row.a["href"]: row.select_one(".number").get_text() for row in rows}
    assert waits == {
        "/admin/approvals": "1",
        "/admin/news": "2",
        "/help/looking-after-the-site": "",
    }
    numbers = {row.dt.get_text(): row.dd.get_text() for row in page.page.select(".stats > div")}
    assert numbers["Latest backup"] == "Never"
    counted = {"People": "3", "Groups": "1", "Events published": "1", "Votes opened": "0"}
    assert counted.items() <= numbers.items()
    assert [path["href"] for path in page.page.select(".area-nav a")][:3] == [
        "/admin",
        "/admin/people",
        "/admin/approvals",
    ]


def test_only_admins_can_see_admin_pages(browser, visitor, ana):
    for path in ("/admin", "/admin/people", "/admin/audit", "/admin/settings"):
        assert browser(ana).get(path).status_code == 404
        assert visitor.get(path).status_code == 303
