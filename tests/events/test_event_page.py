"""The event's page: for visitors, members and hosts; the answer with and without htmx."""

import json
from datetime import timedelta

import pytest

from tests import factories
from tests.voting import making
from webapp.attendance import rsvps
from webapp.attendance.forms.rsvps import start_of
from webapp.attendance.reads import event_view
from webapp.attendance.reads.answers import ReaderAnswer, WaitlistView
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.audience import hosts_of
from webapp.events.models import CANCELLED, GOING, NOT_GOING, OFFER, WAITING, Event, EventHost
from webapp.groups import memberships
from webapp.groups.models import Ban

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, ben):
    """A full event with one seat: Ben is going."""
    made = factories.event(
        ana, capacity=1, title="Seed swap", venue="Mill Lane 4", description="Bring **seeds**."
    )
    rsvps.answer(made, by=ben)
    db.session.commit()
    return made


def test_a_visitor_reads_a_page_without_forms_cookies_or_names(event, visitor):
    answer = visitor.get(event.path)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]
    assert not visitor.page.select("form[method=post]")
    link = visitor.page.select_one(f'a[href="{event.path}/rsvp"]')
    assert link.get_text() == "Sign in to join the waiting list"
    assert "Ben Okafor" not in visitor.text
    assert visitor.page.select_one(".prose strong").get_text() == "seeds"
    assert visitor.page.select_one('a[href^="https://www.openstreetmap.org/"]')["href"].endswith(
        "Mill%20Lane%204"
    )
    assert visitor.page.select_one('meta[property="og:title"]')["content"] == "Seed swap"


def test_linked_data_holds_date_and_place_and_cannot_end_its_script(ana, visitor):
    event = factories.event(
        ana, title="</script><b>", venue="Mill Lane", starts_at=clock.now() + timedelta(days=2)
    )

    visitor.get(event.path)

    data = json.loads(visitor.page.select_one('script[type="application/ld+json"]').string)
    assert (data["@type"], data["name"], data["location"]["name"]) == (
        "Event",
        "</script><b>",
        "Mill Lane",
    )
    assert data["startDate"].startswith(str(event.starts_wall.date()))
    assert visitor.page.select_one("h1").get_text() == "</script><b>"


def test_members_answer_without_scripts_and_see_their_waiting_list_position(event, browser, cem):
    page = browser(cem)
    page.get(event.path)
    assert "1 of 1 seat is taken, 0 left" in str(page.page)
    assert "The event is full. You’d be number 1 on the waiting list." in page.text

    answer = page.submit(f"{event.path}/rsvp", answer="going")

    assert answer.status_code == 200
    assert "You’re number 1 on the waiting list" in page.text
    assert rsvps.of(event, cem).state == WAITING
    db.session.rollback()

    page.submit(f"{event.path}/rsvp/removal")
    assert "You’re not going" in page.text
    assert rsvps.of(event, cem).state == NOT_GOING


def test_with_htmx_the_answer_returns_only_its_fragment(event, browser, cem):
    page = browser(cem)
    page.get(event.path)

    sent = page.fragment(
        f"{event.path}/rsvp", "rsvp", method="POST", data={"answer": "going", "party": 1}
    )
    assert sent.status_code == 303
    part = page.fragment(event.path, "rsvp")

    assert part.status_code == 200
    assert (
        part.get_data(as_text=True).lstrip().startswith('<div class="card lifted stack" id="rsvp"')
    )
    assert "You’re number 1 on the waiting list" in page.text
    assert "HX-Target" in part.headers["Vary"]


@pytest.mark.parametrize("name", ["rsvp", "people"])
def test_every_fragment_is_on_the_page_and_is_served_alone(event, browser, ana, name):
    page = browser(ana)
    page.get(event.path)
    whole = page.page.find(id=name)

    page.fragment(event.path, name)

    (root,) = [
        tag for tag in page.page.contents if getattr(tag, "name", None) not in (None, "hx-partial")
    ]
    assert root["id"] == name
    assert (
        whole["hx-trigger"]
        == root["hx-trigger"]
        == f"event:{event.id}:rsvps from:body delay:300ms, live from:body"
    )


def test_a_refused_answer_keeps_its_values_and_explains_at_the_field(ana, ben, cem, browser):
    event = factories.event(ana, capacity=3, max_plus_ones=2)
    rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem)
    db.session.commit()
    page = browser(cem)
    page.get(event.path)

    answer = page.submit(f"{event.path}/rsvp", party="3", anonymous="y")

    assert answer.status_code == 422
    assert page.page.title.get_text().startswith("Error:")
    assert "No more seats are free" in page.page.select_one("#party-err").get_text()
    assert page.page.select_one("#party option[selected]")["value"] == "3"
    assert page.page.select_one("#anonymous").has_attr("checked")


