"""A printed event is a poster: nothing of the page but what the event is, and its code."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.small]
#: The headings and texts that a browser prints.
PRINTED = """() => [...document.querySelectorAll("h1, h2, .poster p, .facts dt")]
    .filter(one => one.checkVisibility()).map(one => one.textContent.trim())"""


#: The font sizes of these elements, in CSS pixels.
SIZES = """(selectors) => selectors.map(one =>
    parseFloat(getComputedStyle(document.querySelector(one)).fontSize))"""


@pytest.mark.parametrize("role", ["visitor", "organizer"])
def test_a_printed_event_is_a_poster(visit_as, role):
    person = visit_as(role)
    person.page.emulate_media(color_scheme="dark")
    person.visit("/events/seed-swap-and-long-table-lunch")
    page = person.page
    assert len(page.evaluate(PRINTED)) > 6, "the control: the page itself has more headings"

    with page.expect_response("**/link.svg") as fetched:
        file = page.pdf(
            format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "1cm")
        )
    assert len(re.findall(rb"/Type\s*/Page\b", file)) == 1
    assert fetched.value.ok
    page.emulate_media(media="print")

    title, *others = page.evaluate(SIZES, ["h1", ".event .kicker", ".event .lead", ".facts dd"])
    assert title > max(others)
    assert min(others) >= 20, "the date is read from afar, too"
    dimmed = "one => getComputedStyle(one).filter"
    assert page.locator(".cover.banner").evaluate(dimmed) == "none"
    printed = page.evaluate(PRINTED)
    assert printed[0] == "Seed swap and long-table lunch"
    assert printed[1:4] == ["When", "Where", "Hosts"]
    assert printed[4] == "11 seats"
    assert printed[-1].endswith("/events/seed-swap-and-long-table-lunch")
    assert len(printed) == 7
    assert page.locator(".poster img").evaluate("one => one.naturalWidth") > 0
