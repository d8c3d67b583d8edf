"""The answer form with tickets and questions, and the pages on which hosts set them up."""

from urllib.parse import urlsplit

import pytest

from tests import factories
from tests.browser_like import values_of
from tests.events import question, ticket
from tests.forms.applying import parsed, put_in
from webapp.attendance import rsvps
from webapp.attendance.registration import form as asked
from webapp.core.extensions import db
from webapp.events.models import ASKED, CANCELLED, GOING, ON_SITE, REFUSED, WAITING

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.any_database]


@pytest.fixture
def event(ana):
    """Ana's event, with four seats."""
    return factories.event(ana, capacity=4, max_plus_ones=2)


def test_a_form_without_questions_has_only_the_basic_fields(event, ben, browser):
    page = browser(ben)
    page.get(event.path)

    form = page.page.find(id="rsvp-form")
    assert {field["name"] for field in form.find_all(["input", "select"])} == {
        "csrf_token",
        "answer",
        "party",
        "anonymous",
    }


def test_missing_answers_are_named_at_their_fields_and_nothing_is_lost(event, ben, browser):
    full, reduced = (
        ticket(event, "Full", price=ON_SITE, amount=1200, currency="EUR"),
        ticket(event, "Reduced", capacity=1),
    )
    one, _none = question(event, "What do you not eat?", kind="long", is_required=True)
    boat, boats = question(event, "Which boat?", Heron=0, Otter=3)
    page = browser(ben)
    page.get(event.path)
    assert "€12.00 at the door" in page.text
    assert page.page.find("input", value=str(boats["Heron"].id)).has_attr("disabled")
    digest = page.page.find("input", attrs={"name": "asked"})["value"]
    said, chosen = f"said_{one.id.hex}", f"said_{boat.id.hex}"

    given = {
        "answer": "going",
        "party": 2,
        "asked": digest,
        chosen: str(boats["Otter"].id),
        said: "",
    }
    answer = page.post(f"{event.path}/rsvp", given)
    assert answer.status_code == 422
    assert "Choose a ticket type." in page.text
    assert "Please answer this." in page.text
    assert page.page.find("input", value=str(boats["Otter"].id)).has_attr("checked")
    assert page.post(f"{event.path}/rsvp", {**given, "answer": "not_going"}).status_code == 303

    given |= {said: "Eels", "ticket": str(full.id)}
    assert page.post(f"{event.path}/rsvp", given).status_code == 303
    row = rsvps.of(event, ben)
    assert (row.state, row.party, {it.label for it in row.picks}) == (GOING, 2, {"Full", "Otter"})
    page.get(event.path)
    assert page.page.find("textarea", attrs={"name": said}).text.strip() == "Eels"
    assert page.page.find("input", value=str(full.id)).has_attr("checked")
    assert reduced.taken == 0


def test_an_accepted_answer_leaves_no_error_of_the_refused_one(event, ben, browser):
    question(event, "What do you not eat?", is_required=True)
    page = browser(ben)
    page.get(event.path)
    shown, path = parsed(page.answer.text), f"{event.path}/rsvp"
    answer = values_of(shown.find(id="rsvp-form"))
    [said] = [name for name in answer if name.startswith("said_")]

    for words in ("", "Fish"):
        given = {**answer, "answer": "going", said: words}
        page.fragment(path, "section#rsvp", method="POST", data=given, csrf=False)
        if page.answer.status_code == 303:
            page.fragment(urlsplit(page.answer.headers["Location"]).path, "section#rsvp")
        put_in(shown, page.answer, "#rsvp", "outerHTML")
        is_refused = "Please answer this." in shown.find(id="rsvp").text
        assert is_refused is (words == "")

    assert shown.find("input", {"name": said})["value"] == "Fish"


def test_tickets_without_questions_can_be_chosen(event, ben, browser):
    """Only the page's own fields are sent."""
    full, page = ticket(event, "Full"), browser(ben)
    ticket(event, "Reduced")
    page.get(event.path)

    page.submit(f"{event.path}/rsvp", answer=GOING, ticket=str(full.id))

    assert page.answer.status_code == 200
    assert (rsvps.of(event, ben).state, rsvps.of(event, ben).picks) == (GOING, [full])


