"""The answer bar on phones: it sends what one tap can say and links to the card for the rest."""

from datetime import timedelta

import pytest

from tests import factories
from tests.attendance import checking_in
from tests.browser_like import values_of
from tests.events import question, ticket
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import CANCELLED, GOING, MAYBE, NOT_GOING, OFFER, WAITING
from webapp.groups import memberships

pytestmark = pytest.mark.usefixtures("context")


def bar_of(tab, path):
    """Return the bar on the page at this path."""
    tab.get(path)
    return tab.page.find(id="answer-bar")


def words_of(bar):
    """Return the text of the bar."""
    return " ".join(bar.find(id="bar-says").get_text(" ").split())


def tap(tab, bar, label):
    """Press the button with this label; its form sends exactly the fields that it contains."""
    (button,) = [one for one in bar.find_all("button", type="submit") if one.get_text() == label]
    form = button.find_parent("form")
    fields = values_of(form)
    if button.get("name"):
        fields[button["name"]] = button["value"]
    assert tab.post(form["action"], fields, csrf=False).status_code == 303
    tab.follow()
    return tab.page.find(id="answer-bar")


def test_one_tap_gives_and_changes_the_answer(ana, ben, browser):
    event, tab = factories.event(ana, capacity=4, max_plus_ones=2), browser(ben)
    bar = bar_of(tab, event.path)
    assert "4 seats left" in words_of(bar)
    assert [link.get_text() for link in bar.select("a[href='#rsvp']")] == ["Bring someone"]

    bar = tap(tab, bar, "I’m going")
    assert words_of(bar) == "You’re going Just you"
    assert "Saved: you’re going." in tab.page.find(id="messages", autofocus=True).get_text()
    assert rsvps.of(event, ben).party == 1

    for label, words, state in (
        ("Maybe", "Maybe Doesn’t hold a seat", MAYBE),
        ("Can’t go", "You’re not going", NOT_GOING),
        ("I’m going", "You’re going Just you", GOING),
    ):
        db.session.rollback()
        bar = tap(tab, bar, label)
        assert words_of(bar).startswith(words)
        assert rsvps.of(event, ben).state == state


def test_a_tap_keeps_the_name_hidden(ana, ben, browser):
    event, tab = factories.event(ana), browser(ben)
    rsvps.answer(event, by=ben, anonymous=True)
    db.session.commit()

    tap(tab, bar_of(tab, event.path), "Maybe")

    row = rsvps.of(event, ben)
    assert (row.state, row.is_anonymous) == (MAYBE, True)


def test_a_full_event_is_waited_for_and_left_in_one_tap(ana, ben, cem, browser):
    event, tab = factories.event(ana, capacity=1), browser(cem)
    rsvps.answer(event, by=ben)
    db.session.commit()
    bar = bar_of(tab, event.path)
    assert words_of(bar).startswith("Full")

    bar = tap(tab, bar, "Join waiting list")
    assert words_of(bar) == "You’re number 1 on the waiting list"
    assert rsvps.of(event, cem).state == WAITING

    db.session.rollback()
    assert words_of(tap(tab, bar, "Leave waiting list")).startswith("You’re not going")
    assert rsvps.of(event, cem).state == NOT_GOING


@pytest.mark.parametrize(("label", "state"), [("Accept", GOING), ("Decline", WAITING)])
def test_offered_seats_are_accepted_or_declined_in_one_tap(ana, ben, cem, browser, label, state):
    event, tab = factories.event(ana, capacity=1, promotion=OFFER), browser(cem)
    for who in (ben, cem):
        rsvps.answer(event, by=who)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    bar = bar_of(tab, event.path)
    assert words_of(bar).startswith("1 seat for you until")

    tap(tab, bar, label)

    assert rsvps.of(event, cem).state == state


@pytest.mark.parametrize("asks", [question, ticket])
def test_where_hosts_ask_questions_the_bar_links_to_the_card(ana, ben, browser, asks):
    event, tab = factories.event(ana), browser(ben)
    asks(event)
    db.session.commit()
    bar = bar_of(tab, event.path)

    assert not bar.find("form")
    assert bar.find("a", href="#rsvp").get_text() == "I’m going"


def test_approval_is_requested_on_the_card_and_withdrawn_in_one_tap(ana, ben, browser):
    event, tab = factories.event(ana, requires_approval=True), browser(ben)
    assert bar_of(tab, event.path).find("a", href="#rsvp").get_text() == "Request to join"
    assert bar_of(browser(ana), event.path).find("button", value="going")
    rsvps.answer(event, by=ben)
    db.session.commit()

    bar = bar_of(tab, event.path)
    assert words_of(bar) == "You’ve asked to join No reply yet"
    tap(tab, bar, "Withdraw request")

    assert rsvps.of(event, ben).state == NOT_GOING


