"""One's own account in several browsers: appearance, email address and sign-ins."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from . import steps
from .mailboxes import link_in
from .people import PASSWORD

pytestmark = pytest.mark.browser

DARK = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def with_a_second_browser(people):
    """A function: `with_a_second_browser(site, "Ana Souza")` returns one person in two browsers,
    signed in in both.
    """

    def meet(site, name, **options):
        first = people(site, name, **options)
        steps.become_a_member_of_the_site(first)
        second = people(site, name, handle=first.handle, **options)
        steps.sign_in(second)
        return first, second

    return meet


def how_it_looks(person):
    """Return the attributes that the server has set on the page's root element."""
    return person.page.evaluate("({...document.documentElement.dataset})")


def paper(person):
    """Return the background colour of the page."""
    return person.page.evaluate(DARK)


def keep(person):
    """Submit the settings, and expect the confirmation."""
    steps.press(person, "Save")
    expect(person.page.get_by_role("status").get_by_text("Settings saved.")).to_be_visible()


def test_settings_apply_at_once_in_every_tab_and_browser(site, with_a_second_browser):
    ana, elsewhere = with_a_second_browser(site, "Ana Souza", color_scheme="light")
    group = steps.make_group(ana, f"Looms of {ana.handle}")
    event = steps.publish_event(ana, group, f"Weaving with {ana.handle}", seats=3)
    tab = ana.in_another_tab()
    tab.visit("/events")
    light = paper(tab)

    ana.visit("/account/settings")
    expect(ana.page.get_by_label("Time zone")).to_have_value("Europe/Lisbon")  # guessed at sign-up
    ana.page.get_by_label("Time zone").select_option(label="Kathmandu")
    ana.page.get_by_role("radio", name="Dark").check()
    ana.page.get_by_role("radio", name="River").check()
    ana.page.get_by_role("radio", name="Larger").check()
    wanted = {"theme": "dark", "accent": "river", "text": "large"}
    assert how_it_looks(ana) == wanted  # the preview appears before saving
    keep(ana)

    dark = paper(ana)
    assert dark != light
    for person in (ana, tab, elsewhere):
        for path in (event, "/inbox", "/account/settings", "/no-such-page"):
            person.page.goto(path)
            assert how_it_looks(person) == wanted
            assert paper(person) == dark
        person.page.goto(event)
        expect(person.page.get_by_text(re.compile("Kathmandu")).first).to_be_visible()
    complaints = [line for person in (ana, elsewhere) for line in person.complaints]
    assert not [line for line in complaints if "no-such-page" not in line]


