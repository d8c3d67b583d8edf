"""An event in someone else's eyes: what is shown is what they get."""

import pytest

from tests import factories
from tests.groups.test_view_as import alike
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.groups.models import INVITE, SECRET

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture(params=["group", "alone"])
def event(request, ana, ben):
    group = factories.group(ana, ben) if request.param == "group" else None
    made = factories.event(
        ana, group, slug="swim", online_url="https://rooms.example/deep", capacity=3
    )
    rsvps.answer(made, by=ben)
    db.session.commit()
    return made


def shown(page, who):
    answer = page.get(f"/events/swim/manage/as/{who}")
    assert answer.status_code == 200
    return alike(answer.get_data(as_text=True))


def test_what_is_shown_as_a_visitors_is_what_a_visitor_gets(event, ana, browser, visitor):
    assert shown(browser(ana), "visitor") == alike(
        visitor.get("/events/swim").get_data(as_text=True)
    )


def test_as_a_member_one_sees_who_comes_and_no_buttons_of_hosts(event, ana, browser):
    seen = shown(browser(ana), "member")

    assert "Ben Okafor" in seen
    assert "rooms.example" not in seen
    assert "Edit event" not in seen


def test_what_does_not_exist_for_them_is_shown_as_the_answer_that_they_get(ana, browser):
    group = factories.group(ana, visibility=SECRET, join_policy=INVITE)
    factories.event(ana, group, slug="swim", audience="group", title="Night swim")
    page = browser(ana)

    assert "Night swim" not in shown(page, "visitor")
    assert "They can’t see the event" in page.text
    assert "Night swim" in shown(page, "member")


def test_nothing_can_be_sent_from_it_and_nobody_stays(event, ana, browser):
    page = browser(ana)
    answer = page.get("/events/swim/manage/as/member")

    assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script src" not in answer.get_data(as_text=True)
    assert "Edit event" in page.get("/events/swim").text
    assert db.session.query(type(ana)).filter_by(handle="any-member").count() == 0


def test_only_hosts_look(event, ben, browser):
    assert browser(ben).get("/events/swim/manage/as/visitor").status_code == 403
