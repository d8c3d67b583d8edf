"""Behind https, configured as for production: the cookie, the headers, and forms."""

import pytest
from playwright.sync_api import expect

from . import steps

pytestmark = pytest.mark.browser


def test_a_signed_in_person_answers_an_event_over_https(secure_site, people):
    ana, ben = people(secure_site, "Ana Souza"), people(secure_site, "Ben Okafor")
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, "Allotments")
    event = steps.publish_event(ana, group, "Seed swap", seats=1)

    steps.answer(ben, event, "Going")

    expect(steps.status(ben, "You’re going")).to_be_visible()
    assert ben.page.url.startswith("https://localhost:")
    assert ben.complaints == []


def test_the_cookie_is_limited_to_this_host_and_hidden_from_scripts(secure_site, people):
    ana = people(secure_site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    ana.visit("/")

    (cookie,) = ana.context.cookies()

    assert cookie["name"] == "__Host-folkmoot"
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    assert (cookie["domain"], cookie["path"]) == ("localhost", "/")
    assert ana.page.evaluate("document.cookie") == ""


def test_https_sends_hsts(secure_site, people):
    visitor = people(secure_site, "Vera Visitor")

    answer = visitor.page.goto("/sign-in")

    assert "max-age=31536000" in answer.headers["strict-transport-security"]


def test_a_form_from_another_site_is_refused(secure_site, people):
    ana = people(secure_site, "Ana Souza")
    steps.become_a_member_of_the_site(ana)
    ana.visit("/account/settings")
    token = ana.page.locator("input[name=csrf_token]").first.input_value()
    path = "/account/settings"
    form = {
        "csrf_token": token,
        "zone": "Asia/Tokyo",
        "locale": "en",
        "clock": "24",
        "theme": "",
        "accent": "loch",
        "text_size": "normal",
    }

    without = ana.context.request.post(path, form=form, max_redirects=0)
    foreign = ana.context.request.post(
        path, form=form, headers={"Referer": "https://elsewhere.example/"}, max_redirects=0
    )
    own = ana.context.request.post(
        path, form=form, headers={"Referer": ana.page.url}, max_redirects=0
    )

    assert (without.status, foreign.status, own.status) == (303, 400, 303)
