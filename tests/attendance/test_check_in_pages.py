"""The check-in page and tickets, for hosts and attendees, with and without scripts."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from tests import factories
from tests.attendance import checking_in
from webapp.attendance import check_in, rsvps, ticket_codes
from webapp.attendance.reads import check_in as reads
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import ON_SITE, EventOption, Rsvp, rsvp_pick


@pytest.fixture
def event(ana):
    """Ana's event, which begins in an hour."""
    return factories.event(
        ana,
        title="Eel count",
        venue="Old weir",
        starts_at=clock.now() + timedelta(hours=1),
        max_plus_ones=4,
    )


@pytest.fixture
def at(event):
    """Return the path of the event's check-in."""
    return f"/events/{event.slug}/manage/check-in"


def coming(event, who, party=1):
    row = rsvps.answer(event, by=who, party=party)
    db.session.commit()
    return row.id


def test_a_code_checks_in_and_a_second_scan_is_reported(browser, event, at, ana, ben):
    page, code = browser(ana), ticket_codes.code_of(coming(event, ben))
    assert "Not arrived yet" in page.get(at).text

    done = page.post(at, {"code": code})
    assert (done.status_code, done.headers["Location"].split("?")[0]) == (303, at)
    assert code not in done.headers["Location"]
    there = page.get(done.headers["Location"]).text
    assert "Ben Okafor is checked in" in there
    assert "1 of 1 person arrived" in there

    again = page.post(at, {"code": code})
    assert again.status_code == 409
    assert "is already checked in (" in again.text
    assert "by Ana Souza)" in again.text


def test_the_page_asks_how_many_of_a_party_are_here(browser, event, at, ana, ben):
    page, row_id = browser(ana), coming(event, ben, 3)
    asked = page.get(page.post(at, {"code": ticket_codes.code_of(row_id)}).headers["Location"]).text
    assert "How many of them are here?" in asked
    assert "Check in all 3" in asked
    assert "Only 2" in asked

    there = page.get(page.post(f"{at}/{row_id}/arrival", {"people": 2}).headers["Location"]).text
    assert "2 of 3 checked in" in there
    assert "Check in the other one" in there
    assert page.post(f"{at}/{row_id}/arrival", {"people": 1, "inside": 0}).status_code == 409
    page.get(f"{at}?answer={row_id}")
    assert page.page.select_one("form[action$=departure] input[name=inside]")["value"] == "2"
    out = page.get(page.post(f"{at}/{row_id}/departure", {"people": 1}).headers["Location"]).text
    assert "1 of 3 checked in" in out
    assert "Undo: one checked out" in out
    step = check_in.last_event(db.session.get(Rsvp, row_id))
    back = page.get(
        page.post(f"{at}/{row_id}/correction", {"step": step.id}).headers["Location"]
    ).text
    assert "2 of 3 checked in" in back


def test_people_are_found_by_name_with_a_button_or_the_reason_against(
    browser, event, at, ana, ben, cem
):
    coming(event, ben)
    rsvps.answer(event, by=cem, state="maybe")
    db.session.commit()
    page = browser(ana)
    assert "Check in<span" in page.get(f"{at}?q=oka").text
    assert "answered “Maybe”" in page.get(f"{at}?q=yilmaz").text
    assert "No one with that name has answered" in page.get(f"{at}?q=zzz").text
    part = page.get(
        f"{at}?q=oka", headers={"HX-Request": "true", "HX-Target": "div#check-in-found"}
    ).text
    assert part.startswith('<div class="stack" id="check-in-found"')
    assert "<html" not in part


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"code": ""}, 422, "Enter the code"),
        ({"code": "hello"}, 422, "eight characters"),
        ({"code": "0000-0000"}, 422, "No ticket has this code"),
    ],
)
def test_invalid_codes_are_explained(browser, event, at, ana, form, status, words):
    answer = browser(ana).post(at, form)
    assert answer.status_code == status
    assert words in answer.text


def test_only_the_scanner_page_may_use_the_camera(browser, event, at, ana):
    page = browser(ana)
    assert "camera=(self)" in page.get(at).headers["Permissions-Policy"]
    assert "camera=()" in page.get(f"{at}/list").headers["Permissions-Policy"]


