"""Cancelling asks for a reason, shows what was done, and can be undone until the event starts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.agenda import conference, going, session, states
from tests.attendance.checking_in import guest
from tests.events import counted
from tests.fan_outs import running
from webapp.agenda import bookings
from webapp.attendance import jobs, rsvps, waitlist
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.jobs import fan_out
from webapp.core.jobs.batches import STALLED_AFTER
from webapp.core.observability.audit import AuditEntry
from webapp.core.time import clock
from webapp.events import calendar, change_notices, planning
from webapp.events.event_input import COPIED, EventInput
from webapp.events.models import GOING, NOT_GOING, OFFER, OFFERED, WAITING, EventNotice
from webapp.notifications.models import Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana):
    """An event with one seat, which is offered to people on the waiting list."""
    return factories.event(ana, capacity=1, promotion=OFFER, title="Eel count", venue="The weir")


def off(event, by, reason="The river is too high"):
    planning.cancel(event, by, reason)
    db.session.commit()


def notified(kind):
    query = sa.select(Notification.user_id).where(Notification.kind == kind)
    return list(db.session.scalars(query))


def test_cancelling_requires_a_reason(event, ana, browser):
    host = browser(ana)
    host.get(f"{event.path}/cancellation")

    assert host.submit("/cancellation", reason="  ").status_code == 422
    assert "Enter a reason" in host.page.find(id="reason-err").get_text()
    with pytest.raises(UserError, match="Enter a reason"):
        planning.cancel(event, ana, "")
    db.session.rollback()

    assert host.submit("/cancellation", reason="The river is too high").status_code == 200
    assert "Event cancelled. We’ll tell everyone who answered." in host.text


def test_a_cancelled_event_shows_its_reason_and_refuses_a_second_one(event, ana, ben, browser):
    host, other = browser(ana), browser(ana)
    for tab in (host, other):
        tab.get(f"{event.path}/cancellation")
    host.submit("/cancellation", reason="The river is too high")

    assert other.submit("/cancellation", reason="Nobody comes").status_code == 409
    for words in (
        "Your reason wasn’t saved",
        "Nobody comes",
        "The river is too high",
        "Undo cancellation",
    ):
        assert words in other.text
    host.get(f"{event.path}/cancellation")
    assert "“Eel count” is cancelled" in host.text
    assert host.page.find("textarea") is None
    db.session.refresh(event)
    assert event.cancelled_reason == "The river is too high"


def test_undoing_a_cancellation_tells_everyone_who_answered(event, ana, ben, cem, browser, emails):
    gil = guest(event)
    rsvps.answer(event, by=ben)
    db.session.commit()
    emails()
    host = browser(ana)
    host.get(f"{event.path}/cancellation")
    host.submit("/cancellation", reason="The river is too high")
    emails()

    host.get(f"{event.path}/cancellation")
    host.submit("/cancellation/removal")

    assert "Cancellation undone. We’ll tell everyone who answered." in host.text
    subject = "Going ahead after all: Eel count"
    sent = {email["To"]: email for email in emails() if email["Subject"] == subject}
    assert set(sent) == {ben.email, gil.email}
    assert notified("event.resumed") == [ben.id]
    words = sent[ben.email].get_body(("plain",)).get_content()
    assert "it’s going ahead after all" in words
    (file,) = sent[gil.email].iter_attachments()
    assert file.get_param("method") == "PUBLISH"
    visitor = browser(cem)
    visitor.get(event.path)
    assert "Cancelled" not in visitor.text
    actions = (
        sa.select(AuditEntry.action)
        .where(AuditEntry.subject_id == event.id)
        .order_by(AuditEntry.created_at)
    )
    assert list(db.session.scalars(actions))[-2:] == ["event.cancelled", "event.resumed"]


def test_calendars_restore_the_event(event, ana):
    before = event.version
    off(event, ana)
    planning.resume(event, ana)

    file = calendar.file_for(event, GOING).decode()

    assert f"SEQUENCE:{before + 2}" in file
    assert "STATUS:CONFIRMED" in file
    assert "METHOD:PUBLISH" in file


def resumed_later(event, host, monkeypatch):
    """Cancel the event for three days, in which offers expire, then resume it; return when."""
    off(event, host)
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    jobs.expire_offers()
    planning.resume(event, host)
    db.session.commit()
    return later


def test_undoing_a_cancellation_restores_seats_offers_and_the_waiting_list(
    event, ana, ben, cem, dia, monkeypatch
):
    rsvps.answer(event, by=ben)
    for person in (cem, dia):
        rsvps.answer(event, by=person)
    rsvps.withdraw(event, by=ben)
    db.session.commit()
    assert rsvps.of(event, cem).state == OFFERED
    later = resumed_later(event, ana, monkeypatch)

    rows = {row.user_id: row for row in counted(event)}
    assert (rows[cem.id].state, rows[dia.id].state) == (OFFERED, WAITING)
    assert rows[cem.id].offered_until == later + timedelta(days=1)
    rsvps.accept_offer(event, by=cem)
    assert rsvps.of(event, cem).state == GOING


def test_seats_freed_meanwhile_go_to_the_waiting_list(event, ana, ben, cem):
    rsvps.answer(event, by=ben)
    rsvps.answer(event, by=cem)
    off(event, ana)
    waitlist.release(rsvps.of(event, ben), NOT_GOING)
    waitlist.seats_came_free(event)
    assert rsvps.of(event, cem).state == WAITING

    planning.resume(event, ana)

    assert rsvps.of(event, cem).state == OFFERED
    counted(event)


def test_session_offers_are_held_as_long_as_new_ones(ana, ben, cem, monkeypatch):
    event = conference(ana, promotion=OFFER)
    bread = session(event, "Bread", capacity=1)
    going(event, ben, cem)
    for person in (ben, cem):
        bookings.book(bread, by=person)
    bookings.cancel(bread, by=ben)
    later = resumed_later(event, ana, monkeypatch)

    assert states(bread, cem) == [(OFFERED, 1)]
    assert bookings.of(bread, cem).offered_until == later + timedelta(days=1)


def test_a_started_event_stays_cancelled(event, ana, browser, monkeypatch):
    off(event, ana)
    started = event.starts_at
    monkeypatch.setattr(clock, "now", lambda: started)
    host = browser(ana)

    host.get(f"{event.path}/cancellation")
    assert "the cancellation can’t be undone" in host.text
    assert host.page.find("form", action=lambda it: it and it.endswith("/removal")) is None
    host.get(f"{event.path}/manage")
    assert "Undo cancellation" not in host.text
    assert host.post(f"{event.path}/cancellation/removal").status_code == 422
    assert "the cancellation can’t be undone" in host.text


def test_an_undone_cancellation_is_not_announced_afterwards(event, ana, ben):
    rsvps.answer(event, by=ben)
    off(event, ana)
    planning.resume(event, ana)
    planning.cancel(event, ana, "Ice")
    planning.resume(event, ana)
    db.session.commit()

    for row in fan_out.due(clock.now() + STALLED_AFTER):
        while fan_out.step(row):
            pass

    assert (notified("event.cancelled"), notified("event.resumed")) == ([], [ben.id])
    assert running() == 0


def test_undoing_a_cancellation_twice_has_one_effect(event, ana, browser):
    off(event, ana)
    host = browser(ana)

    assert host.post(f"{event.path}/cancellation/removal").status_code == 303
    assert host.post(f"{event.path}/cancellation/removal").status_code == 303
    assert (
        db.session.scalar(
            sa.select(sa.func.count(EventNotice.id)).where(EventNotice.kind == "resumed")
        )
        == 1
    )


def test_a_move_before_the_cancellation_is_announced_once_it_is_undone(event, ana, ben):
    rsvps.answer(event, by=ben)
    names, day = {name: getattr(event, name) for name in COPIED}, timedelta(days=1)
    moved = EventInput(starts=event.starts_wall + day, ends=event.ends_wall + day, **names)
    planning.update(event, moved, ana, event.version)
    off(event, ana)
    planning.resume(event, ana)
    db.session.commit()

    with time_machine.travel(clock.now() + change_notices.LONGEST_PAUSE):
        for row in fan_out.due(clock.now() + STALLED_AFTER):
            while fan_out.step(row):
                pass

    assert (notified("event.changed"), notified("event.resumed")) == ([ben.id], [ben.id])
