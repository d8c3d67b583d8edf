"""On a phone, what becomes of held seats is in sight where the person pressed the button."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.agenda import conference
from tests.browser_like import ORIGIN, Browser
from webapp.attendance import rsvps
from webapp.core.extensions import db
from webapp.events.models import OFFER

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("context")]


@pytest.fixture
def phone(chromium):
    """A page on a phone; what it may not do is in `complaints`."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def served(page, tab):
    """The page gets its answers from this process, as the person of the tab; nothing is live."""

    def answer(route):
        asked = route.request
        if urlsplit(asked.url).path.startswith("/live"):
            route.abort()
            return
        kept = {
            name: value
            for name, value in asked.headers.items()
            if name.startswith(("hx-", "content-type"))
        }
        got = tab.client.open(asked.url, method=asked.method, data=asked.post_data, headers=kept)
        if got.status_code == 303:
            kept.pop("content-type", None)
            got = tab.client.get(got.headers["Location"], base_url=ORIGIN, headers=kept)
        route.fulfill(
            status=got.status_code, headers=dict(got.headers.items()), body=got.get_data()
        )

    page.route("**/*", answer)


@pytest.mark.parametrize(
    ("button", "said", "state"),
    [
        ("#take", "The seat is yours: you’re going.", "You’re going"),
        ("#pass", "Declined.", "You’re number 1 on the waiting list"),
    ],
)
def test_an_answered_offer_is_in_sight_where_its_button_was(
    app, phone, ana, ben, cem, button, said, state
):
    event = conference(ana, capacity=1, promotion=OFFER, description="Bring seeds. " * 200)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    path, tab = event.path, Browser.of(app, cem)
    db.session.remove()
    served(phone, tab)
    phone.goto(ORIGIN + path)
    phone.locator(button).evaluate("it => it.scrollIntoView({block: 'center'})")

    phone.locator(button).click()

    expect(phone.locator("#messages").get_by_text(said)).to_be_in_viewport()
    expect(phone.locator("#rsvp .notice").get_by_text(state)).to_be_in_viewport()
