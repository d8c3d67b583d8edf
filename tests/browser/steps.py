"""What people do on the site. Everything is found by its role and its label, as screen readers do.

`become_a_member_of_the_site`, `make_group`, `join` and `publish_event` prepare a journey by
submitting forms without a browser window. The main journey does all of it in the browser.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from . import forms
from .mailboxes import link_in
from .people import PASSWORD, Person


def press(person: Person, name: str | re.Pattern[str], within: Locator | None = None) -> None:
    """Press the button of this name. The request may still be running afterwards."""
    (within or main_of(person)).get_by_role("button", name=name).click()


def want_everything_at_once(person: Person) -> None:
    """Choose emails for new events and results instead of the digest."""
    forms.send(person, "/account/notifications", preset="everything")


def main_of(person: Person) -> Locator:
    """Return the page below its header."""
    return person.page.get_by_role("main")


def fill(person: Person, **texts: str) -> None:
    """Fill in the fields whose labels begin with these words (underscores are spaces or
    hyphens).
    """
    for words, text in texts.items():
        main_of(person).get_by_label(re.compile("^" + words.replace("_", "[ -]"))).fill(text)


def expect_heading(person: Person, words: str | re.Pattern[str]) -> None:
    """Expect the page's heading to be this."""
    expect(person.page.get_by_role("heading", level=1)).to_have_text(words)


def sign_up(person: Person, path: str = "/sign-up") -> None:
    """Fill in the form to sign up, and expect the page that says to check one's email."""
    person.visit(path)
    fill(
        person,
        Given_name=person.first_name,
        Family_name=person.last_name,
        Handle=person.handle,
        Email_address=person.email,
    )
    fill(person, **{"Password$": PASSWORD})
    if not person.javascript:
        fill(person, Repeat_password=PASSWORD)
    person.page.get_by_role("checkbox", name="I am 16").check()
    press(person, "Create account")
    expect_heading(person, "Check your inbox")


def follow_emailed_link(person: Person) -> None:
    """Confirm the address in another browser, or before an admin's approval, and expect the sign-in
    page.
    """
    confirm(person)
    expect_heading(person, re.compile("^Sign in"))


def confirm(person: Person) -> None:
    """Open the link in the email and confirm the address."""
    person.visit(emailed_path(person))
    press(person, "Confirm email address")


def emailed_path(person: Person) -> str:
    """Return the path of the link in the email that asks to confirm the address."""
    link = link_in(
        person.site.mailbox.await_email(person.email, containing="Confirm"), "/verification/"
    )
    assert link.startswith(person.site.url)
    return urlsplit(link).path


def sign_in(person: Person, path: str = "/", password: str = PASSWORD) -> None:
    """Sign in and go to the page of this path."""
    person.visit(f"/sign-in?next={path}")
    fill(person, Email_address_or_handle=person.handle, Password=password)
    press(person, "Sign in")
    person.page.wait_for_url(f"**{path}")
    expect(account_menu(person)).to_be_visible()


def account_menu(person: Person) -> Locator:
    """Return the button that opens the account menu."""
    return person.page.get_by_role("button", name=re.compile("^Account menu"))


def become_a_member_of_the_site(person: Person) -> None:
    """Sign up, confirm the address, and so be signed in, with a recently entered password and no
    page open yet.
    """
    names = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "handle": person.handle,
        "email": person.email,
    }
    secret = {"password": PASSWORD, "password_again": PASSWORD}
    zone = "Europe/Lisbon" if person.javascript else ""  # otherwise filled in by a script
    forms.send(person, "/sign-up", affirmed="y", zone=zone, **names, **secret)
    forms.send(person, emailed_path(person), "Confirm email address")
    forms.send(person, "/account/reauthentication", password=PASSWORD)


def make_group(person: Person, name: str) -> str:
    """Create an open group of this name; return its path."""
    return forms.send(person, "/groups/new", name=name)


def join(person: Person, group: str) -> None:
    """Join the group."""
    forms.send(person, group, "Join group")


def publish_event(person: Person, group: str, title: str, seats: int) -> str:
    """Publish an event of the group in a week; return its path."""
    slug, (starts, ends) = group.rpartition("/")[2], in_a_week()
    times = {"starts": wall(starts), "ends": wall(ends)}
    return forms.send(
        person,
        f"/events/new?group={slug}",
        "Publish",
        title=title,
        capacity=str(seats),
        **times,
    )


def come_in(person: Person) -> None:
    """Sign up and confirm the address, page by page."""
    sign_up(person)
    confirm(person)
    expect(account_menu(person)).to_be_visible()


def start_a_group(person: Person, name: str) -> str:
    """Create an open group of this name in the browser; return the path of its page, which is
    open.
    """
    person.visit("/groups/new")
    fill(person, Name=name)
    press(person, "Create group")
    expect_heading(person, name)
    return path_of(person.page)


def come_into(person: Person, group: str) -> None:
    """Join on the group's page."""
    person.visit(group)
    press(person, "Join group")
    expect(person.page.get_by_role("button", name="Membership options")).to_be_visible()


