"""What people do on the site, as sentences. Everything is found by its role and its label, as a
screen reader finds it.

What must be so before a journey begins is done by forms that no browser draws
(`become_a_member_of_the_site`, `make_group`, `join`, `publish_event`): the main journey does it all
with its own hands."""

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
    """They have pressed the button of this name; what it does may still be under way."""
    (within or main_of(person)).get_by_role("button", name=name).click()


def want_everything_at_once(person: Person) -> None:
    """New events and results reach them by email, not in the digest."""
    forms.send(person, "/account/notifications", preset="everything")


def main_of(person: Person) -> Locator:
    """The page below its header."""
    return person.page.get_by_role("main")


def fill(person: Person, **texts: str) -> None:
    """The fields whose labels begin with these words (underscores are spaces or hyphens) hold
    these texts.
    """
    for words, text in texts.items():
        main_of(person).get_by_label(re.compile("^" + words.replace("_", "[ -]"))).fill(text)


def expect_heading(person: Person, words: str | re.Pattern[str]) -> None:
    """Their page is the one of this name."""
    expect(person.page.get_by_role("heading", level=1)).to_have_text(words)


def sign_up(person: Person, path: str = "/sign-up") -> None:
    """They have filled in the form and are told to look into their email."""
    person.visit(path)
    fill(
        person,
        First_name=person.first_name,
        Last_name=person.last_name,
        Handle=person.handle,
        Email_address=person.email,
    )
    fill(person, **{"Password$": PASSWORD, "Repeat_password": PASSWORD})
    person.page.get_by_role("checkbox").check()
    press(person, "Create account")
    expect_heading(person, "Check your inbox")


def follow_emailed_link(person: Person) -> None:
    """In another browser, or before an admin has approved them, they confirmed their address, and
    are asked to sign in.
    """
    confirm(person)
    expect_heading(person, "Sign in")


def confirm(person: Person) -> None:
    """The email came, they opened the link in it and confirmed their address."""
    person.visit(emailed_path(person))
    press(person, "Confirm email address")


def emailed_path(person: Person) -> str:
    """Where the email leads that asks whether the address is theirs."""
    link = link_in(
        person.site.mailbox.await_email(person.email, containing="Confirm"), "/verification/"
    )
    assert link.startswith(person.site.url)
    return urlsplit(link).path


def sign_in(person: Person, path: str = "/", password: str = PASSWORD) -> None:
    """They are signed in, and on the page of this path."""
    person.visit(f"/sign-in?next={path}")
    fill(person, Email_address_or_handle=person.handle, Password=password)
    press(person, "Sign in")
    person.page.wait_for_url(f"**{path}")
    expect(account_menu(person)).to_be_visible()


def account_menu(person: Person) -> Locator:
    """The button that opens their account menu."""
    return person.page.get_by_role("button", name=re.compile("^Account menu"))


def become_a_member_of_the_site(person: Person) -> None:
    """Signed up, confirmed by email, and so signed in; they have just given their password, and not
    looked at a page yet.
    """
    names = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "handle": person.handle,
        "email": person.email,
    }
    secret = {"password": PASSWORD, "password_again": PASSWORD}
    zone = "Europe/Lisbon" if person.javascript else ""  # a script guesses it
    forms.send(person, "/sign-up", affirmed="y", zone=zone, **names, **secret)
    forms.send(person, emailed_path(person), "Confirm email address")
    forms.send(person, "/account/reauthentication", password=PASSWORD)


def make_group(person: Person, name: str) -> str:
    """There is an open group of this name, which they own; the path of its page."""
    return forms.send(person, "/groups/new", name=name)


def join(person: Person, group: str) -> None:
    """They are a member."""
    forms.send(person, group, "Join group")


def publish_event(person: Person, group: str, title: str, seats: int) -> str:
    """There is a published event of the group in a week's time; the path of its page."""
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
    """Signed up and confirmed by email: page by page."""
    sign_up(person)
    confirm(person)
    expect(account_menu(person)).to_be_visible()


def start_a_group(person: Person, name: str) -> str:
    """There is an open group of this name, which they own; the path of its page, on which they
    are.
    """
    person.visit("/groups/new")
    fill(person, Name=name)
    press(person, "Create group")
    expect_heading(person, name)
    return path_of(person.page)


