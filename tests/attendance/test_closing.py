"""An event or its group closes to outsiders: they lose their seats, and members move up."""

import threading

import icalendar
import pytest
import sqlalchemy as sa

from tests import factories
from tests.events import counted
from tests.events.plans import fields, plan
from tests.groups.racing import at_once, waiting_for_each_other
from webapp.accounts.models import User
from webapp.attendance import leaving, rsvps
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.text.search import search_text_of
from webapp.events import access, planning, reads
from webapp.events.models import (
    EVERYONE,
    GOING,
    GROUP,
    LINK,
    MAYBE,
    NOT_GOING,
    WAITING,
    Event,
    EventHost,
)
from webapp.groups import groups
from webapp.groups.models import APPROVE, CLOSED, INVITE, JOIN, OPEN, SECRET, Group
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")
NO_LONGER_COUNTS = "Now for members only: Night swim"
WAYS = {OPEN: JOIN, CLOSED: APPROVE, SECRET: INVITE}


@pytest.fixture
def group(ana, ben):
    return factories.group(ana, ben, name="Lake Riders", slug="lake")


def close(group, by, visibility=CLOSED):
    values = {
        "name": group.name,
        "summary": "",
        "description": "",
        "welcome": "",
        "venue": "",
        "zone": "UTC",
    }
    values |= {"visibility": visibility, "join_policy": WAYS[visibility], "categories": []}
    groups.edit(group, by, group.version, **values)
    db.session.commit()


def narrow(event, by, audience=GROUP, tell=True, **values):
    planning.update(
        event,
        plan(title=event.title, audience=audience, **values),
        by,
        event.version,
        tell_people=tell,
    )
    db.session.commit()


def states(event, *people):
    return [rsvps.of(event, person).state for person in people]


def notified(user):
    return list(
        db.session.scalars(sa.select(Notification.kind).where(Notification.user_id == user.id))
    )


CLOSINGS = {
    "the event": lambda group, event, by: narrow(event, by, capacity=event.capacity, tell=False),
    "the group": lambda group, event, by: close(group, by),
    "the group, secretly": lambda group, event, by: close(group, by, SECRET),
}


@pytest.mark.parametrize("what", CLOSINGS)
def test_closing_removes_outsiders_and_promotes_waiting_members(
    what, group, ana, ben, cem, dia, browser
):
    event = factories.event(ana, group, capacity=1)
    rsvps.answer(event, by=cem)
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=dia, state=MAYBE)
    db.session.commit()
    assert states(event, cem, ben) == [GOING, WAITING]
    assert access.may_watch(cem, str(event.id))

    CLOSINGS[what](group, event, ana)

    assert states(event, cem, ben, dia) == [NOT_GOING, GOING, NOT_GOING]
    assert counted(event)
    assert (notified(cem), notified(dia), notified(ben)) == (
        ["rsvp.released"],
        ["rsvp.released"],
        ["rsvp.promoted"],
    )
    assert not access.may_watch(cem, str(event.id))
    page = browser(cem)
    assert page.get(event.path).status_code == 404
    for path in ("/", "/events", f"/events?words={event.title}"):
        assert event.path not in page.get(path).text


def test_removed_outsiders_are_told_why_and_their_calendar_is_updated(group, ana, cem, emails):
    event = factories.event(
        ana, group, title="Night swim", description="At the **secret** jetty", venue="Jetty 4"
    )
    rsvps.answer(event, by=cem)
    db.session.commit()
    emails()
    close(group, ana)

    email = emails()[-1]

    assert email["Subject"] == f"{NO_LONGER_COUNTS} (Lake Riders)"
    text = email.get_body(("plain",)).get_content()
    assert "now for group members only" in text
    assert "Join Lake Riders to answer again" in text
    [file] = [
        part for part in email.iter_attachments() if part.get_content_type() == "text/calendar"
    ]
    [entry] = icalendar.Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert (entry["STATUS"], entry["SUMMARY"]) == ("CANCELLED", "Night swim")
    assert not {"DESCRIPTION", "LOCATION", "URL"} & set(entry)


def test_emails_about_a_group_that_became_secret_do_not_name_it(group, ana, cem, emails):
    event = factories.event(ana, group, title="Night swim")
    rsvps.answer(event, by=cem)
    db.session.commit()
    emails()
    close(group, ana, SECRET)

    email = emails()[-1]
    line = db.session.scalar(sa.select(Notification).where(Notification.user_id == cem.id))

    assert email["Subject"] == NO_LONGER_COUNTS
    assert "lake" not in email.as_string().lower()
    assert (line.url, "Lake" in line.label) == ("/events", False)


def test_the_removal_email_is_dropped_if_access_returns(group, ana, cem, emails):
    event = factories.event(ana, group)
    rsvps.answer(event, by=cem)
    db.session.commit()
    emails()
    close(group, ana)
    close(group, ana, OPEN)

    assert [email["Subject"] for email in emails() if "members only" in email["Subject"]] == []


