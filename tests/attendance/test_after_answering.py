"""After an answer, the page confirms it, and htmx shows what a reload would show."""

import copy

import pytest
from bs4 import BeautifulSoup

from tests import images
from tests.agenda import bookings_of, conference, going, session
from tests.attendance import checking_in
from tests.events.change_notices import tell_everyone
from tests.volunteering.helping import task
from webapp.attendance import inviting, rsvps
from webapp.core.extensions import db
from webapp.event_files import uploads
from webapp.event_files.models import BY_PEOPLE
from webapp.events.models import GOING, NOT_GOING, OFFER, OFFERED, WAITING

pytestmark = pytest.mark.usefixtures("context")
ROOM = "https://meet.example.org/long-day"


@pytest.fixture
def event(ana, ben, cem):
    """An event with one seat, and everything on its page that depends on the reader's answer; Cem
    is invited.
    """
    made = conference(ana, capacity=1, promotion=OFFER, online_url=ROOM, file_uploaders=BY_PEOPLE)
    session(made, "Bread")
    task(made, ana)
    picture = uploads.take(images.encoded(images.drawing((8, 6)), "PNG"), "a.png")
    uploads.add(made, ana, [picture], uploads.UploadAllowance(1_000_000, 1_000_000))
    inviting.invite(made, by=ana, addresses=[cem.email])
    tell_everyone()
    return made


def held_for(event, first, who):
    """Let `first` give up the only seat, which is now offered to `who`."""
    rsvps.answer(event, by=first)
    rsvps.answer(event, by=who)
    rsvps.withdraw(event, by=first)
    db.session.commit()
    assert rsvps.of(event, who).state == OFFERED
    db.session.commit()


class Htmx:
    """One person's open page, into which htmx inserts responses."""

    def __init__(self, tab, path):
        tab.get(path)
        self.tab, self.path = tab, path
        self.page = copy.copy(tab.page)

    def submit(self, action, **values):
        """Submit the form of the open page, insert the response, and let the parts that listen for
        it update.
        """
        form = self.page.find("form", action=lambda it: it and it.endswith(action))
        fields = {
            one["name"]: one.get("value", "") for one in form.select("input[name], button[name]")
        }
        target = form["hx-target"].removeprefix("#")
        given = {
            name: fields[name] for name in fields if name in ("csrf_token", "party", "asked")
        } | values
        sent = self.tab.fragment(form["hx-post"], target, method="POST", data=given)
        assert sent.status_code == 303, sent.get_data(as_text=True)
        self._fetch(sent.headers["Location"].removeprefix("http://127.0.0.1:8000"), target)
        for one in self.page.select('[hx-trigger*=":rsvps"]'):
            self._fetch(one["hx-get"], one["id"])

    def _fetch(self, path, target):
        parts = BeautifulSoup(self.tab.fragment(path, target).get_data(as_text=True), "html.parser")
        for part in parts.find_all("hx-partial"):
            part.extract()
            place = self.page.find(id=(part.get("hx-target") or part["id"]).removeprefix("#"))
            assert place is not None, part
            if part.get("hx-swap") == "outerMorph":
                place.replace_with(part.find(True))
            else:
                place.clear()
                place.extend(part.contents)
        self.page.find(id=target).replace_with(parts.find(id=target))

    @property
    def said(self):
        """Return the messages above the page."""
        return " ".join(self.page.find(id="messages").get_text(" ").split())


def shown(page):
    """Return the page's content without messages, and without what differs each time."""
    main = copy.copy(page.find("main"))
    for one in main.select("#messages, [name=csrf_token], [name=once]"):
        one.decompose()
    return [line.strip() for line in main.prettify().splitlines() if line.strip()]


def as_reloaded(page):
    """Assert that the open page equals the page after a reload."""
    page.tab.get(page.path)
    assert shown(page.page) == shown(page.tab.page)


def comes_back_too_late(page, event, other):
    """Answer "Can't go", and "Going" again after someone else has taken the seat."""
    page.submit("/rsvp", answer="not_going")
    assert page.said == "Saved: you can’t go."
    assert ROOM not in str(page.page)
    as_reloaded(page)

    rsvps.answer(event, by=other)
    db.session.commit()
    page.submit("/rsvp", answer="going")