def test_the_form_offers_no_more_seats_than_the_event_has(event, ben, browser):
    event.capacity = 2
    db.session.commit()
    page = browser(ben)
    page.get(event.path)

    sizes = page.page.find("select", attrs={"name": "party"}).find_all("option")
    assert [option["value"] for option in sizes] == ["1", "2"]


def test_sold_out_tickets_are_disabled(event, ana, ben, browser):
    gone, rest = ticket(event, "Early", capacity=0), ticket(event, "Full")

    for person, path in ((ben, event.path), (ana, f"{event.path}/manage/answers")):
        page = browser(person)
        page.get(path)
        assert page.page.find("input", value=str(gone.id)).has_attr("disabled")
        assert not page.page.find("input", value=str(rest.id)).has_attr("disabled")
        assert "No longer available" in page.text


def test_people_waiting_for_a_full_ticket_read_which_one_it_is(event, ana, ben, browser):
    reduced, page = ticket(event, "Reduced", capacity=1), browser(ben)
    for person in (ana, ben):
        rsvps.answer(event, by=person, details=rsvps.RegistrationAnswers(reduced.id))
    db.session.commit()

    page.get(event.path)

    assert "“Reduced” is full. Wait for it, or choose something else." in page.text


def test_changed_questions_are_asked_again_with_a_conflict(event, ben, browser):
    question(event, "Can you swim?")
    page = browser(ben)

    answer = page.post(f"{event.path}/rsvp", {"answer": "going", "party": 1, "asked": "another"})

    assert answer.status_code == 409
    assert "The hosts have just changed their questions" in page.text
    assert (
        page.page.find("input", attrs={"name": "asked"})["value"]
        == asked.registration_form(event).digest
    )


def test_a_growing_party_is_asked_whether_the_rest_waits(event, ana, ben, browser):
    event.capacity = 2
    rsvps.answer(event, by=ben)
    db.session.commit()
    page = browser(ben)
    page.get(event.path)
    assert page.page.find("input", attrs={"name": "split"}) is None  # they can't bring that many

    assert page.post(f"{event.path}/rsvp", {"answer": "going", "party": 3}).status_code == 422
    event.max_plus_ones = 2
    event.capacity = 3
    rsvps.answer(event, by=ana)
    db.session.commit()
    page.get(event.path)
    assert page.page.find("input", attrs={"name": "split"})
    assert (
        page.post(f"{event.path}/rsvp", {"answer": "going", "party": 3, "split": "y"}).status_code
        == 303
    )
    page.get(event.path)
    assert "1 of your plus-ones is on the waiting list, at number 1." in page.text
    assert "1 more person. The others are going." in page.text


def test_hosts_approve_and_decline_requests_on_their_page(event, ana, ben, cem, browser):
    event.requires_approval = True
    db.session.commit()
    for person in (ben, cem):
        page = browser(person)
        page.get(event.path)
        assert page.page.find(id="rsvp-send")["data-says"].count("Request to join")
        assert page.post(f"{event.path}/rsvp", {"answer": "going", "party": 1}).status_code == 303
        page.get(event.path)
        assert "You’ve asked to join" in page.text
    host, path = browser(ana), f"{event.path}/manage/approvals"
    host.get(path)
    assert "2 requests" in host.text
    host.get(f"{event.path}/manage")
    assert "Requests to join" in host.text

    ids = [rsvps.of(event, person).id for person in (ben, cem)]
    assert host.post(f"{path}/{ids[0]}", {"do": "approve"}).status_code == 303
    assert (
        host.post(f"{path}/{ids[1]}", {"do": "refuse", "sentence": "Not this time"}).status_code
        == 303
    )
    assert host.post(f"{path}/{ids[1]}", {"do": "refuse"}).status_code == 409
    assert host.post(f"{path}/{ids[1]}", {"do": "laugh"}).status_code == 422
    assert [rsvps.of(event, person).state for person in (ben, cem)] == [GOING, REFUSED]
    page = browser(cem)
    page.get(event.path)
    assert "Not this time" in page.text
    assert page.page.find(id="rsvp-form") is None


