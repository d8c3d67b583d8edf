"""A first visit downloads little, works by keyboard, and loads nothing from other sites."""

import json

import pytest
from playwright.sync_api import expect

from ..keyboard import SHOWS_FOCUS
from .looking import cookies_beyond

pytestmark = pytest.mark.browser


@pytest.mark.deep
def test_control_external_requests_and_extra_cookies_are_noticed(visit_as):
    person = visit_as("visitor")
    person.context.route("https://elsewhere.example/**", lambda route: route.abort())
    person.visit("/")
    assert not person.complaints

    with person.page.expect_event("request", lambda asked: "elsewhere" in asked.url):
        person.page.evaluate(
            "() => { const it = new Image(); it.src = 'https://elsewhere.example/dot.gif'; }"
        )
    person.context.add_cookies([{"name": "counter", "value": "1", "url": person.site.url}])

    assert any("elsewhere.example" in line for line in person.complaints)
    assert cookies_beyond(person) == ["counter"]


MAIN = [
    ("visitor", ""),
    ("visitor", "events"),
    ("visitor", "groups"),
    ("member", ""),
    ("member", "votes"),
    ("member", "inbox"),
]


@pytest.mark.parametrize(("role", "section"), MAIN)
def test_a_first_visit_downloads_few_bytes(role, section, visit_as):
    person = visit_as(role)
    cookies = person.context.cookies()
    person.context.close()
    fresh = visit_as("visitor")
    fresh.context.add_cookies(cookies)

    for path in [f"/{section}", first_of(fresh, section)]:
        weight, requests = loaded(fresh, path)
        assert weight <= 60_000, f"{path} weighs {weight} bytes: {json.dumps(requests, indent=1)}"
        own = {
            url for url in requests if "/picture/" not in url
        }  # uploaded pictures load one by one
        assert len(own) <= 8, f"{path}: {json.dumps(requests, indent=1)}"


def first_of(person, section):
    """Return the path of the first item in a list, or of the list itself."""
    if section not in ("events", "groups", "votes"):
        return f"/{section}"
    person.visit(f"/{section}")
    links = person.page.get_by_role("main").locator(
        f"article a[href^='/{section}/'], li a[href^='/{section}/']"
    )
    return links.first.get_attribute("href")


def loaded(person, path):
    """Return (bytes over the wire, {URL: bytes}) of a visit with an empty cache, without the open
    stream.
    """
    page = person.context.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names, sizes = {}, {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: names.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(path, wait_until="load")
    expect(page.get_by_role("main")).to_be_visible()
    page.close()
    urls = {
        names[number]: int(size)
        for number, size in sizes.items()
        if number in names and "/live" not in names[number]
    }
    return sum(urls.values()), urls


@pytest.mark.parametrize(
    ("role", "path"),
    [("visitor", "/"), ("visitor", "/sign-in"), ("member", "/"), ("member", "/events/new")],
)
def test_keyboard_focus_is_visible_and_a_skip_link_leads_to_the_content(role, path, visit_as):
    person = visit_as(role)
    person.visit(path)
    page = person.page
    if page.evaluate("document.activeElement !== document.body"):
        page.evaluate("document.activeElement.blur()")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _step in range(25):
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")

    page.get_by_role("link", name="Skip to content").press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