def test_every_fragment_follows_the_own_answer_without_a_reload(event, ben, cem, browser):
    page = Htmx(browser(cem), event.path)
    assert "invited you" in str(page.page)
    assert ROOM not in str(page.page)

    page.submit("/rsvp", answer="going")
    assert page.said == "Saved: you’re going."
    assert ROOM in page.page.find(id="announcement").decode()
    assert "Choose your sessions" in str(page.page)
    assert "Upload pictures or files" in str(page.page)
    as_reloaded(page)

    comes_back_too_late(page, event, ben)
    assert page.said == "You’re on the waiting list. We’ll email you when there’s a seat for you."
    page.submit("/rsvp/removal")
    assert page.said == "Saved: you can’t go."
    as_reloaded(page)


@pytest.mark.parametrize(
    ("what", "said", "brings_link"),
    [
        ("acceptance", "The seat is yours: you’re going.", True),
        ("refusal", "Declined. You’re now at the back of the waiting list.", False),
    ],
)
def test_accepting_or_declining_held_seats_is_confirmed(
    event, ben, cem, browser, what, said, brings_link
):
    held_for(event, ben, cem)
    page = Htmx(browser(cem), event.path)

    page.submit(f"/offer/{what}")

    assert page.said == said
    assert (ROOM in page.page.find(id="announcement").decode()) is brings_link
    as_reloaded(page)


def test_a_guests_page_follows_their_answer_without_a_reload(event, ben, visitor):
    gil = checking_in.guest(event, state="going")
    page = Htmx(visitor, checking_in.path(gil))
    assert ROOM in str(page.page)

    comes_back_too_late(page, event, ben)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    page = Htmx(visitor, checking_in.path(gil))
    page.submit("/offer/acceptance")
    assert page.said == "The seat is yours: you’re going."
    assert ROOM in str(page.page)
    as_reloaded(page)


@pytest.mark.parametrize(
    ("action", "said", "state"),
    [
        ("/offer/acceptance", "The seat is yours: you’re going.", GOING),
        ("/offer/refusal", "Declined. You’re now at the back of the waiting list.", WAITING),
    ],
)
def test_without_scripts_an_answered_offer_is_confirmed_above_the_page(
    event, ben, cem, browser, visitor, action, said, state
):
    gil = checking_in.guest(event, state="not_going")
    for who, tab, path in ((cem, browser(cem), event.path), (gil, visitor, checking_in.path(gil))):
        held_for(event, ben, who)
        tab.get(path)
        tab.submit(action)
        assert said in tab.page.find(id="messages").get_text()
        assert rsvps.of(event, who).state == state
        rsvps.withdraw(event, by=who)
        db.session.commit()


def test_session_offers_and_bookings_are_confirmed(ana, ben, cem, browser, visitor):
    event = conference(ana, promotion=OFFER)
    bread = session(event, "Bread", capacity=1)
    gil = checking_in.guest(event)
    going(event, ben, cem)
    held = Htmx(browser(ben), bread.path)
    held.submit("/booking")
    assert held.said == "It’s on your agenda."

    for tab, path in (
        (browser(cem), bread.path),
        (visitor, f"{checking_in.path(gil)}/agenda/{bread.id}"),
    ):
        page = Htmx(tab, path)
        page.submit("/booking")
        assert (
            page.said == "You’re on the waiting list. We’ll email you when there’s a seat for you."
        )
        held.submit("/booking/removal")
        assert held.said == "Removed from your agenda."
        page = Htmx(tab, path)
        page.submit("/offer/refusal")
        assert page.said == "Declined. You’re now at the back of the waiting list."
        held = Htmx(browser(ben), bread.path)
        held.submit("/booking")
        held.submit("/booking/removal")
        page = Htmx(tab, path)
        page.submit("/offer/acceptance")
        assert page.said == "You have a seat. The session is on your agenda."
        as_reloaded(page)
        page.submit("/booking/removal")
        held = Htmx(browser(ben), bread.path)
        held.submit("/booking")
    assert {row.state for row in bookings_of(bread)} == {GOING, NOT_GOING}