def test_all_requests_that_fit_are_approved_at_once(event, ana, ben, cem, browser):
    event.requires_approval, event.capacity = True, 2
    db.session.commit()
    for person, party in ((ben, 2), (cem, 1)):
        rsvps.answer(event, by=person, party=party)
    db.session.commit()
    host = browser(ana)

    assert host.post(f"{event.path}/manage/approvals").status_code == 303

    assert [rsvps.of(event, person).state for person in (ben, cem)] == [GOING, ASKED]


def test_hosts_add_change_and_remove_questions(event, ana, browser):
    page, path = browser(ana), f"{event.path}/manage/questions"
    made = {
        "text": "Which boat?",
        "kind": "choice",
        "option_1": "Heron",
        "places_1": "2",
        "option_2": "Otter",
    }
    assert page.post(path, {**made, "option_2": ""}).status_code == 422
    assert page.post(path, made).status_code == 303
    assert page.post(path, {"text": "Diet?", "kind": "text"}).status_code == 303
    one, two = asked.registration_form(event).questions
    page.get(path)
    assert "0 of 2 taken" in page.text

    page.get(f"{path}/{one.id}")
    was = {f"was_{n}": page.page.find("input", attrs={"name": f"was_{n}"})["value"] for n in (1, 2)}
    assert (
        page.post(
            f"{path}/{one.id}", {**made, **was, "option_1": "Crane", "places_1": ""}
        ).status_code
        == 303
    )
    choices = asked.registration_form(event).choices[one.id]
    assert [(it.label, it.capacity) for it in choices] == [("Crane", None), ("Otter", None)]
    assert str(choices[0].id) == was["was_1"]
    assert page.post(f"{path}/{two.id}/rise").status_code == 303
    assert [it.text for it in asked.registration_form(event).questions] == ["Diet?", "Which boat?"]
    for each in (one, two):
        assert page.post(f"{path}/{each.id}/removal").status_code == 303
    db.session.refresh(event)
    assert not event.has_registration_form


@pytest.mark.parametrize(
    ("amount", "currency", "shown", "again"),
    [
        ("7,50", "EUR", "€7.50", "7.50"),
        ("1.234,5", "EUR", "€1,234.50", "1234.50"),
        ("₹ ७५", "INR", "₹75.00", "75.00"),
        ("2,500", "JPY", "¥2,500", "2500"),
    ],
)
def test_amounts_are_saved_as_they_were_typed(event, ana, browser, amount, currency, shown, again):
    page, path = browser(ana), f"{event.path}/manage/tickets"
    page.get(path)
    page.submit("/tickets", label="Supper", price="door", amount=amount, currency=currency)

    (ticket,) = asked.registration_form(event).tickets
    assert f"{shown} at the door" in page.text
    next_one = page.page.select_one("select[name=currency] option[selected]")
    assert next_one["value"] == currency
    page.get(f"{path}/{ticket.id}")
    assert page.page.find("input", attrs={"name": "amount"})["value"] == again


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("7.499", "EUR", "Use at most 2 digits for decimals."),
        ("2.50", "JPY", "JPY has no decimals. Enter a whole amount."),
        ("1e3", "EUR", "Enter an amount such as 7.50."),
        ("a lot", "JPY", "Enter an amount such as 750."),
        ("2000000", "EUR", "Enter an amount such as 7.50."),
    ],
)
def test_amounts_are_not_rounded(event, ana, browser, amount, currency, sentence):
    page, path = browser(ana), f"{event.path}/manage/tickets"
    page.get(path)
    page.submit("/tickets", label="Supper", price="door", amount=amount, currency=currency)

    box = page.page.find("input", attrs={"name": "amount"})
    assert page.page.find(id=box["aria-describedby"].split()[0]).text.strip() == sentence
    assert box["value"] == amount
    assert not asked.registration_form(event).tickets


