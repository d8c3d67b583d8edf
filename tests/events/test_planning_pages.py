"""The pages on which an event is found, planned, cancelled and put away."""

import sqlalchemy as sa

from tests import factories
from tests.events.plans import fields
from webapp.core.extensions import db
from webapp.core.http.forms import TextBlock, TextLine
from webapp.events.forms import EventForm
from webapp.events.models import Event


def the_event() -> Event:
    db.session.expire_all()
    return db.session.scalars(sa.select(Event)).one()


def test_an_event_is_planned_and_published_from_its_form(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", button="Publish", **fields(capacity="12"))

    assert tab.answer.status_code == 200
    assert "Eel count" in tab.text
    assert (the_event().state, the_event().capacity) == ("published", 12)


def test_every_text_of_the_form_is_on_its_page_and_kept(browser, ana):
    texts = {
        name: f"Its {name}"
        for name, field in vars(EventForm).items()
        if getattr(field, "field_class", None) in (TextLine, TextBlock)
    }
    page = browser(ana)
    page.get("/events/new")
    page.submit("/events", **fields(**texts))

    event = the_event()
    assert {name: getattr(event, name) for name in texts} == texts
    page.get(f"{event.path}/edit")
    shown = {one["name"]: one.get("value", one.text) for one in page.page.select("[name]")}
    assert {name: shown.get(name, "").strip() for name in texts} == texts


def test_a_refused_form_comes_back_as_it_was_filled_in(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(title="", summary="By lamplight", ends="2020-01-01T10:00"))

    assert tab.answer.status_code == 422
    assert tab.page.title.get_text().startswith("Error:")
    assert "Enter a title." in tab.text
    assert tab.page.find(id="summary")["value"] == "By lamplight"
    assert tab.page.find(id="title")["aria-invalid"] == "true"


def test_a_time_that_does_not_exist_is_explained_at_its_field(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit(
        "/events",
        **fields(zone="Pacific/Auckland", starts="2027-09-25T22:00", ends="2027-09-26T02:30"),
    )

    assert tab.answer.status_code == 422
    assert "02:30 doesn’t exist" in tab.page.find(id="ends-err").get_text()


def test_a_doubled_time_is_asked_about(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(starts="2027-10-31T01:30", ends="2027-10-31T05:00"))
    assert tab.answer.status_code == 422
    tab.submit("/events", starts_fold="1")

    assert tab.answer.status_code == 200
    assert the_event().starts_at.hour == 1


def test_a_member_may_not_plan_for_the_group_and_a_stranger_does_not_find_a_secret_one(
    browser, ana, ben, cem
):
    group = factories.group(ana, ben, visibility="secret", join_policy="invite")

    assert browser(ben).get(f"/events/new?group={group.slug}").status_code == 403
    assert browser(cem).get(f"/events/new?group={group.slug}").status_code == 404


def test_two_editors_do_not_overwrite_each_other(browser, ana):
    event = factories.event(ana)
    first, second = browser(ana), browser(ana)
    first.get(f"/events/{event.slug}/edit")
    second.get(f"/events/{event.slug}/edit")
    first.submit("/edit", title="Lamplight")

    second.submit("/edit", title="Torchlight")

    assert second.answer.status_code == 409
    assert "Someone else has changed this event" in second.text
    assert second.page.find(id="title")["value"] == "Torchlight"
    assert the_event().title == "Lamplight"


def test_cancelling_asks_first_and_then_tells(browser, ana):
    event = factories.event(ana)
    tab = browser(ana)
    tab.get(f"/events/{event.slug}/cancellation")

    tab.submit("/cancellation", reason="The river is too high")

    assert the_event().state == "cancelled"
    assert "The river is too high" in tab.text


def test_a_deleted_event_is_gone_and_can_be_brought_back(browser, ana, visitor):
    event = factories.event(ana)
    tab = browser(ana)
    tab.get(f"/events/{event.slug}/removal")
    tab.submit("/removal")
    assert visitor.get(f"/events/{event.slug}").status_code == 404

    tab.submit("/removal/undoing")

    assert visitor.get(f"/events/{event.slug}").status_code == 200


def test_an_audience_that_is_not_offered_never_becomes_a_larger_one(ana, browser):
    page, closed = browser(ana), factories.group(ana, visibility="closed", join_policy="invite")
    assert page.post("/events", fields(audience="group")).status_code == 422
    assert page.post("/events", fields(audience="everyone", group=closed.slug)).status_code == 303
    assert db.session.query(Event).one().audience == "group"
