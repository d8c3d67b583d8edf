"""Writing to an event's hosts."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance.checking_in import MAIL, guest, path
from webapp.attendance import guests, messages
from webapp.attendance.models import HostMessage
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.events.models import EventHost
from webapp.groups import memberships
from webapp.notifications.models import Notification


def written_to(browser, event, by, body="Is there a ramp?\n\nI come *on wheels*."):
    tab = browser(by)
    tab.get(f"/events/{event.slug}")
    assert tab.page.find("a", string="Message the hosts")
    tab.get(f"/events/{event.slug}/message")
    tab.submit("/message", body=body)
    db.session.rollback()
    return tab


def test_every_host_gets_the_message_and_can_reply(browser, emails, ana, ben, cem):
    event = factories.event(ana, title="Seed swap")
    db.session.add(EventHost(event_id=event.id, user_id=ben.id))
    db.session.commit()

    tab = written_to(browser, event, cem)

    assert "Message sent. The hosts can reply by email." in tab.text
    sent = emails()
    assert sorted(email["To"] for email in sent) == sorted([ana.email, ben.email])
    for email in sent:
        assert email["Subject"] == "Message to the hosts: Seed swap"
        assert email["Reply-To"] == cem.email
        assert "Is there a ramp?" in email.get_body(("plain",)).get_content()
        assert "<em>on wheels</em>" in email.get_body(("html",)).get_content()
    lines = db.session.execute(sa.select(Notification.user_id, Notification.label)).all()
    assert {user_id for user_id, _ in lines} == {ana.id, ben.id}
    assert all("ramp" not in label for _, label in lines)


def test_an_empty_message_is_refused(browser, emails, ana, cem):
    event = factories.event(ana)

    tab = written_to(browser, event, cem, body="   ")

    assert tab.answer.status_code == 422
    assert "Write a message first." in tab.text
    assert emails() == []


def test_message_text_is_escaped(browser, emails, ana, cem):
    event = factories.event(ana, title="Seed\r\nBcc: everyone@example.org")

    written_to(browser, event, cem, body="<script>alert(1)</script>")

    (email,) = emails()
    assert email["Bcc"] is None
    assert "<script>" not in email.get_body(("html",)).get_content()


def test_hosts_cannot_message_themselves_and_visitors_sign_in_first(browser, visitor, ana):
    event = factories.event(ana)

    assert browser(ana).get(f"/events/{event.slug}/message").status_code == 403
    assert (
        visitor.get(f"/events/{event.slug}/message")
        .headers["Location"]
        .startswith("/sign-in?next=")
    )


def test_messages_are_limited_to_five_an_hour(browser, ana, cem):
    event = factories.event(ana)
    tab = browser(cem)
    statuses = [
        tab.post(f"/events/{event.slug}/message", {"body": f"Message {n}"}).status_code
        for n in range(6)
    ]

    assert statuses == [303] * 5 + [429]


def test_a_message_without_an_active_host_is_refused(ana, cem):
    event = factories.event(ana)
    ana.deactivated_at = clock.now()

    with pytest.raises(UserError, match="can be messaged"):
        messages.write_to_hosts(event, cem, "Hello?")


def test_owners_who_left_the_group_get_no_messages(browser, emails, ana, ben, cem):
    group = factories.group(ben, ana)
    event = factories.event(ana, group)
    memberships.leave(group, by=ana)
    db.session.commit()

    tab = written_to(browser, event, cem)

    assert [email["To"] for email in emails()] == [ben.email]
    tab.get(f"/events/{event.slug}/message")
    assert "Ben Okafor will read it." in tab.text


def test_a_pending_message_does_not_reach_a_host_who_just_left(browser, emails, ana, ben, cem):
    group = factories.group(ben, ana)
    event = factories.event(ana, group)
    written_to(browser, event, cem)

    memberships.leave(group, by=ana)
    db.session.commit()

    assert written(emails) == []


def test_a_message_form_sent_twice_sends_one_message(ana, ben, browser, emails):
    event = factories.event(ana)
    page = browser(ben)
    page.get(f"{event.path}/message")
    form = {
        field["name"]: field.get("value", "") for field in page.page.select("main form [name]")
    } | {"body": "May I bring a dog?"}
    for _ in range(2):
        assert page.post(f"{event.path}/message", form).status_code == 303
    assert len([email for email in emails() if email["To"] == ana.email]) == 1


# Guests


def written(emails):
    """Return the emails to hosts among all that were sent."""
    return [email for email in emails() if "Message to the hosts" in email["Subject"]]


def test_a_guest_writes_to_hosts_who_reply_to_their_address(visitor, emails, ana):
    event = factories.event(ana, title="Seed swap")
    gil = guest(event)
    visitor.get(path(gil))
    visitor.get(visitor.page.find("a", string="Message the hosts")["href"])
    assert "Ana Souza will read it." in visitor.text
    visitor.submit("/message", body="Is there a ramp?")

    assert "Message sent. The hosts can reply by email." in visitor.text
    assert visitor.page.h1.get_text() == "Seed swap"
    [email] = written(emails)
    assert (email["To"], email["Reply-To"], email["Subject"]) == (
        ana.email,
        MAIL,
        "Message to the hosts: Seed swap",
    )
    assert (
        db.session.scalar(sa.select(Notification.label)) == "Gil wrote to the hosts. Check your "
        "email."
    )


def test_invalid_guest_links_and_hidden_events_send_no_message(visitor, emails, ana):
    event = factories.event(ana, factories.group(ana))
    gil = guest(event)
    way = path(gil)
    gil.renew_nonce()
    event.hidden_at = clock.now()
    db.session.commit()

    for url, words in (
        (way, "This link doesn’t work"),
        (path(gil), "You can’t see this event right now"),
    ):
        visitor.get(f"{url}/message")
        assert (visitor.answer.status_code, words in visitor.text) == (404, True)
    assert db.session.scalar(sa.select(sa.func.count(HostMessage.id))) == 0


def test_guests_whose_address_has_an_account_must_sign_in_to_write(ana, ben):
    event = factories.event(ana)
    gil = guest(event)
    gil.email = ben.email

    with pytest.raises(UserError, match="Sign in to send a message"):
        messages.write_to_hosts(event, gil, "Hello?")


def test_messages_are_limited_to_five_an_hour_per_guest_link(visitor, ana):
    event = factories.event(ana)
    ways = [path(guest(event)), path(guest(event, "Kim", "kim@example.org"))]
    statuses = [
        visitor.post(f"{ways[0]}/message", {"body": f"Message {n}"}).status_code for n in range(6)
    ]

    assert statuses == [303] * 5 + [429]
    assert visitor.post(f"{ways[1]}/message", {"body": "Me too"}).status_code == 303


def test_guest_messages_are_deleted_with_the_guest_or_move_to_the_account(emails, ana, ben):
    event = factories.event(ana)
    gil, kim = guest(event), guest(event, "Kim", "kim@example.org")
    for one in (gil, kim):
        messages.write_to_hosts(event, one, f"From {one.name}")
    guests.forget(gil)
    kim.email = ben.email
    guests.take_over(ben)
    db.session.commit()

    assert [row.who.name for row in db.session.scalars(sa.select(HostMessage))] == [ben.name]
    assert [email["Reply-To"] for email in written(emails)] == [ben.email]