def announce_event(person: Person, group: str, title: str, seats: int) -> str:
    """Publish an event of the group in a week in the browser; return the path of its page, which is
    open.
    """
    person.visit(group)
    person.page.get_by_role("link", name="Create event").first.click()
    expect_heading(person, "Create event")
    starts, ends = in_a_week()
    open_options(person)
    fill(person, Title=title, Starts=wall(starts), Ends=wall(ends), Seats=str(seats))
    press(person, "Publish")
    expect_heading(person, title)
    return path_of(person.page)


def open_options(person: Person) -> None:
    """Open the section of optional settings in the form."""
    person.page.get_by_text("More options").click()


def in_a_week() -> tuple[datetime, datetime]:
    """Return the start and end of two hours in an evening a week from now."""
    starts = datetime.now(UTC).replace(hour=18, minute=0) + timedelta(days=7)
    return starts, starts + timedelta(hours=2)


def wall(moment: datetime) -> str:
    """Return a time in the format of a field for date and time."""
    return moment.strftime("%Y-%m-%dT%H:%M")


def path_of(page: Page) -> str:
    """Return the path of a page, without host and query."""
    return urlsplit(page.url).path


@contextmanager
def unmoved(page: Page) -> Iterator[None]:
    """Check that the page is neither reloaded nor left in the block."""
    loads: list[
        Page
    ] = []  # htmx updates the history state at its first request, which isn't a navigation
    page.wait_for_load_state("domcontentloaded")  # the previous page may have led here just now
    where = page.url

    def note(loaded: Page) -> None:
        loads.append(loaded)

    page.on("domcontentloaded", note)
    yield
    page.remove_listener("domcontentloaded", note)
    assert (loads, page.url) == ([], where)


def see(person: Person, what: Locator) -> None:
    """Expect to see it: without a click if scripts run, otherwise after reloading."""
    if person.javascript:
        with unmoved(person.page):
            expect(what).to_be_visible()
    else:
        person.page.reload()
        expect(what).to_be_visible()


def see_in_time(person: Person, what: Locator) -> None:
    """Expect to see it, reloading the page until the site has done it in the background."""
    for _try in range(60):
        if what.is_visible():
            break
        person.page.wait_for_timeout(500)
        person.page.reload()
    expect(what).to_be_visible()


def answer(person: Person, event: str, words: str) -> None:
    """Give this answer on the event's page, and expect to stay there."""
    if path_of(person.page) != event:
        person.visit(event)
    person.page.get_by_role("radiogroup", name="Your answer").get_by_label(
        words, exact=True
    ).check()
    person.page.locator("#rsvp-send").click()


def status(person: Person, words: str) -> Locator:
    """Return where the page of an event shows this status of their answer.

    The whole text must match, because the message that follows a change may contain the same words.
    """
    return person.page.get_by_role("status").get_by_text(words, exact=True)


def open_vote(person: Person, group: str, question: str, options: tuple[str, ...]) -> str:
    """Open a vote in the group for a week; return the path of its page."""
    person.visit(group)
    person.page.get_by_role("link", name="Create vote").click()
    expect_heading(person, "Create vote")
    fill(person, Question=question, Options="\n".join(options))
    press(person, "Create vote")
    expect_heading(person, question)
    return path_of(person.page)


def cast(person: Person, vote: str, option: str) -> None:
    """Cast a first ballot, and expect to stay on the vote's page."""
    person.visit(vote)
    choose(person, option, "Cast ballot")


def change_ballot(person: Person, vote: str, option: str) -> None:
    """Change the ballot, and expect to stay on the vote's page."""
    person.visit(vote)
    person.page.get_by_text("Change ballot").first.click()
    choose(person, option, "Change ballot")


def choose(person: Person, option: str, button: str) -> None:
    """Choose this option on the ballot and submit it."""
    ballot = person.page.get_by_role("region", name="Your ballot")
    ballot.get_by_role("radio", name=option).check()
    press(person, button, within=ballot)
    expect(ballot.get_by_role("heading", name="You’ve voted")).to_be_visible()
    expect(ballot.get_by_role("paragraph").filter(has_text=option).first).to_be_visible()


def see_result(person: Person, option: str, ballots: int, share: int) -> None:
    """Expect to see the option's number of ballots and its bar, without a click or after reloading.

    `share` is rounded down to whole percent. The bar is rounded to a tenth, and never exceeds the
    whole.
    """
    words = re.compile(rf"^\s*{re.escape(option)}\s*{ballots}\s*{share}\s*%\s*$")
    line = (
        person.page.get_by_role("region", name=re.compile("^Result"))
        .get_by_role("listitem")
        .filter(has_text=words)
    )
    see(person, line)
    drawn = r"100(\.0)?" if share == 100 else rf"{share}(\.\d)?"
    expect(line.locator("rect")).to_have_attribute("width", re.compile(f"^{drawn}%$"))