@pytest.mark.deep
def test_a_chosen_theme_overrides_the_system_even_without_scripts(small_site, people):
    ben = people(small_site, "Ben Okafor", javascript=False, color_scheme="dark")
    steps.become_a_member_of_the_site(ben)
    ben.visit("/account")
    ben.page.get_by_role("main").get_by_role("link", name="Settings", exact=True).first.click()
    expect(ben.page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    assert how_it_looks(ben) == {}

    ben.page.get_by_role("radio", name="Light").check()
    ben.page.get_by_role("radio", name="Gorse").check()
    keep(ben)

    assert how_it_looks(ben) == {"theme": "light", "accent": "gorse"}
    visitor = people(small_site, "Vera Visitor", javascript=False, color_scheme="light")
    visitor.visit("/account")
    assert paper(ben) == paper(visitor)
    assert ben.complaints == []


def test_a_different_browser_time_zone_is_offered(small_site, people):
    cem = people(small_site, "Cem Yilmaz")
    steps.become_a_member_of_the_site(cem)
    abroad = people(small_site, "Cem Yilmaz", handle=cem.handle, timezone_id="Asia/Tokyo")
    steps.sign_in(abroad)
    cem.visit("/account/settings")
    expect(cem.page.get_by_role("button", name="Use this")).to_be_hidden()

    abroad.visit("/account/settings")
    expect(abroad.page.locator("[data-zone]")).to_have_text("Tokyo")
    steps.press(abroad, "Use this")
    expect(abroad.page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    keep(abroad)

    cem.visit("/account/settings")
    expect(cem.page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_changing_the_email_address_involves_both_mailboxes(site, with_a_second_browser, people):
    ana, elsewhere = with_a_second_browser(site, "Ana Souza")
    new = f"new-{ana.email}"
    elsewhere.visit("/inbox")
    ana.visit("/account/security")
    ana.page.get_by_role("link", name="Change email address").click()
    steps.fill(ana, New_email_address=new)
    steps.press(ana, "Send link")
    expect(ana.page.get_by_text(f"{new} is waiting to be confirmed")).to_be_visible()

    parsed = site.mailbox.await_email(ana.email, containing="Your email address is about to change")
    assert new not in parsed.as_string()
    email = site.mailbox.await_email(new, containing="Confirm your new email address")
    ana.visit(urlsplit(link_in(email, "/email-change/")).path)
    steps.expect_heading(ana, "Use this email address?")
    steps.press(ana, "Use this email address")

    expect(
        ana.page.get_by_role("status").get_by_text(f"Your email address is now {new}")
    ).to_be_visible()
    site.mailbox.await_email(new, containing="Your email address was changed")
    parsed = [email for email in site.mailbox.emails() if str(email["To"]) == ana.email]
    site.mailbox.await_email(f"{ana.email}", containing="Your email address was changed")
    expect(elsewhere.page.get_by_text("You’ve been signed out")).to_be_visible()
    assert parsed
    back = people(site, "Ana Souza", handle=ana.handle)
    back.visit("/sign-in")
    steps.fill(back, Email_address_or_handle=new, Password=PASSWORD)
    steps.press(back, "Sign in")
    expect(steps.account_menu(back)).to_be_visible()
    assert [person.complaints for person in (ana, elsewhere, back)] == [[], [], []]


def test_a_sign_in_can_be_ended_from_another_browser(site, with_a_second_browser):
    at_home, elsewhere = with_a_second_browser(site, "Ana Souza")
    elsewhere.visit("/inbox")

    at_home.visit("/account/sign-ins")
    other = at_home.page.get_by_role("listitem").filter(has_text="Last seen")
    expect(other).to_have_count(1)
    expect(other.get_by_role("heading")).to_have_text(re.compile("Chrome on Linux"))
    steps.press(at_home, re.compile("^Sign out"), within=other)
    expect(at_home.page.get_by_text("You’re not signed in anywhere else.")).to_be_visible()

    # the open page is notified, and says why
    expect(
        elsewhere.page.get_by_text("You’ve been signed out. It happened in another browser")
    ).to_be_visible()
    steps.expect_heading(elsewhere, "Sign in")
    steps.fill(elsewhere, Email_address_or_handle=at_home.handle, Password=PASSWORD)
    steps.press(elsewhere, "Sign in")
    elsewhere.page.wait_for_url("**/inbox")
    assert (at_home.complaints, elsewhere.complaints) == ([], [])


@pytest.mark.deep
def test_a_new_password_signs_out_the_other_browser(small_site, with_a_second_browser):
    at_home, elsewhere = with_a_second_browser(small_site, "Ana Souza", javascript=False)
    at_home.visit("/password/change")
    new = "walnut harbour 19 kettles"
    steps.fill(at_home, Current_password=PASSWORD, New_password=new, Repeat_password=new)
    steps.press(at_home, "Change password")
    expect(at_home.page.get_by_role("status").get_by_text("Password changed.")).to_be_visible()

    elsewhere.visit("/account")
    steps.expect_heading(elsewhere, "Sign in")
    expect(
        elsewhere.page.get_by_role("status").get_by_text("You’ve been signed out")
    ).to_be_visible()
    elsewhere.visit("/events")
    expect(elsewhere.page.get_by_text("You’ve been signed out")).to_have_count(0)  # shown once