def test_check_in_shows_what_a_ticket_costs_on_site(browser, event, at, ana, ben):
    row_id = coming(event, ben)
    kind = EventOption(
        event_id=event.id, position=1, label="Supper", price=ON_SITE, amount=750, currency="EUR"
    )
    event.has_registration_form = True
    db.session.add(kind)
    db.session.flush()
    db.session.execute(rsvp_pick.insert().values(rsvp_id=row_id, option_id=kind.id))
    db.session.commit()
    page = browser(ana)
    assert "Supper: €7.50 at the door" in page.get(f"{at}?q=ben").text
    assert "Supper: €7.50 at the door" in page.get(f"{at}/list").text
    assert "Supper: €7.50 at the door" in browser(ben).get(f"{event.path}/ticket").text


def test_the_page_takes_the_same_statements_for_many_people(
    browser, event, at, ana, ben, statements_of
):
    rows = [coming(event, ben)]
    page = browser(ana)
    few = statements_of(lambda: page.get(f"{at}?q=e"))
    rows += [coming(event, factories.user("Eve")) for _ in range(6)]
    for row_id in rows:
        check_in.arrive(event, row_id, by=ana)
    db.session.commit()
    assert statements_of(lambda: page.get(f"{at}?q=e")) == few


def test_hosts_see_afterwards_who_did_not_attend(browser, event, at, ana, ben, cem):
    check_in.arrive(event, coming(event, ben), by=ana)
    coming(event, cem)
    event.starts_at, event.ends_at = (clock.now() - timedelta(hours=hours) for hours in (3, 1))
    db.session.commit()
    page = browser(ana)

    assert "Didn’t attend" in page.get(at).text
    absent = page.get(f"{event.path}/manage/attendees?only=absent").text
    assert "Cem Yılmaz" in absent
    assert "Ben Okafor" not in absent
    came = page.get(f"{event.path}/manage/attendees?only=came").text
    assert "Ben Okafor" in came
    assert "Cem Yılmaz" not in came
    head, *rows = page.get(f"{event.path}/manage/attendees.csv").text.splitlines()
    assert head.endswith("Attended,Checked in at")
    assert rows[1].endswith(",0,")
    assert ",1,2" in rows[0]
    assert "Didn’t attend" not in browser(ben).get(event.path).text


def test_a_ticket_is_visible_only_to_its_owner(browser, visitor, event, ana, ben, cem):
    code = ticket_codes.code_of(coming(event, ben, 3))
    page = browser(ben)
    assert "Tickets for 3" in page.get(event.path).text
    mine = page.get(f"{event.path}/ticket").text
    assert code in mine
    assert "and 2 more" in mine
    assert "<svg" in mine
    assert "style=" not in mine
    assert "No ticket yet" in browser(cem).get(f"{event.path}/ticket").text
    assert visitor.get(f"{event.path}/ticket").status_code == 303

    rsvps.answer(event, by=ben, state="not_going")
    db.session.commit()
    assert code not in page.get(f"{event.path}/ticket").text


def test_guests_open_their_ticket_with_their_link(visitor, event):
    gil = checking_in.guest(event)
    code = ticket_codes.code_of(rsvps.of(event, gil).id)
    assert f"{checking_in.path(gil)}/ticket" in visitor.get(checking_in.path(gil)).text
    assert code in visitor.get(f"{checking_in.path(gil)}/ticket").text


def test_emails_contain_the_ticket_code(event, ben, emails):
    code = ticket_codes.code_of(coming(event, ben))
    gil = checking_in.guest(event)
    to_ben, to_gil = (email.get_body(("plain",)).get_content() for email in emails())
    assert f"Ticket: {code} · http://127.0.0.1:8000{event.path}/ticket" in to_ben
    assert f"{checking_in.path(gil)}/ticket" in to_gil


def test_online_only_events_have_no_tickets(browser, ben, ana, emails):
    event = factories.event(ana, online_url="https://meet.example.org/eels")
    coming(event, ben)
    assert "Your ticket" not in browser(ben).get(event.path).text
    assert "Ticket:" not in emails()[0].get_body(("plain",)).get_content()


