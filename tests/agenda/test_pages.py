"""The pages of an agenda: for readers, hosts and attendees."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from tests import images
from tests.agenda import (
    FIRST,
    bookings_of,
    conference,
    going,
    room,
    session,
    sessions_of,
    speaker,
    states,
    track,
)
from webapp.agenda import speakers
from webapp.agenda.models import Speaker
from webapp.core.extensions import db
from webapp.core.http import uploads
from webapp.core.storage import pictures
from webapp.core.storage.files import files
from webapp.events.models import GOING, NOT_GOING, WAITING

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    return conference(ana)


def test_visitors_read_the_day_by_room_and_time_with_track_colours(event, visitor):
    hall, seeds, ife = room(event, capacity=80), track(event), speaker(event)
    session(event, "Bread", room=hall, track=seeds, speakers=[ife], capacity=2)
    session(event, "Soil", at=60, room=room(event, "Yard"))

    page = visitor.get("/events/the-long-day/agenda")
    assert page.status_code == 200
    for words in (
        "Hall",
        "Yard",
        ">Bread<",
        "10:00–10:45",
        "Ifeoma Nwosu",
        'data-accent="clay">Seeds',
        "2 seats left",
    ):
        assert words in page.text
    assert 'method="post"' not in page.text


def test_days_are_tabs_with_their_own_sessions(ana, visitor):
    event = conference(ana, hours=48)
    session(event, "Bread")
    session(event, "Soil", at=24 * 60)

    first, second = (
        visitor.get(f"/events/the-long-day/agenda{day}").text for day in ("", "?day=2027-02-28")
    )
    assert (">Bread<" in first, ">Soil<" in first) == (True, False)
    assert (">Bread<" in second, ">Soil<" in second) == (False, True)
    assert 'href="/events/the-long-day/agenda?day=2027-02-28"' in first


def test_a_hidden_agenda_is_visible_only_to_hosts(ana, ben, visitor, browser):
    event = conference(ana, agenda_published_at=None)
    bread = session(event, "Bread", speakers=[speaker(event)])
    paths = ["/agenda", f"/agenda/{bread.id}", "/speakers", f"/speakers/{bread.speakers[0].id}"]

    for path in paths:
        assert visitor.get(f"/events/the-long-day{path}").status_code == 404
        assert browser(ben).get(f"/events/the-long-day{path}").status_code == 404
        assert browser(ana).get(f"/events/the-long-day{path}").status_code == 200
    browser(ana).post("/events/the-long-day/manage/agenda/publication")
    assert visitor.get(f"/events/the-long-day{paths[0]}").status_code == 200
    assert "View agenda" in visitor.get("/events/the-long-day").text


def test_hosts_plan_sessions_and_see_each_clash_at_its_field(event, ana, browser):
    hall, ife = room(event), speaker(event)
    session(event, "Bread", room=hall, speakers=[ife])
    host = browser(ana)
    entered = {
        "title": "Soil",
        "starts": "2027-02-27T10:30",
        "ends": "2027-02-27T11:00",
        "room": hall.id,
        "speakers": ife.id,
    }

    assert (
        host.post("/events/the-long-day/manage/agenda", {**entered, "speakers": ""}).status_code
        == 422
    )
    refused = host.post("/events/the-long-day/manage/agenda", entered)
    assert refused.status_code == 422
    assert 'id="room-err"' in refused.text
    assert 'id="speakers-err"' in refused.text
    assert "“Bread” is in Hall at that time: 10:00–10:45." in refused.text
    assert "Ifeoma Nwosu is speaking at “Bread” at that time: 10:00–10:45." in refused.text
    made = host.post(
        "/events/the-long-day/manage/agenda", {**entered, "starts": "2027-02-27T10:45"}
    )
    assert made.status_code == 303
    assert [one.title for one in sessions_of(event)] == ["Bread", "Soil"]


def test_hosts_edit_move_cancel_and_remove_sessions(event, ana, browser):
    bread, hall, host = session(event, "Bread"), room(event), browser(ana)
    at = f"/events/the-long-day/manage/agenda/{bread.id}"

    assert 'value="Bread"' in host.get(at).text
    host.post(
        at,
        {"title": "Rye", "starts": "2027-02-27T10:00", "ends": "2027-02-27T11:00", "version": "1"},
    )
    assert (
        host.post(
            at,
            {
                "title": "X",
                "starts": "2027-02-27T10:00",
                "ends": "2027-02-27T11:00",
                "version": "1",
            },
        ).status_code
        == 409
    )
    assert host.post(f"{at}/move", {"starts": "2027-02-27T17:30", "room": ""}).status_code == 422
    host.post(f"{at}/move", {"starts": "2027-02-27T12:00", "room": hall.id})
    one = sessions_of(event)[0]
    assert (one.title, one.starts_wall, one.room) == ("Rye", FIRST + timedelta(hours=2), hall)
    assert host.post(f"{at}/cancellation", {"reason": "No flour"}).status_code == 303
    assert "No flour" in host.get(f"/events/the-long-day/agenda/{bread.id}").text
    host.post(f"{at}/removal")
    assert not sessions_of(event)


def test_rooms_and_tracks_are_added_changed_and_removed(event, ana, browser):
    host, at = browser(ana), "/events/the-long-day/manage"

    for name in ("Hall", "Yard"):
        host.post(f"{at}/rooms", {"name": name, "capacity": "40"})
    assert host.post(f"{at}/rooms", {"name": "hall"}).status_code == 422
    host.post(f"{at}/tracks", {"called": "Seeds", "color": "clay"})
    assert host.post(f"{at}/tracks", {"called": "Soil", "color": "red"}).status_code == 422
    page = host.get(f"{at}/rooms").text
    assert page.index("Hall") < page.index("Yard")
    assert 'data-accent="clay">Seeds' in page


def test_a_speaker_page_with_a_picture_is_visible_where_the_agenda_is(
    event, ana, ben, browser, visitor
):
    host, at = browser(ana), "/events/the-long-day/manage/speakers"
    said = {
        "name": "Ifeoma Nwosu",
        "bio": "Saves **seed**.",
        "links": "example.org/ife",
        "handle": "@ben-okafor",
    }
    assert host.post(at, {**said, "handle": "@nobody"}).status_code == 422
    assert host.post(at, {**said, "links": "javascript:alert(1)"}).status_code == 422
    host.post(at, said)
    one = db.session.query(Speaker).one()
    assert one.user_id == ben.id

    host.get(f"{at}/{one.id}")
    host.submit(f"{at}/{one.id}", picture=chosen(images.encoded()))
    db.session.refresh(one)
    shown = f"/events/the-long-day/speakers/{one.id}/picture"
    assert visitor.get(f"{shown}/{one.picture}/96").mimetype == "image/webp"
    assert visitor.get(f"{shown}/{one.id}/96").status_code == 404
    page = visitor.get(f"/events/the-long-day/speakers/{one.id}").text
    assert "<strong>seed</strong>" in page
    assert 'href="https://example.org/ife"' in page


def chosen(content, name="ife.jpg"):
    return (BytesIO(content), name)


def test_a_speaker_is_added_with_a_picture_that_can_be_kept_replaced_and_removed(
    event, ana, browser
):
    host, at = browser(ana), "/events/the-long-day/manage/speakers"
    others = set(files().names())
    host.get(at)
    tabs, once = (host, host.again()), host.page.find("input", {"name": "once"})["value"]
    for tab in tabs:
        tab.get(at)
        tab.submit(at, name="Ifeoma Nwosu", once=once, picture=chosen(images.encoded()))
    one = db.session.query(Speaker).one()
    first = one.picture
    assert first is not None
    assert {name for name in files().names() if first.hex not in name} == others

    for sent, is_expected in (
        ({"bio": "Saves seed.", "picture": chosen(b"", "")}, lambda now: now == first),
        ({"picture": chosen(images.from_a_camera())}, lambda now: now not in (None, first)),
        ({"remove_picture": "y", "picture": chosen(b"", "")}, lambda now: now is None),
    ):
        host.get(f"{at}/{one.id}")
        host.submit(f"{at}/{one.id}", **sent)
        db.session.refresh(one)
        assert is_expected(one.picture)
    assert one.bio == "Saves seed."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no picture", "We can’t read this"),
        (b"", "We can’t read this"),
        (b"x" * (uploads.MOST + 70_000), "too large"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_refused_picture_brings_the_speakers_form_back_as_typed(
    event, ana, browser, content, sentence, is_new
):
    host, at = browser(ana), "/events/the-long-day/manage/speakers"
    host.get(at)
    if not is_new:
        host.submit(at, name="Ifeoma Nwosu")
        at = f"{at}/{db.session.query(Speaker).one().id}"
        host.get(at)

    host.submit(at, name="Ife Nwosu", picture=chosen(content))

    assert host.answer.status_code in {413, 422}
    assert sentence in host.error_at("picture")
    assert host.page.find(id="name")["value"] == "Ife Nwosu"


def test_a_form_that_could_not_be_read_comes_back_with_the_speakers_details(event, ana, browser):
    host, at = browser(ana), "/events/the-long-day/manage/speakers"
    host.get(at)
    host.submit(at, name="Ifeoma Nwosu", bio="Saves seed.")
    at = f"{at}/{db.session.query(Speaker).one().id}"

    large = {"name": "Ife", "picture": chosen(b"x" * (uploads.MOST + 70_000))}
    host.post(at, {**large, "csrf_token": "of another browser"}, csrf=False)

    assert host.answer.status_code == 413
    assert host.page.find(id="bio").text.strip() == "Saves seed."


@pytest.mark.postgresql
@pytest.mark.parametrize("act", ["change", "remove"])
def test_a_picture_that_another_host_has_just_replaced_leaves_no_files(event, ana, act):
    one = speaker(event)
    db.session.commit()
    before, read = set(files().names()), speakers.with_id(event, one.id)
    assert read.picture is None
    newer = pictures.keep(pictures.AVATAR, images.encoded())
    with db.engine.begin() as other:
        other.execute(sa.update(Speaker).where(Speaker.id == one.id).values(picture=newer))

    if act == "change":
        speakers.change(event, read, ana, name="Ife", remove_picture=True)
    else:
        speakers.remove(event, read, ana)
    db.session.commit()

    assert set(files().names()) == before


def test_attendees_book_wait_for_and_cancel_a_session(event, ana, ben, cem, browser):
    going(event, (ben, 2), cem)
    bread = session(event, "Bread", capacity=2)
    at = f"/events/the-long-day/agenda/{bread.id}"

    assert browser(ben).post(f"{at}/booking", {"party": "2"}).status_code == 303
    browser(cem).post(f"{at}/booking", {"party": "1"})
    assert states(bread, ben, cem) == [(GOING, 2), (WAITING, 1)]
    assert "You’re number 1 on the waiting list" in browser(cem).get(at).text
    browser(ben).post(f"{at}/booking/removal")
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]
    assert browser(ben).post(f"{at}/booking", {"party": "3"}).status_code == 422
    assert browser(ana).post(f"{at}/booking", {"party": "1"}).status_code == 422
    assert len(bookings_of(bread)) == 2


def test_overlapping_sessions_are_warned_of_in_my_agenda_and_before_booking(event, ben, browser):
    going(event, ben)
    bread, soil, late = (
        session(event, "Bread"),
        session(event, "Soil", at=30),
        session(event, "Late", at=120),
    )
    mine = browser(ben)

    for one in (bread, late):
        mine.post(f"/events/the-long-day/agenda/{one.id}/booking", {"party": "1"})
    assert "sessions overlap" not in mine.get("/events/the-long-day/agenda/mine").text
    before = mine.get(f"/events/the-long-day/agenda/{soil.id}").text
    assert "This overlaps with" in before
    mine.post(f"/events/the-long-day/agenda/{soil.id}/booking", {"party": "1"})
    page = mine.get("/events/the-long-day/agenda/mine").text
    assert "1 overlap in your agenda" in page
    assert "Overlaps with “Soil”" in page


def test_my_agenda_can_be_exported_to_a_calendar(event, ben, browser):
    going(event, ben)
    bread = session(event, "Bread", room=room(event))
    browser(ben).post(f"/events/the-long-day/agenda/{bread.id}/booking", {"party": "1"})

    file = browser(ben).get("/events/the-long-day/agenda/mine.ics")
    assert file.mimetype == "text/calendar"
    for line in (
        "SUMMARY:Bread",
        "DTSTART;TZID=Europe/Lisbon:20270227T100000",
        "STATUS:CONFIRMED",
        "LOCATION:Hall",
    ):
        assert line in file.text


def test_the_agenda_takes_the_same_statements_for_one_session_and_many(
    event, ana, ben, browser, statements_of
):
    going(event, ben)
    hall, yard, ife = room(event), room(event, "Yard"), speaker(event)
    paths = [
        "/events/the-long-day/agenda",
        "/events/the-long-day/agenda/mine",
        "/events/the-long-day/manage/agenda",
    ]
    session(event, "Bread", room=hall, speakers=[ife], lasts=5)
    few = [statements_of(lambda path=path: browser(ana).get(path)) for path in paths]

    for number in range(1, 20):
        where = hall if number % 2 else yard
        session(
            event,
            f"No {number}",
            at=10 * number,
            lasts=5,
            room=where,
            speakers=[ife],
            track=track(event, f"T{number}"),
        )
    assert [statements_of(lambda path=path: browser(ana).get(path)) for path in paths] == few


def test_a_party_is_offered_no_more_seats_than_the_session_has(ana, ben, browser):
    event = conference(ana)
    small, page = session(event, capacity=1), browser(ben)
    going(event, (ben, 3))
    page.get(small.path)

    page.submit("/booking")

    assert page.answer.status_code == 200
    assert states(small, ben) == [(GOING, 1)]