def test_hosts_add_change_and_remove_tickets(event, ana, ben, browser):
    page, path = browser(ana), f"{event.path}/manage/tickets"
    made = {
        "label": "Reduced",
        "price": "door",
        "amount": "7.50",
        "currency": "EUR",
        "capacity": "2",
    }
    assert (
        page.post(
            path, {**made, "opens": "2031-05-02T10:00", "closes": "2031-05-01T10:00"}
        ).status_code
        == 422
    )
    assert "The end must be after the start." in page.text
    assert page.post(path, {**made, "amount": "0.00"}).status_code == 422
    amount = page.page.find("input", attrs={"name": "amount"})
    assert "Enter what the ticket costs" in page.page.find(id=amount["aria-describedby"]).text
    assert page.post(path, made).status_code == 303
    (kind,) = asked.registration_form(event).tickets
    assert (kind.amount, kind.currency, kind.capacity) == (750, "EUR", 2)
    page.get(path)
    assert "€7.50 at the door" in page.text
    assert page.post(path, {**made, "label": "reduced"}).status_code == 422
    name = page.page.find("input", attrs={"name": "label"})
    assert "Choose another name." in page.page.find(id=name["aria-describedby"].split()[0]).text
    page.get(f"{path}/{kind.id}")
    assert page.page.find("input", attrs={"name": "amount"})["value"] == "7.50"
    assert (
        page.post(f"{path}/{kind.id}", {**made, "price": "free", "capacity": "5"}).status_code
        == 303
    )
    rsvps.answer(event, by=ben, details=rsvps.RegistrationAnswers(kind.id))
    db.session.commit()

    assert page.post(f"{path}/{kind.id}/removal").status_code == 422
    assert "1 answer has “Reduced”" in page.text


def test_hosts_answer_for_someone_and_change_the_answer(event, ana, ben, cem, browser):
    event.capacity = 2
    db.session.commit()
    page, path = browser(ana), f"{event.path}/manage/answers"
    assert (
        page.post(path, {"who": "nobody-here", "answer": "going", "party": "1"}).status_code == 422
    )
    assert "No one found" in page.text
    for who, party in ((f"@{ben.handle}", "2"), (cem.handle, "1")):
        assert page.post(path, {"who": who, "answer": "going", "party": party}).status_code == 303
    assert [rsvps.of(event, person).state for person in (ben, cem)] == [GOING, WAITING]
    page.get(path)
    assert "Ben Okafor" in page.text
    assert "2 people" in page.text
    sizes = [option["value"] for option in page.page.select("[name=party] option")]
    assert sizes == ["1", "2"], "no more than there are seats"

    row_id = rsvps.of(event, ben).id
    page.get(f"{path}/{row_id}")
    assert "They’re going, with 2 seats." in page.text
    assert page.post(f"{path}/{row_id}", {"answer": "going", "party": "1"}).status_code == 303
    assert [
        (rsvps.of(event, person).state, rsvps.of(event, person).party) for person in (ben, cem)
    ] == [(GOING, 1), (GOING, 1)]
    other = browser(ben)
    other.get(event.path)
    assert "A host answered for you. You can change the answer." in other.text
    assert page.get(f"{event.path}/manage/answers/{factories.user().id}").status_code == 404


def test_an_answer_that_comes_too_late_is_given_back_with_its_choices(event, ben, browser):
    ticket(event, "Full")
    reduced = ticket(event, "Reduced")
    allergy, _none = question(event, "What do you not eat?", kind="long")
    boat, boats = question(event, "Which boat?", Heron=2, Otter=3)
    page = browser(ben)
    page.get(event.path)
    event.state = CANCELLED
    db.session.commit()

    given = {f"said_{boat.id.hex}": str(boats["Otter"].id), "ticket": str(reduced.id)}
    page.submit("/rsvp", **given, **{f"said_{allergy.id.hex}": "No nuts."}, anonymous="y")

    copied = [one.get_text(strip=True) for one in page.page.select("textarea[readonly]")]
    assert sorted(copied) == ["Hide my name", "No nuts.", "Ticket: Reduced", "Which boat?: Otter"]
    assert "keep your files" not in page.text
