"""Unsubscribing from a real email, and undoing it: as a person without scripts, and as a
provider.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from . import steps
from .mailboxes import text_of

pytestmark = pytest.mark.browser


def test_emails_can_be_stopped_with_one_press_and_turned_on_again(site, people):
    ana, ben = people(site, "Ana Souza"), people(site, "Ben Okafor")
    for person in (ana, ben):
        steps.become_a_member_of_the_site(person)
    group = steps.make_group(ana, f"Mills of {ana.handle}")
    steps.join(ben, group)
    steps.want_everything_at_once(ben)
    title = f"Turning the wheel with {ana.handle}"
    steps.publish_event(ana, group, f"{title}, one", seats=5)
    email = site.mailbox.await_email(ben.email, containing=f"{title}, one")
    way_out = email["List-Unsubscribe"].strip("<>")
    assert way_out.startswith(site.url)

    answer = people(site, "A provider").context.request.post(
        way_out, form={"List-Unsubscribe": "One-Click"}, max_redirects=0
    )
    assert answer.status == 200
    assert "set-cookie" not in answer.headers
    steps.publish_event(ana, group, f"{title}, two", seats=5)
    ben.visit("/inbox")
    expect(ben.page.get_by_role("link", name=f"{title}, two")).to_be_visible()

    someone = people(site, "Someone with the mail", javascript=False)
    someone.visit(urlsplit(way_out).path)
    steps.press(someone, "Unsubscribe")
    steps.expect_heading(someone, "You’re unsubscribed")
    steps.press(someone, "Undo")
    steps.expect_heading(someone, "You’re subscribed again")
    assert someone.context.cookies() == []
    steps.publish_event(ana, group, f"{title}, three", seats=5)
    site.mailbox.await_email(ben.email, containing=f"{title}, three")

    texts = [text_of(one) for one in site.mailbox.emails() if str(one["To"]) == ben.email]
    told = [found[1] for text in texts if (found := re.search(rf"{title}, (\w+)", text))]
    assert told == ["one", "three"]
    assert [person.complaints for person in (ana, ben, someone)] == [[], [], []]


def test_preferences_chosen_without_scripts_are_saved(small_site, people):
    ben = people(small_site, "Ben Okafor", javascript=False)
    steps.become_a_member_of_the_site(ben)
    ben.visit("/account")
    ben.page.get_by_role("navigation", name="Your account").get_by_role(
        "link", name="Notifications"
    ).click()
    main = ben.page.get_by_role("main")
    expect(main.get_by_role("radio", name="Important")).to_be_checked()
    main.get_by_role("radio", name="Digest only").check()
    main.locator("summary", has_text="Votes").click()
    opens = main.get_by_label("A vote you can take part in opens")
    expect(opens).to_have_value("now")
    opens.select_option("Off")
    steps.press(ben, "Save")

    expect(
        ben.page.get_by_role("status").get_by_text("Notification settings saved.")
    ).to_be_visible()
    expect(main.get_by_role("radio", name="Custom")).to_be_checked()
    expect(main.get_by_text("“Digest only” with 1 change")).to_be_visible()
    main.locator("summary", has_text="Votes").click()
    expect(opens).to_have_value("off")
    main.locator("summary", has_text="Events").click()
    expect(main.get_by_label("One of your groups has a new event")).to_have_value("daily")
    assert ben.complaints == []