def test_changes_that_do_not_narrow_access_remove_no_one(group, ana, cem):
    listed, linked, past = (
        factories.event(ana, group),
        factories.event(ana, group),
        factories.event(ana, group),
    )
    for event in (listed, linked, past):
        rsvps.answer(event, by=cem)
    db.session.commit()

    narrow(linked, ana, LINK)
    narrow(listed, ana, EVERYONE)

    assert states(listed, cem) + states(linked, cem) == [GOING, GOING]


def test_named_outside_hosts_keep_their_seats(group, ana, cem):
    event = factories.event(ana, group)
    db.session.add(EventHost(event_id=event.id, user_id=cem.id))
    rsvps.answer(event, by=cem)
    db.session.commit()

    close(group, ana, SECRET)

    assert states(event, cem) == [GOING]
    assert notified(cem) == []


def test_outsiders_cannot_answer_after_the_closing(group, ana, cem):
    event = factories.event(ana, group)
    close(group, ana)

    with pytest.raises(Conflict, match="isn’t open to you"):
        rsvps.answer(event, by=cem)


def test_hosts_are_told_beforehand_how_many_lose_their_seats(group, ana, ben, cem, browser):
    event = factories.event(ana, group)
    for person in (ana, ben):
        rsvps.answer(event, by=person)
    db.session.commit()
    page = browser(ana)
    for path in (f"{event.path}/edit", "/groups/lake/edit"):
        assert "lose their seats" not in page.get(path).text

    rsvps.answer(event, by=cem)
    db.session.commit()

    assert "1 person from outside the group has answered" in page.get(f"{event.path}/edit").text
    assert "they’ll lose their seats, and we’ll tell them" in page.text
    assert "1 non-member has answered an upcoming event" in page.get("/groups/lake/edit").text
    assert reads.outsiders_of(event) == reads.outsiders_at(group) == 1


def test_closing_in_the_edit_form_removes_outsiders(group, ana, cem, browser):
    event = factories.event(ana, group)
    rsvps.answer(event, by=cem)
    db.session.commit()
    page = browser(ana)
    page.get(f"{event.path}/edit")
    page.submit("/edit", **fields(audience="group"))

    assert states(event, cem) == [NOT_GOING]
    assert notified(cem) == ["rsvp.released"]


def ids_of(*rows):
    found = [row.id for row in rows]
    db.session.remove()
    return found


def answering(event_id, user_id):
    return lambda: rsvps.answer(db.session.get(Event, event_id), by=db.session.get(User, user_id))


def closing(group_id, user_id):
    def act():
        group = db.session.get(Group, group_id)
        close(group, db.session.get(User, user_id))

    return act


@pytest.fixture
def meeting(monkeypatch):
    """Make the person who answers, after being let in, and the person who closes the event, after
    reading the answers, wait for each other, unless a lock holds them.
    """
    both = threading.Barrier(2)

    monkeypatch.setattr(
        rsvps, "_refuse_outsider", waiting_for_each_other(rsvps._refuse_outsider, both)
    )
    monkeypatch.setattr(leaving, "_withdraw", waiting_for_each_other(leaving._withdraw, both))


def test_an_answer_given_during_the_closing_is_withdrawn(app, group, ana, cem, meeting):
    event = factories.event(ana, group)
    event_id, group_id, ana_id, cem_id = ids_of(event, group, ana, cem)

    at_once(app, [answering(event_id, cem_id), closing(group_id, ana_id)])

    row = rsvps.of(db.session.get(Event, event_id), db.session.get(User, cem_id))
    assert row is None or row.state == NOT_GOING


def test_control_without_the_locks_a_stranger_keeps_a_seat(
    app, group, ana, cem, meeting, monkeypatch
):
    event = factories.event(ana, group)
    event_id, group_id, ana_id, cem_id = ids_of(event, group, ana, cem)
    monkeypatch.setattr(rsvps, "locked", lambda model, id: db.session.get(model, id))
    unlocked = lambda *which: db.session.scalars(sa.select(Event).where(*which)).all()  # noqa: E731
    monkeypatch.setattr(leaving, "locked_in_order", unlocked)

    outcomes = at_once(app, [answering(event_id, cem_id), closing(group_id, ana_id)], unlocked=True)

    row = rsvps.of(db.session.get(Event, event_id), db.session.get(User, cem_id))
    assert outcomes != ["done", "done"] or row.state == GOING


def test_renaming_the_group_updates_the_search_of_its_events(group, ana, browser, monkeypatch):
    event = factories.event(ana, group, title="Night swim")
    alone = factories.event(ana, title="Another")
    values = {
        "name": "Öresund Swimmers",
        "summary": "",
        "description": "",
        "welcome": "",
        "venue": "",
        "zone": "UTC",
    }
    values |= {"visibility": OPEN, "join_policy": JOIN, "categories": []}
    groups.edit(group, ana, group.version, **values)
    db.session.commit()
    page = browser()

    assert "Night swim" in page.get("/events?words=oresund").text
    assert "Night swim" not in page.get("/events?words=riders").text
    assert "Another" not in page.get("/events?words=oresund").text
    assert (event.search_text, alone.search_text) == (
        search_text_of("Night swim", "Öresund Swimmers"),
        search_text_of("Another"),
    )
