"""The pages on which an event is planned, edited, cancelled and deleted."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests import factories, images
from tests.events.plans import fields
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.http.forms import TextBlock, TextLine
from webapp.core.storage.files import files
from webapp.events import defaults
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


def test_every_text_field_is_saved_and_shown_on_the_form_and_the_events_page(browser, ana):
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
    page.get(event.path)
    assert [text for text in texts.values() if text not in page.text] == []


def test_a_refused_form_keeps_what_was_entered(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(title="", summary="By lamplight", ends="2020-01-01T10:00"))

    assert tab.answer.status_code == 422
    assert tab.page.title.get_text().startswith("Error:")
    assert "Enter a title." in tab.text
    assert tab.page.find(id="summary")["value"] == "By lamplight"
    assert tab.page.find(id="title")["aria-invalid"] == "true"


def test_a_nonexistent_time_is_explained_at_its_field(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit(
        "/events",
        **fields(zone="Pacific/Auckland", starts="2027-09-25T22:00", ends="2027-09-26T02:30"),
    )

    assert tab.answer.status_code == 422
    assert "02:30 doesn’t exist" in tab.page.find(id="ends-err").get_text()


def test_an_ambiguous_time_is_asked_about(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(starts="2027-10-31T01:30", ends="2027-10-31T05:00"))
    assert tab.answer.status_code == 422
    tab.submit("/events", starts_fold="1")

    assert tab.answer.status_code == 200
    assert the_event().starts_at.hour == 1


def test_members_cannot_plan_for_a_group_and_strangers_get_404_for_a_secret_one(
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


def test_cancelling_asks_for_confirmation_first(browser, ana):
    event = factories.event(ana)
    tab = browser(ana)
    tab.get(f"/events/{event.slug}/cancellation")

    tab.submit("/cancellation", reason="The river is too high")

    assert the_event().state == "cancelled"
    assert "The river is too high" in tab.text


def test_a_deleted_event_is_gone_and_can_be_restored(browser, ana, visitor):
    event = factories.event(ana)
    tab = browser(ana)
    tab.get(f"/events/{event.slug}/removal")
    tab.submit("/removal")
    assert visitor.get(f"/events/{event.slug}").status_code == 404

    tab.submit("/removal/undoing")

    assert visitor.get(f"/events/{event.slug}").status_code == 200


def test_an_audience_that_is_not_offered_never_becomes_wider(ana, browser):
    page, closed = browser(ana), factories.group(ana, visibility="closed", join_policy="invite")
    assert page.post("/events", fields(audience="group")).status_code == 422
    assert page.post("/events", fields(audience="everyone", group=closed.slug)).status_code == 303
    assert db.session.query(Event).one().audience == "group"


def test_title_and_start_are_enough(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")
    starts = datetime.now().replace(second=0, microsecond=0) + timedelta(days=9)

    tab.submit("/events", button="Publish", title="Eel count", starts=f"{starts:%Y-%m-%dT%H:%M}")

    event = the_event()
    assert event.is_published
    assert (event.starts_wall, event.ends_wall) == (starts, starts + timedelta(hours=2))


def test_a_missing_end_is_asked_about_where_the_clocks_go_back(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(starts="2027-10-30T23:30", ends=""))
    assert tab.answer.status_code == 422
    tab.submit("/events", ends_fold="1")

    assert the_event().ends_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_default_end_avoids_the_hour_that_the_clocks_skip(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(starts="2027-03-27T23:30", ends=""))

    assert the_event().ends_wall == datetime(2027, 3, 28, 2, 30)


def test_a_link_entered_as_the_venue_becomes_the_online_link(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")
    link = "https://meet.example.org/" + "a" * 300

    tab.submit("/events", **fields(venue=link))

    assert (the_event().venue, the_event().online_url) == ("", link)


def test_a_venue_link_and_an_online_link_are_both_kept(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit(
        "/events", **fields(venue="https://maps.example.org", online_url="https://meet.example.org")
    )

    assert the_event().venue == "https://maps.example.org"
    assert the_event().online_url == "https://meet.example.org"


def test_a_chosen_cover_takes_precedence_over_the_topic(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")
    tab.submit("/events", button="Publish", **fields(cover="bubbles"))

    for path in ("/events", the_event().path):
        tab.get(path)
        drawn = {use["href"].split("#")[1] for use in tab.page.select("main svg.cover use")}
        assert drawn == {"bubbles"}, path


def test_group_defaults_are_summarized_and_options_open_on_an_error(browser, ana):
    group = factories.group(ana)
    settled = {"audience": "group", "capacity": 1, "max_plus_ones": 2, "promotion": "automatic"}
    shown = {"shows_attendees": True, "allows_guests": True}
    defaults.save(group, ana, **settled, **shown, rsvp_deadline_hours=24)
    db.session.commit()
    tab = browser(ana)
    tab.get(f"/events/new?group={group.slug}")
    fold = tab.page.find("legend", string="Access").find_parent("details")

    assert " ".join(fold.summary.small.get_text().split()) == (
        "Only members can see it · 1 seat · 2 plus-ones each · answers until 1 day before the start"
    )
    assert not fold.has_attr("open")
    tab.submit("/events", **fields(audience="group", capacity="-1"))
    assert tab.page.find(id="capacity").find_parent("details").has_attr("open")


def test_the_form_offers_groups_in_which_someone_may_create_events(browser, ana):
    group = factories.group(ana)
    factories.group(factories.user("Bo"), ana)
    tab = browser(ana)
    tab.get("/events/new")

    offered = [link["href"] for link in tab.page.select("#groups a")]
    assert offered == [f"/events/new?group={group.slug}"]
    tab.get(offered[0])
    assert f"In {group.name}" in tab.text
    assert tab.page.find("input", {"name": "group"})["value"] == group.slug


def sent(content, name="barn.jpg"):
    return (BytesIO(content), name)


@pytest.mark.parametrize(("clock", "six"), [("24", "18:00"), ("12", "6:00 PM")])
def test_the_form_writes_chosen_times_by_the_readers_clock(browser, ana, clock, six):
    tab = browser(ana)
    tab.get("/account/settings")
    tab.submit("/account/settings", clock=clock)
    tab.get("/events/new")

    written = tab.page.select("fieldset.when output")
    fields = ["starts", "ends", "first_day", "last_day"]
    assert [one["for"] for one in written] == [[name] for name in fields]
    assert {one["data-clock"] for one in written} == {six}
    assert all(tab.page.find(id=name) for name in fields)


def test_an_event_is_planned_with_its_picture(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")
    assert tab.page.select_one("form[action='/events']")["enctype"] == "multipart/form-data"
    assert tab.page.select_one("input[type=file]")["name"] == "picture"

    tab.submit("/events", button="Publish", **fields(picture=sent(images.from_a_camera())))

    event = the_event()
    cover = tab.page.select_one("img.cover")["src"]
    assert cover.startswith(f"{event.path}/picture/{event.picture}/")
    assert tab.get(cover).mimetype == "image/webp"


def test_a_new_event_without_a_picture_has_a_drawn_cover(browser, ana):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", button="Publish", **fields(picture=sent(b"", "")))

    assert the_event().picture is None
    assert tab.page.select_one("svg.cover")


@pytest.mark.parametrize(
    ("content", "values", "sentence"),
    [
        (b"no picture", {}, "We can’t read this picture."),
        (b"x" * (uploads.MOST + 1), {}, "This file is too large."),
        (images.encoded(), {"venue": "x" * 300}, "Choose the file again."),
    ],
)
def test_a_refused_new_event_form_explains_what_happened_to_the_picture(
    browser, ana, content, values, sentence
):
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(summary="By lamplight", picture=sent(content), **values))

    assert tab.answer.status_code in {413, 422}
    assert sentence in tab.error_at("picture")
    assert tab.page.find(id="summary")["value"] == "By lamplight"
    assert db.session.scalar(sa.select(sa.func.count(Event.id))) == 0


def test_a_request_that_is_far_too_large_leads_to_the_form(browser, ana, monkeypatch):
    monkeypatch.setattr(uploads, "BESIDE", 1000 - uploads.TOGETHER)
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(picture=sent(b"x" * 2000), description="Bring a lamp"))

    assert tab.answer.status_code == 413
    assert "This file is too large" in tab.error_at("picture")
    assert tab.page.find(id="title")["value"] == fields()["title"]
    assert tab.page.find(id="description").get_text().strip() == "Bring a lamp"


def test_a_picture_that_is_far_too_large_leaves_the_event_in_its_group(browser, ana, monkeypatch):
    group = factories.group(ana)
    monkeypatch.setattr(uploads, "BESIDE", 9000 - uploads.TOGETHER)
    tab = browser(ana)
    tab.get(f"/events/new?group={group.slug}")

    tab.submit("/events", **fields(picture=sent(b"x" * 9000)))
    tab.submit("/events")

    assert the_event().group_id == group.id


def test_a_large_form_from_another_site_fills_in_nothing(browser, ana, monkeypatch):
    monkeypatch.setattr(uploads, "BESIDE", 1000 - uploads.TOGETHER)
    tab = browser(ana)
    tab.get("/events/new")

    tab.submit("/events", **fields(picture=sent(b"x" * 2000), csrf_token="guessed"))

    assert tab.answer.status_code == 413
    assert not tab.page.find(id="title")["value"]


def test_a_new_event_form_sent_twice_creates_one_event_with_one_picture(browser, ana):
    before = set(files().names())
    tab = browser(ana)
    tab.get("/events/new")
    other = tab.again()
    other.get("/events/new")
    once = {"once": tab.page.select_one("main [name=once]")["value"]}
    for one in (tab, other):
        one.submit("/events", **fields(picture=sent(images.encoded()), **once))

    kept = the_event().picture
    assert kept is not None
    assert {name for name in files().names() if kept.hex not in name} == before


@pytest.mark.parametrize("refused", ["version", "lock"])
def test_a_picture_of_a_refused_change_leaves_no_files(browser, ana, refused):
    event, before = factories.event(ana), set(files().names())
    host, elsewhere = browser(ana), browser(ana)
    host.get(f"{event.path}/edit")
    if refused == "lock":
        elsewhere.post(f"{event.path}/lock")
    else:
        elsewhere.get(f"{event.path}/edit")
        elsewhere.submit("/edit", title="Eel count")
    host.submit("/edit", picture=sent(images.encoded()))

    assert host.answer.status_code in {409, 422}
    assert set(files().names()) == before


def test_a_change_to_an_event_locked_meanwhile_can_be_copied(browser, ana):
    event = factories.event(ana)
    host, elsewhere = browser(ana), browser(ana)
    host.get(f"{event.path}/edit")
    elsewhere.get(f"{event.path}/manage")
    elsewhere.post(f"{event.path}/lock")
    answer = host.submit("/edit", description="By the old mill")

    assert answer.status_code == 422
    assert host.page.find("textarea", string=lambda text: "By the old mill" in (text or ""))
