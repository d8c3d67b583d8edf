"""The queue and its cases: what the pages show, who can open them, and what a second moderator
sees.
"""

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.groups.models import INVITE, SECRET
from webapp.moderation.models import Case, Report

from .reporting import judged, reported


@pytest.fixture
def case(event, cem):
    """A case about Ben's event, reported by Cem and by a visitor."""
    reported("event", event, None, "hate")
    return reported("event", event, cem, text="He sells watches.")


@pytest.fixture
def at(group):
    """Return the path of the group's queue."""
    return f"/groups/{group.slug}/manage/reports"


def test_a_moderator_finds_a_case_in_overview_and_queue_and_decides(
    browser, group, case, at, mo, event
):
    tab = browser(mo)
    tab.get(f"/groups/{group.slug}/manage")
    assert tab.page.select_one(".attention h3").get_text() == "Report"
    tab.get(at)
    assert "Cheap watches" in tab.text
    assert "2 people" in tab.text
    tab.get(tab.page.select_one("#queue h2 a")["href"])
    for words in (
        "He sells watches.",
        "Buy here",
        "No one has changed it since.",
        "A visitor",
        "Ben Okafor",
        "Hosts",
    ):
        assert words in tab.text, words
    tab.submit("/decision", act="hidden", rule="spam", text="No advertising.")

    assert "Decision saved. We’ll tell the person it’s about." in tab.text
    assert "Hidden" in tab.text
    db.session.expire_all()
    assert event.hidden_at is not None
    tab.get(at)
    assert "Nothing to review" in tab.text
    tab.get(f"{at}?show=closed")
    assert "Cheap watches" in tab.text


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"act": "warned", "rule": "spam", "text": " "}, "Enter a reason."),
        ({"rule": "spam", "text": "No"}, "Choose a decision."),
        ({"act": "warned", "rule": "", "text": "No"}, "Choose the rule that was broken."),
        ({"act": "suspended", "rule": "spam", "text": "No"}, "You can’t decide that here now"),
        ({"act": "lifted", "rule": "spam", "text": "No"}, "You can’t decide that here now"),
        ({"act": "nonsense", "rule": "spam", "text": "No"}, "Choose one from the list"),
    ],
)
def test_a_decision_needs_a_rule_and_a_reason(browser, case, at, mo, values, sentence):
    tab = browser(mo)
    tab.get(f"{at}/{case.id}")
    tab.submit("/decision", **values)

    assert tab.answer.status_code == 422
    assert sentence in tab.text
    db.session.expire_all()
    assert case.state == "open"


def test_a_second_decision_is_refused_shows_the_first_and_keeps_its_text(
    browser, case, at, mo, oda
):
    first, second = browser(mo), browser(oda)
    first.get(f"{at}/{case.id}")
    second.get(f"{at}/{case.id}")
    first.submit("/decision", act="warned", rule="spam", text="Ask first.")
    second.submit("/decision", act="banned", rule="spam", text="Out, at once.")

    assert second.answer.status_code == 409
    assert "Someone else has just acted on this report." in second.text
    assert "Ask first." in second.text
    assert "Out, at once." in second.text
    db.session.expire_all()
    assert case.outcome == "warned"


def test_a_case_shows_changes_beside_the_reported_text(browser, case, at, mo, event):
    event.description = "Repairs for free"
    db.session.commit()
    tab = browser(mo)
    tab.get(f"{at}/{case.id}")

    assert "Buy here" in tab.text
    assert "Repairs for free" in tab.text
    event.deleted_at = event.created_at
    db.session.commit()
    tab.get(f"{at}/{case.id}")
    assert "It no longer exists." in tab.text
    assert "Buy here" in tab.text


def test_a_case_can_be_escalated_on_its_page(browser, case, at, mo, dia):
    tab = browser(mo)
    tab.get(f"{at}/{case.id}")
    tab.submit("/escalation", text="")
    assert tab.answer.status_code == 422
    tab.submit("/escalation", text="I cannot judge this.")
    assert "Passed on." in tab.text
    assert tab.get(f"{at}/{case.id}").status_code == 404
    tab = browser(dia)
    tab.get("/admin/reports")
    assert "Cheap watches" in tab.text
    tab.get(f"/admin/reports/{case.id}")
    assert "I cannot judge this." in tab.text
    assert "Mo Sato" in tab.text