def test_people_who_check_in_see_each_others_check_ins(event, ana, ben, signals):
    row_id = coming(event, ben)
    signals.clear()
    check_in.arrive(event, row_id, by=ana)
    db.session.commit()
    assert signals == [f"event:{event.id}:check_in"]


def test_everyone_who_has_not_arrived_is_listed_with_one_button(browser, event, at, ana, ben, cem):
    coming(event, ana, 3)
    coming(event, ben)
    checking_in.guest(event, name="Aïda", state="going")
    rsvps.answer(event, by=cem, state="maybe")
    db.session.commit()
    page = browser(ana)
    page.get(at)

    listed = [it.b.get_text() for it in page.page.select("#check-in-found li")]
    assert listed == ["Aïda", "Ana Souza", "Ben Okafor"]
    buttons = [it.get_text(" ", strip=True) for it in page.page.select("#check-in-found button")]
    assert buttons[1].split() == ["Check", "in", "all", "3", ":", "Ana", "Souza"]

    form = page.page.select_one("#check-in-found li:last-child form")
    answer = page.post(form["action"], {"people": 1, "inside": 0})
    page.get(answer.headers["Location"])
    assert "Ben Okafor is checked in" in page.text
    assert [it.b.get_text() for it in page.page.select("#check-in-found li")] == listed[:2]


def test_check_in_by_code_answers_with_the_list_that_is_left(browser, event, at, ana, ben, cem):
    first = coming(event, ben)
    coming(event, cem)
    page = browser(ana)

    page.fragment(f"{at}?answer={first}", "check-in")

    left = page.page.select('hx-partial[hx-target="#check-in-found"] li b')
    assert [it.get_text() for it in left] == ["Ben Okafor", "Cem Yılmaz"]
    assert not page.page.select('[hx-target="#told-by-list"]')


def test_a_tap_in_the_list_is_answered_in_the_list_on_its_page(
    browser, event, at, ana, ben, cem, monkeypatch
):
    monkeypatch.setattr(reads, "not_arrived", partial(reads.not_arrived, size=1))
    for person in (ana, ben, cem):
        coming(event, person)
    page = browser(ana)
    page.get(f"{at}?page=2")
    form = page.page.select_one("#check-in-found li form")
    assert form["hx-target"] == "#check-in-found"

    answer = page.post(form["action"], {"people": 1, "inside": 0})
    page.fragment(answer.headers["Location"], "check-in-found")

    told = page.page.select_one('hx-partial[hx-target="#told-by-list"]')
    assert "Ben Okafor is checked in" in told.get_text()
    assert [it.get_text() for it in page.page.select("li b")] == ["Cem Yılmaz"]
    assert not page.page.select("#code, [autofocus]"), "the reader stays where they are"
    page.get(told.a["href"])
    assert "Undo: one checked in" in page.text


def test_the_latest_check_ins_are_listed_in_the_order_of_their_time(event, ana, ben, cem):
    ids = sorted((uuid4() for _ in range(3)), reverse=True)
    for person, id in zip((ana, ben, cem), ids, strict=True):
        check_in.arrive(event, coming(event, person), by=ana, id=id)
        db.session.commit()

    names = [step.rsvp.who.name for step in reads.latest(event)]
    assert names == ["Cem Yılmaz", "Ben Okafor", "Ana Souza"]


def test_of_a_large_party_the_rest_is_still_missing(event, ana, ben, cem):
    row_id = coming(event, ben, 3)
    coming(event, cem)
    event.starts_at = clock.now()
    db.session.commit()
    check_in.arrive(event, row_id, by=ana, people=2)
    db.session.commit()

    absent = reads.not_arrived(event)
    assert [(one.who.name, one.party) for one in absent.items] == [
        ("Ben Okafor", 3),
        ("Cem Yılmaz", 1),
    ]
    assert reads.count_of(event).absent == 2
    assert (reads.not_arrived(event, 2, 1).items, absent.total) == ([absent.items[1]], 2)
    check_in.arrive(event, row_id, by=ana)
    db.session.commit()

    assert [one.who.name for one in reads.not_arrived(event).items] == ["Cem Yılmaz"]