@pytest.mark.parametrize(
    "data", [{"answer": "waiting", "party": 1}, {"answer": "going", "party": "x"}, {"party": 1}, {}]
)
def test_malformed_answers_get_422_and_change_nothing(event, browser, cem, data):
    assert browser(cem).post(f"{event.path}/rsvp", data).status_code == 422
    assert rsvps.of(event, cem) is None


def test_the_hint_and_the_button_say_what_will_happen(ana, ben, cem, browser):
    event = factories.event(ana, capacity=4, max_plus_ones=3)
    rsvps.answer(event, by=ben, party=2)
    db.session.commit()
    page = browser(cem)

    page.get(event.path)

    assert "2 seats left. A larger group would be number 1 on the waiting list." in page.text
    says = json.loads(page.page.select_one("#rsvp-send")["data-says"])
    assert (says["going-1"], says["going-2"], says["going-3"]) == (
        "Send answer",
        "Send answer",
        "Join waiting list",
    )


@pytest.mark.parametrize("capacity", [1, 2, 4])
@pytest.mark.parametrize("plus_ones", [0, 1, 3])
@pytest.mark.parametrize("taken", [0, 1])
def test_hints_and_buttons_offer_only_parties_that_can_be_chosen(
    context, capacity, plus_ones, taken
):
    event = Event(capacity=capacity, max_plus_ones=plus_ones, seats_taken=taken, waiting_count=0)
    event.requires_approval = event.has_registration_form = False
    nobody = WaitlistView((), 0, None, 0)
    sizes = range(1, start_of(event).largest + 1)
    said = event_view.button_labels(event, None)

    hint = event_view.hint_for(event, None, nobody)

    free = capacity - taken
    assert ("A larger group" in hint) == (0 < free < max(sizes))
    assert {f"going-{size}" for size in sizes} == {
        key for key in said if key.startswith("going-") and not key.endswith("-split")
    }


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (1, "With more people you go to the back of the list."),
        (2, "With fewer people you keep your place. With more"),
        (3, "With fewer people you keep your place."),
    ],
)
def test_the_hint_on_the_waiting_list_names_only_sizes_that_exist(context, party, said):
    event = Event(capacity=3, max_plus_ones=4, seats_taken=3, requires_approval=False)
    answer = ReaderAnswer(None, None, "waiting", party, False, False, None, 0, False, "")

    hint = event_view.hint_for(event, answer, WaitlistView((), 1, 1, 0))

    assert hint.startswith(said)
    assert ("With more" in hint) == (party < 3)


def test_held_seats_are_accepted_or_passed_on_with_a_button(event, ana, ben, cem, browser):
    event.promotion = OFFER
    db.session.commit()
    for person in (cem, ana):
        rsvps.answer(event, by=person)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    page = browser(cem)
    page.get(event.path)
    assert "We’re holding a seat for you" in page.text

    page.submit(f"{event.path}/offer/refusal")
    assert rsvps.of(event, ana).state == "offered"
    db.session.rollback()
    host = browser(ana)
    host.get(event.path)
    host.submit(f"{event.path}/offer/acceptance")

    assert "You’re going" in host.text
    host.get(f"{event.path}/manage/queue")
    assert "declined the offer and moved to the back of the list" in host.text
    token = page.page.select_one("[name=csrf_token]")["value"]
    assert page.post(f"{event.path}/offer/acceptance", {"csrf_token": token}).status_code == 409


def test_names_are_for_members_and_hidden_names_only_for_hosts(ana, ben, cem, dia, browser):
    group = factories.group(ana, ben)
    event = factories.event(ana, group, max_plus_ones=1)
    rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem, anonymous=True)
    db.session.commit()

    def people(viewer):
        page = browser(viewer)
        page.get(event.path)
        return " ".join(page.page.find(id="people").get_text(" ").split())

    assert "Ben Okafor + 1 and 1 with a hidden name" in people(ben)
    assert "Cem" not in people(ben)
    assert "Cem Yılmaz name hidden" in people(ana)
    assert "Ben" not in people(dia)

    event.shows_attendees = False
    db.session.commit()
    assert "Ben" not in people(cem)
    assert "Ben" in people(ana)


def test_the_online_link_is_only_for_attendees_and_hosts(ana, ben, cem, browser, visitor):
    event = factories.event(ana, online_url="https://rooms.example/seed")
    rsvps.answer(event, by=ben)
    db.session.commit()

    assert [b"rooms.example" in browser(who).get(event.path).data for who in (ana, ben, cem)] == [
        True,
        True,
        False,
    ]
    assert b"rooms.example" not in visitor.get(event.path).data


