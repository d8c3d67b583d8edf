"""Appeals: once, by the subject of the decision only, and decided by someone else."""

import re

import pytest

from tests import factories
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.groups.models import OWNER
from webapp.moderation import case_routing, decisions, reads
from webapp.moderation.models import (
    CLOSED,
    DISMISSED,
    HIDDEN,
    LIFTED,
    OBJECTED,
    SUSPENDED,
    UPHELD,
    WARNED,
)
from webapp.moderation.notifications import way_to

from .reporting import judged, lines, reported


@pytest.fixture
def hidden(event, mo, cem):
    """Ben's event, hidden by Mo."""
    return judged(reported("event", event, cem), HIDDEN, mo, "No advertising.")


def objected(case, by):
    decisions.object_to(case, "It is a repair café.", by, case.version)
    db.session.commit()
    return case


def test_the_subject_of_a_decision_can_read_its_reason_and_appeal(
    browser, hidden, event, ben, ana, mo
):
    tab = browser(ben)
    tab.get("/events/watches")
    assert "Moderators have hidden this event" in tab.text
    tab.get(tab.page.select_one("a[href^='/decisions/']")["href"])
    assert "No advertising." in tab.text
    assert "Mo Sato" not in tab.text
    tab.submit(text="It is a repair café.")

    assert "Appeal sent." in tab.text
    assert hidden.state == OBJECTED
    assert lines(ana, "report.arrived")[-1] == "Someone appealed a decision in River walkers"
    assert not [
        form for form in tab.page.find_all("form") if "objection" in str(form.get("action"))
    ]
    tab.get("/account/reports")
    assert "Under appeal" in tab.text


def test_owners_find_decisions_about_their_group_under_reports(browser, group, ana, mo, cem, dia):
    case = judged(reported("group", group, cem), WARNED, dia, "Say who you are.")
    tab = browser(ana)
    tab.get("/account/reports")
    tab.get(tab.page.find("a", string=group.name)["href"])
    assert tab.path == f"/decisions/{case.id}"
    assert "Say who you are." in tab.text
    for other in (mo, cem):
        assert case not in reads.decided_about(other)


def test_an_appeal_is_decided_by_someone_else(browser, hidden, group, ben, ana, mo, oda):
    objected(hidden, ben)

    assert decisions.allowed_acts(mo, hidden) == []
    assert (
        decisions.allowed_acts(ana, hidden)
        == decisions.allowed_acts(oda, hidden)
        == [UPHELD, LIFTED]
    )
    tab = browser(mo)
    tab.get(f"/groups/{group.slug}/manage/reports/{hidden.id}")
    assert "Someone else answers this appeal" in tab.text
    tab.get(f"/groups/{group.slug}/manage")
    assert "Report" not in [row.get_text() for row in tab.page.select(".attention h3")]
    tab = browser(ana)
    tab.get(f"/groups/{group.slug}/manage")
    assert tab.page.select_one(".attention h3").get_text() == "Report"


def test_an_upheld_decision_stands_and_is_final(hidden, event, ben, ana, cem):
    judged(objected(hidden, ben), UPHELD, ana, "We all agree.", rule=None)

    assert (hidden.state, hidden.outcome) == (CLOSED, HIDDEN)
    assert event.hidden_at is not None
    assert (
        lines(ben, "case.decided")[-1]
        == "The decision about “Cheap watches” was upheld: We all agree."
    )
    assert len(lines(cem, "report.closed")) == 1  # the person who reported is notified once
    with pytest.raises(UserError, match="already"):
        objected(hidden, ben)


def test_a_successful_appeal_shows_the_content_again(hidden, event, ben, ana):
    judged(objected(hidden, ben), LIFTED, ana, rule=None)

    assert (hidden.state, hidden.outcome, event.hidden_at) == (CLOSED, LIFTED, None)
    assert not decisions.may_object(hidden)


def test_a_dismissed_case_has_no_decision_page_and_no_appeal(browser, event, ben, mo, cem):
    case = judged(reported("event", event, cem), DISMISSED, mo)

    assert browser(ben).get(f"/decisions/{case.id}").status_code == 404
    assert browser().get(way_to(case)).status_code == 404
    with pytest.raises(UserError):
        objected(case, ben)


@pytest.mark.any_database
def test_a_decision_is_visible_to_its_subject_only(browser, visitor, hidden, ana, mo, cem, dia):
    for person in (ana, mo, cem, dia):
        assert browser(person).get(f"/decisions/{hidden.id}").status_code == 404
        assert (
            browser(person)
            .post(f"/decisions/{hidden.id}/objection", {"text": "x", "version": 2})
            .status_code
            == 404
        )
    assert visitor.get(f"/decisions/{hidden.id}").headers["Location"].startswith("/sign-in")
    assert visitor.get(way_to(hidden)[:-3] + "xyz").status_code == 404


def test_an_appeal_goes_to_site_admins_if_no_other_moderator_exists(ana, ben, cem, dia):
    group = factories.group(ana, ben)
    case = judged(reported("event", factories.event(ben, group), cem), WARNED, ana)
    objected(case, ben)

    assert case.escalated_at is not None
    assert reads.judges_of(case) == [dia]
    assert lines(dia, "report.raised") == ["Someone appealed a decision"]
    judged(case, LIFTED, dia, rule=None)
    assert case.outcome == LIFTED


def test_an_only_admin_decides_the_appeal_against_their_own_decision(ben, cem, dia):
    ben.profile_visibility = "everyone"
    case = judged(reported("person", ben, cem), WARNED, dia)
    objected(case, ben)
    assert case_routing.may_judge(dia, case)

    another = factories.user("Another", is_admin=True)
    assert not case_routing.may_judge(dia, case)
    assert case_routing.may_judge(another, case)


def test_people_with_closed_accounts_can_appeal_by_the_emailed_link(visitor, ben, cem, dia, emails):
    ben.profile_visibility = "everyone"
    case = judged(reported("person", ben, cem), SUSPENDED, dia, "Only ever advertising.")
    (email,) = [email for email in emails() if email["To"] == ben.email]
    path = re.search(r"/decisions/\S+", email.get_body(("plain",)).get_content())[0]
    visitor.get(path)
    assert "Only ever advertising." in visitor.text
    visitor.submit(text="That was not me.")
    assert "Appeal sent." in visitor.text

    assert case.state == OBJECTED
    judged(case, LIFTED, dia, "Sorry.", rule=None)
    assert ben.is_active


def test_an_appeal_needs_a_text_and_is_refused_on_its_page(browser, hidden, ben):
    tab = browser(ben)
    tab.get(f"/decisions/{hidden.id}")
    tab.submit(text=" ")

    assert tab.answer.status_code == 422
    assert "Enter a message." in tab.text
    assert hidden.state == CLOSED


def test_owners_can_appeal_for_their_group(group, ana, ben, cem, dia):
    second = factories.user("Second")
    factories.membership(group, second, OWNER)
    case = judged(reported("group", group, cem), WARNED, dia)

    objected(case, second)
    assert case.state == OBJECTED
    assert reads.case_log(case)[-1].user_id == second.id
