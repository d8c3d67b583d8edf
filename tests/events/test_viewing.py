"""Previews of an event as someone else: they show exactly what that audience gets."""

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


def test_the_preview_as_a_visitor_equals_the_visitor_page(event, ana, browser, visitor):
    assert shown(browser(ana), "visitor") == alike(
        visitor.get("/events/swim").get_data(as_text=True)
    )


def test_the_preview_as_a_member_shows_attendees_and_no_host_buttons(event, ana, browser):
    seen = shown(browser(ana), "member")

    assert "Ben Okafor" in seen
    assert "rooms.example" not in seen
    assert "Edit event" not in seen


def test_the_preview_says_when_the_audience_cannot_see_the_event(ana, browser):
    group = factories.group(ana, visibility=SECRET, join_policy=INVITE)
    factories.event(ana, group, slug="swim", audience="group", title="Night swim")
    page = browser(ana)

    assert "Night swim" not in shown(page, "visitor")
    assert "They can’t see the event" in page.text
    assert "Night swim" in shown(page, "member")


def test_previews_submit_nothing_and_leave_no_account_behind(event, ana, browser):
    page = browser(ana)
    answer = page.get("/events/swim/manage/as/member")

    assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script src" not in answer.get_data(as_text=True)
    assert "Edit event" in page.get("/events/swim").text
    assert db.session.query(type(ana)).filter_by(handle="any-member").count() == 0


def test_only_hosts_can_preview(event, ben, browser):
    assert browser(ben).get("/events/swim/manage/as/visitor").status_code == 403