def come_into(person: Person, group: str) -> None:
    """They have become a member on the group's page."""
    person.visit(group)
    press(person, "Join group")
    expect(person.page.get_by_role("button", name="Membership options")).to_be_visible()


def announce_event(person: Person, group: str, title: str, seats: int) -> str:
    """There is a published event of the group in a week's time; the path of its page, on which
    they are.
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
    """The settings of the form are open that most people leave as they are."""
    person.page.get_by_text("More options").click()


def in_a_week() -> tuple[datetime, datetime]:
    """Two hours of an evening."""
    starts = datetime.now(UTC).replace(hour=18, minute=0) + timedelta(days=7)
    return starts, starts + timedelta(hours=2)


def wall(moment: datetime) -> str:
    """A moment as a field for date and time takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M")


def path_of(page: Page) -> str:
    """Where a page stands, without host and query."""
    return urlsplit(page.url).path


@contextmanager
def unmoved(page: Page) -> Iterator[None]:
    """Inside, the page is neither reloaded nor left."""
    loads: list[
        Page
    ] = []  # htmx notes where it is in the history at its first request, which is no move
    page.wait_for_load_state("domcontentloaded")  # the page before may have led here just now
    where = page.url

    def note(loaded: Page) -> None:
        loads.append(loaded)

    page.on("domcontentloaded", note)
    yield
    page.remove_listener("domcontentloaded", note)
    assert (loads, page.url) == ([], where)


def see(person: Person, what: Locator) -> None:
    """They see it: without a click where scripts run, else by reloading."""
    if person.javascript:
        with unmoved(person.page):
            expect(what).to_be_visible()
    else:
        person.page.reload()
        expect(what).to_be_visible()


def see_in_time(person: Person, what: Locator) -> None:
    """They see it once the site has done it beside their page, which is not told of it: they
    load it again.
    """
    for _try in range(60):
        if what.is_visible():
            break
        person.page.wait_for_timeout(500)
        person.page.reload()
    expect(what).to_be_visible()


def answer(person: Person, event: str, words: str) -> None:
    """They have given this answer on the event's page, and stay there."""
    if path_of(person.page) != event:
        person.visit(event)
    person.page.get_by_role("radiogroup", name="Your answer").get_by_label(
        words, exact=True
    ).check()
    person.page.locator("#rsvp-send").click()


def status(person: Person, words: str) -> Locator:
    """Where the page of an event says this about their answer.

    The message that follows a change may hold the same words among others, hence the whole text.
    """
    return person.page.get_by_role("status").get_by_text(words, exact=True)


def open_vote(person: Person, group: str, question: str, options: tuple[str, ...]) -> str:
    """The group is asked, from now on and for a week; the path of the vote's page."""
    person.visit(group)
    person.page.get_by_role("link", name="Create vote").click()
    expect_heading(person, "Create vote")
    fill(person, Question=question, Options="\n".join(options))
    press(person, "Create vote")
    expect_heading(person, question)
    return path_of(person.page)


def cast(person: Person, vote: str, option: str) -> None:
    """Their first ballot is in, and they stay on the vote's page."""
    person.visit(vote)
    choose(person, option, "Cast ballot")


def change_ballot(person: Person, vote: str, option: str) -> None:
    """Their ballot is another one, and they stay on the vote's page."""
    person.visit(vote)
    person.page.get_by_text("Change ballot").first.click()
    choose(person, option, "Change ballot")


def choose(person: Person, option: str, button: str) -> None:
    """The ballot that is in names this option."""
    ballot = person.page.get_by_role("region", name="Your ballot")
    ballot.get_by_role("radio", name=option).check()
    press(person, button, within=ballot)
    expect(ballot.get_by_role("heading", name="You’ve voted")).to_be_visible()
    expect(ballot.get_by_role("paragraph").filter(has_text=option).first).to_be_visible()


def see_result(person: Person, option: str, ballots: int, share: int) -> None:
    """They see how many ballots name the option, as a number and as a bar: without a click, or by
    reloading.

    `share` is cut to whole percent, the bar is drawn to a tenth, and never beyond the whole.
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
