"""Announcements from hosts: previewed, sent once, and only to selected people who want them."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests import factories
from tests.attendance.checking_in import MAIL, guest
from tests.events.change_notices import tell_everyone
from webapp.accounts import blocks
from webapp.accounts.models import BLOCK, MUTE
from webapp.attendance import messages, rsvps
from webapp.attendance.attendee_filter import AttendeeFilter
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.jobs import queue
from webapp.events import moderation, planning
from webapp.events.models import DRAFT, EventNotice, Rsvp
from webapp.notifications import preferences
from webapp.notifications.models import OFF, Notification

SUBJECT = "Bring boots: Eel count"
WORDS = {"subject": "Bring boots", "body": "It is **wet**."}


@pytest.fixture
def event(context, ana, ben, cem):
    event = factories.event(ana, max_plus_ones=2, title="Eel count")
    rsvps.answer(event, by=ben, party=2)
    rsvps.answer(event, by=cem, state="maybe")
    db.session.commit()
    return event


def notified():
    query = sa.select(Notification.user_id).where(Notification.kind == "event.written")
    return set(db.session.scalars(query))


def send(event, by, *tabs, only="", **more):
    row = messages.announce(
        event,
        by=by,
        recipients=AttendeeFilter(tabs or ("going", "maybe", "waitlist"), only),
        **WORDS,
        **more,
    )
    db.session.commit()
    return row


@pytest.mark.parametrize(
    ("tabs", "only", "who"),
    [
        (("going",), "", "ben"),
        (("maybe",), "", "cem"),
        ((), "companions", "ben"),
        ((), "", "ben cem"),
    ],
)
def test_announcements_reach_all_or_the_selected_attendees(event, ana, ben, cem, tabs, only, who):
    row = send(event, ana, *tabs, only=only)
    tell_everyone()

    people = {"ben": ben.id, "cem": cem.id}
    assert notified() == {people[name] for name in who.split()}
    assert (row.notified, row.total) == (len(who.split()),) * 2


def test_guests_get_announcements_by_email_and_can_be_selected_alone(event, ana, emails):
    guest(event)
    emails()
    send(event, ana, only="guests")

    (email,) = [email for email in emails() if email["Subject"] == SUBJECT]
    assert email["To"] == MAIL
    assert notified() == set()


@pytest.mark.any_database
def test_guests_unsubscribe_in_one_click_and_keep_their_answer(event, ana, emails, visitor):
    gil = guest(event)
    emails()
    send(event, ana, only="guests")
    way_out = urlsplit(
        [email for email in emails() if email["Subject"] == SUBJECT][0]["List-Unsubscribe"].strip(
            "<>"
        )
    ).path

    assert visitor.get(way_out).status_code == 200
    assert visitor.post(way_out, {}, csrf=False).status_code == 400
    assert (
        visitor.post(
            way_out[:-12] + "x/silence", {"List-Unsubscribe": "One-Click"}, csrf=False
        ).status_code
        == 404
    )
    assert visitor.post(way_out, {"List-Unsubscribe": "One-Click"}, csrf=False).status_code == 200
    db.session.rollback()
    assert "Your answer hasn’t changed." in visitor.text
    send(event, ana, only="guests")
    planning.cancel(event, by=ana, reason="Ice")
    db.session.commit()

    found = [email["Subject"] for email in emails() if email["To"] == MAIL]
    assert (found.count(SUBJECT), found.count("Cancelled: Eel count")) == (1, 1)
    assert rsvps.of(event, gil).state == "going"


def test_later_answers_do_not_get_the_announcement(event, ana, dia):
    send(event, ana)
    rsvps.answer(event, by=dia)
    tell_everyone()

    assert dia.id not in notified()


@pytest.mark.parametrize("replies_to_sender", [True, False])
def test_the_announcement_email_replies_to_the_chosen_address(
    event, ana, ben, emails, replies_to_sender
):
    emails()
    send(event, ana, "going", replies_to_sender=replies_to_sender)

    (email,) = [email for email in emails() if email["Subject"] == SUBJECT]
    assert email["To"] == ben.email
    assert email["Reply-To"] == (ana.email if replies_to_sender else None)
    assert "<strong>wet</strong>" in email.get_body(("html",)).get_content()
    assert "Ana Souza, a host, wrote to you" in email.get_body(("plain",)).get_content()
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("far", [MUTE, BLOCK, OFF])
def test_announcements_silently_skip_people_who_do_not_want_them(event, ana, ben, cem, far):
    if far == OFF:
        preferences.choose(ben, {"event.written": OFF})
    else:
        blocks.block_or_mute(ben, ana, far)
    row = send(event, ana)
    tell_everyone()

    assert notified() == {cem.id}
    assert (row.notified, row.total) == (2, 2)


def test_announcements_need_recipients_and_a_visible_event(event, ana, dia):
    with pytest.raises(UserError, match="No one matches"):
        send(event, ana, "waitlist")
    with pytest.raises(UserError, match="No one matches"):
        send(factories.event(ana, state=DRAFT), ana)
    moderation.hide(event, dia)
    with pytest.raises(UserError, match="Moderators have hidden"):
        send(event, ana)


def test_hiding_the_event_stops_an_announcement_in_progress(event, ana, dia):
    send(event, ana)
    moderation.hide(event, dia)
    tell_everyone()

    assert notified() == set()


@pytest.mark.any_database
def test_a_host_previews_an_announcement_and_sends_it_once(app, browser, event, ana):
    page = browser(ana)
    page.get(f"{event.path}/manage/messages/new?tab=going")
    page.submit("/messages/new", **WORDS)
    assert page.page.select_one(".prose strong").get_text() == "wet"
    assert "Send to 1 person" in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EventNotice)) == 0
    db.session.rollback()

    form = page.page.find("form", action=f"{event.path}/manage/messages")
    page.submit("/manage/messages")
    assert "Message sent to 1 person." in page.text
    assert page.page.progress["max"] == "1"
    fields = {
        field["name"]: field.get("value") or field.get_text()
        for field in form.find_all(["input", "textarea"])
    }
    page.post(form["action"], {**fields, "body": "It is **wet**."})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(EventNotice)) == 1
    db.session.rollback()
    queue.drain(app, raising=True)
    page.get(f"{event.path}/manage/messages")
    assert "Sent to 1 person" in page.text


@pytest.mark.any_database
def test_an_invalid_announcement_keeps_its_text(browser, event, ana):
    page = browser(ana)
    page.get(f"{event.path}/manage/messages/new")
    page.submit("/messages/new", subject="", body="Long words")

    assert page.answer.status_code == 422
    assert "Enter a subject." in page.text
    assert "Long words" in page.answer.text


def test_sending_takes_the_same_statements_for_three_and_thirty(ana, statements_of):
    def of(number):
        event = factories.event(ana)
        with factories.together():
            people = [factories.user() for _ in range(number)]
            db.session.add_all(
                [Rsvp(event_id=event.id, user_id=person.id, state="going") for person in people]
            )
        return statements_of(
            lambda: messages.announce(event, by=ana, recipients=AttendeeFilter(("going",)), **WORDS)
        )

    assert of(3) == of(30)