def test_times_are_shown_in_both_zones_where_they_differ(ana, browser):
    far, near = (
        factories.user("Yuki", zone="Asia/Tokyo"),
        factories.user("Rui", zone="Europe/Lisbon"),
    )
    event = factories.event(ana, zone="Europe/Lisbon")

    for person, notified in ((far, True), (near, False)):
        page = browser(person)
        page.get(event.path)
        assert "in Lisbon" in page.text
        assert ("your time (Tokyo)" in page.text) is notified


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": CANCELLED, "cancelled_reason": "The hall is flooded."}, "The hall is flooded."),
        ({"rsvp_deadline": clock.now() - timedelta(hours=1)}, "Answers closed on"),
        ({"locked_at": clock.now()}, "locked"),
        ({"starts_at": clock.now() - timedelta(days=1)}, "This event has ended"),
    ],
)
def test_closed_answers_show_the_reason_and_no_form(ana, ben, browser, values, words):
    page = browser(ben)
    page.get(factories.event(ana, **values).path)

    assert words in page.text
    assert not page.page.find(id="rsvp-form")


def test_posting_to_a_closed_event_is_422_with_the_reason(ana, ben, browser):
    event = factories.event(ana, rsvp_deadline=clock.now() - timedelta(hours=1))
    page = browser(ben)

    assert page.post(f"{event.path}/rsvp", {"answer": "going", "party": 1}).status_code == 422
    assert "Answers closed on" in page.text


def test_an_unknown_event_slug_is_404(ana, browser):
    assert browser(ana).get("/events/nothing-here").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_event_page_takes_the_same_statements_however_many_answer(
    ana, cem, browser, statements_of, many
):
    event = factories.event(ana, capacity=many)
    for _ in range(2 * many):
        rsvps.answer(event, by=factories.user())
    db.session.commit()
    page = browser(cem)
    page.get(event.path)

    assert (
        statements_of(lambda: page.get(event.path)) == 3
    )  # the reader, the event, the answers with who invited


def test_group_event_pages_load_hosts_together_with_the_answers(
    ana, ben, cem, browser, statements_of
):
    event = factories.event(ana, factories.group(ana, ben, cem))
    page = browser(cem)
    page.get(event.path)

    assert statements_of(lambda: page.get(event.path)) == 4  # including the votes about it
    assert (
        statements_of(
            lambda: page.get(event.path, headers={"HX-Request": "true", "HX-Target": "div#rsvp"})
        )
        == 3
    )
    assert [part["id"] for part in page.page.select("#rsvp, #people")] == ["rsvp"]


def test_hosts_who_lost_the_role_are_not_named(ana, ben, cem):
    event = factories.event(ana, factories.group(ana, cem))
    db.session.add(EventHost(event_id=event.id, user_id=ben.id))
    db.session.commit()
    assert {host.name for host in event_view.view_for(cem, event).hosts} == {ana.name, ben.name}

    db.session.add(Ban(group_id=event.group_id, user_id=ben.id))
    db.session.commit()

    assert (
        [host.name for host in event_view.view_for(cem, event).hosts]
        == [ana.name]
        == [host.name for host in hosts_of(event)]
    )


def test_answering_going_takes_a_seat(event, browser, cem):
    event.capacity = None
    db.session.commit()
    page = browser(cem)
    page.get(event.path)
    page.submit(f"{event.path}/rsvp", answer="going")

    assert rsvps.of(event, cem).state == GOING
    assert "2 people are going. There’s room for everyone." in page.text


def test_the_event_page_lists_its_votes_for_people_who_may_see_them(
    ana, ben, cem, browser, visitor
):
    garden = factories.group(ana, ben)
    event = factories.event(ana, garden)
    vote = making.vote(garden, ana, event, title="Which seeds?")
    link = f'a[href="{vote.path}"]'

    for reader, sees in (
        (browser(ana), True),
        (browser(ben), True),
        (browser(cem), False),
        (visitor, False),
    ):
        reader.get(event.path)
        assert bool(reader.page.select(link)) is sees


def test_owners_who_left_the_group_are_no_longer_named_as_hosts(ana, ben, cem, browser, visitor):
    group = factories.group(ben, ana, cem, name="Lake Riders")
    event = factories.event(ana, group)
    for person in (ana, ben):
        rsvps.answer(event, by=person)
    db.session.commit()
    assert visitor.get(event.path).text.count("Ana Souza") == 1

    memberships.leave(group, by=ana)
    db.session.commit()

    assert "Ana Souza" not in visitor.get(event.path).text
    assert "Ben Okafor" in visitor.text
    people = browser(cem).get(event.path).text.partition("Attendees")[2]
    assert "Ana Souza" in people
    assert people.count("Host") == 1