@pytest.mark.parametrize(
    ("values", "words", "links"),
    [
        ({"state": CANCELLED, "cancelled_reason": "Flood."}, "Cancelled Flood.", ["#announcement"]),
        ({"rsvp_deadline": timedelta(hours=-1)}, "Answers closed", ["#rsvp"]),
        ({"locked_at": timedelta()}, "Answers closed", ["#rsvp"]),
        ({"starts_at": timedelta(days=-1)}, "Ended 0 people were going.", []),
    ],
)
def test_closed_answers_leave_nothing_to_tap(ana, ben, browser, values, words, links):
    now = clock.now()
    given = {key: now + it if isinstance(it, timedelta) else it for key, it in values.items()}

    bar = bar_of(browser(ben), factories.event(ana, **given).path)

    assert words_of(bar).startswith(words)
    assert not bar.find("form")
    assert [link["href"] for link in bar.find_all("a")] == links


def test_after_the_end_the_bar_asks_those_who_went_for_feedback(ana, ben, browser):
    event = factories.event(ana)
    rsvps.answer(event, by=ben)
    event.starts_at, event.ends_at = (clock.now() - timedelta(hours=it) for it in (30, 28))
    db.session.commit()

    bar = bar_of(browser(ben), event.path)

    assert bar.find("a")["href"] == f"{event.path}/feedback"


def test_a_draft_has_no_bar(ana, browser):
    draft = factories.event(ana, state="draft")

    assert bar_of(browser(ana), draft.path).has_attr("hidden")


@pytest.mark.parametrize("allows_guests", [True, False])
def test_the_bar_of_a_visitor_has_only_links(ana, visitor, allows_guests):
    event = factories.event(ana, allows_guests=allows_guests)

    bar = bar_of(visitor, event.path)

    assert "Set-Cookie" not in visitor.answer.headers
    assert not bar.find("form")
    ways = [f"{event.path}/rsvp"] + [f"{event.path}/guest"] * allows_guests
    assert [link["href"] for link in bar.find_all("a")] == ways


def test_a_guest_answers_in_one_tap(ana, visitor):
    event = factories.event(ana, allows_guests=True)
    gil = checking_in.guest(event, state="maybe")

    bar = tap(visitor, bar_of(visitor, checking_in.path(gil)), "I’m going")

    assert words_of(bar) == "You’re going Just you"
    assert rsvps.of(event, gil).state == GOING


@pytest.mark.parametrize(
    ("source", "focused"),
    [
        ("form#bar-form", ["bar-says"]),
        ("form#rsvp-form", ["answered"]),
        ("form#pass-form", ["answered"]),
        ("div#rsvp", []),
    ],
)
def test_focus_goes_where_the_answer_was_given(ana, ben, browser, source, focused):
    event, tab = factories.event(ana), browser(ben)
    rsvps.answer(event, by=ben)
    db.session.commit()
    headers = {"HX-Request": "true", "HX-Target": "div#rsvp", "HX-Source": source}

    tab.get(event.path, headers=headers)

    assert [one["id"] for one in tab.page.select("[autofocus]")] == focused
    assert tab.page.select_one("hx-partial[hx-target='#answer-bar']")


def test_faces_and_the_count_are_near_the_title(ana, ben, cem, browser, visitor):
    event = factories.event(ana, factories.group(ana, ben, cem))
    rsvps.answer(event, by=cem)
    rsvps.answer(event, by=ben, anonymous=True)
    db.session.commit()

    def faces(tab):
        tab.get(event.path)
        return tab.page.select_one("#announcement .faces")

    seen = faces(browser(ben))
    assert seen.find("a", href="#people").get_text() == "2 going"
    assert len(seen.select(".av")) == 1
    assert faces(visitor).get_text(strip=True) == "2 going"
    assert not visitor.page.select(".faces :is(.av, a)")


@pytest.mark.parametrize("state", [GOING, MAYBE, NOT_GOING])
@pytest.mark.parametrize("requires_approval", [False, True])
def test_banned_people_who_had_answered_can_tap_nothing(
    ana, ben, browser, state, requires_approval
):
    group = factories.group(ana, ben)
    event = factories.event(ana, group=group)
    rsvps.answer(event, ben, state)
    event.requires_approval = requires_approval
    memberships.remove(memberships.current(group, ben), ana, banned=True)
    db.session.commit()
    bar = bar_of(tab := browser(ben), event.path)

    assert tab.answer.status_code == 200
    assert not bar.select("form, a")