@pytest.mark.any_database
def test_the_queue_can_be_filtered_by_kind(browser, case, at, ana, ben, group, cem):
    factories.membership(group, cem)
    reported("person", ben, cem, group=group)
    tab = browser(ana)
    tab.get(f"{at}?kind=person")
    assert [a.get_text() for a in tab.page.select("#queue h2 a")] == ["Ben Okafor"]
    tab.get(f"{at}?kind=group")
    assert "Nothing found" in tab.text
    assert tab.fragment(f"{at}?kind=event", "queue").status_code == 200
    assert [a.get_text() for a in tab.page.select("#queue h2 a")] == ["Cheap watches"]


def test_an_admin_outside_the_group_sees_only_the_reported_snapshot(browser, ana, ben, dia):
    secret = factories.group(ana, ben, name="Quiet", visibility=SECRET, join_policy=INVITE)
    inside = factories.event(
        ana, secret, audience="group", title="Whispers", slug="whispers", venue="The old mill"
    )
    case = reported("event", inside, ben)
    tab = browser(dia)
    tab.get(f"/admin/reports/{case.id}")

    assert "Whispers" in tab.text
    assert "Only the group can see where it appears." in tab.text
    assert "The old mill" in tab.text  # its members can read it, like the title
    assert not tab.page.select("main dl.facts")
    assert not tab.page.select("a[href='/events/whispers']")
    assert tab.get("/events/whispers").status_code == 404
    assert browser(ana).get(f"/groups/{secret.slug}/manage/reports/{case.id}").status_code == 404


def _full(group, ben, number):
    for place in range(number):
        row = Case(
            kind="event",
            thing_id=ben.id,
            group_id=group.id,
            author_id=ben.id,
            label=f"No {place}",
            open_as=f"{place}",
        )
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            [
                Report(case_id=row.id, reporter_kind="visitor", rule=rule)
                for rule in ("spam", "hate")
            ]
        )
    db.session.commit()


@pytest.mark.parametrize(
    "path", ["/groups/river-walkers/manage/reports", "/groups/river-walkers/manage"]
)
def test_a_long_queue_takes_the_same_statements_as_a_short_one(
    browser, group, ben, mo, path, statements_of
):
    tab = browser(mo)
    tab.get(path)
    _full(group, ben, 1)
    few = statements_of(lambda: tab.get(path))
    assert tab.answer.status_code == 200
    db.session.query(Report).delete()
    db.session.query(Case).delete()
    _full(group, ben, 20)

    assert statements_of(lambda: tab.get(path)) == few <= 8


def test_a_case_takes_the_same_statements_for_many_reports_and_steps(
    browser, at, case, mo, cem, event, statements_of
):
    tab = browser(mo)
    path = f"{at}/{case.id}"
    tab.get(path)
    db.session.remove()
    few = statements_of(lambda: tab.get(path))
    for _ in range(60):
        reported("event", event, None, "hate")
    db.session.remove()

    assert statements_of(lambda: tab.get(path)) == few <= 16
    assert "12 more reports" in tab.text
    assert "Hate × 61" in tab.text
    assert "He sells watches." in tab.text


@pytest.mark.any_database
def test_a_case_of_another_group_gets_404(browser, case, ana, dia):
    other = factories.group(ana)

    assert browser(ana).get(f"/groups/{other.slug}/manage/reports/{case.id}").status_code == 404
    assert browser(dia).get(f"/admin/reports/{case.id}").status_code == 404


def test_erased_people_are_shown_as_former_member_in_cases(browser, case, at, mo, ben):
    from webapp.moderation import erasing

    judged(case, "warned", mo)
    erasing.erase(ben)
    db.session.commit()
    tab = browser(mo)
    tab.get(f"{at}?show=closed")
    assert "Former member" in tab.text
    tab.get(f"{at}/{case.id}")
    assert "Who it’s about" not in tab.text
    assert "Snapshot from when it was reported" not in tab.text
