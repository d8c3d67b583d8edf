"""Seats in sessions: they follow the rules of events and are only for attendees."""

from datetime import timedelta

import pytest
import time_machine

from tests import factories
from tests.agenda import conference, counted, going, moved, plan, room, session, states
from tests.events.change_notices import tell_everyone
from webapp.agenda import bookings, sessions
from webapp.attendance import guests, jobs, leaving, reads, rsvps
from webapp.core import hooks
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict, UserError
from webapp.core.time import clock, time_zones
from webapp.events import planning
from webapp.events.models import GOING, NOT_GOING, OFFER, OFFERED, WAITING, Guest
from webapp.groups import memberships
from webapp.groups.reads import membership_of
from webapp.notifications import preferences
from webapp.notifications.models import INBOX, Notification

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def event(ana, ben, cem):
    made = conference(ana)
    going(made, (ana, 3), (ben, 2), cem)
    return made


@pytest.fixture
def bread(event):
    return session(event, "Bread", capacity=2)


def book(session, *people):
    for person in people:
        by, party = person if isinstance(person, tuple) else (person, 1)
        bookings.book(session, by=by, party=party)
        db.session.commit()


def notified(*people):
    """Return the types of each person's notifications about sessions."""
    lines = db.session.query(Notification).order_by(Notification.id).all()
    return [
        [line.kind for line in lines if line.user_id == who.id and line.kind.startswith("session.")]
        for who in people
    ]


def test_attendees_get_seats_and_latecomers_wait(event, bread, ana, ben, cem):
    book(bread, (ben, 2), cem, ana)

    assert states(bread, ben, cem, ana) == [(GOING, 2), (WAITING, 1), (WAITING, 1)]
    assert (bread.seats_taken, bread.waiting_count) == (2, 2)


def test_without_a_limit_everyone_has_a_seat(event, ana, ben):
    open_one = session(event, "Soil", at=60)
    book(open_one, (ana, 3), (ben, 2))

    assert states(open_one, ana, ben) == [(GOING, 3), (GOING, 2)]


def test_sessions_are_for_attendees_and_at_most_their_party(event, bread, ben, dia):
    with pytest.raises(UserError, match="Answer “Going” first"):
        bookings.book(bread, by=dia)
    with pytest.raises(UserError, match="You can book up to 2 seats"):
        bookings.book(bread, by=ben, party=3)


def test_a_freed_session_seat_goes_to_the_first_party_that_fits(event, bread, ana, ben, cem):
    book(bread, cem, (ana, 2), ben)
    assert states(bread, cem, ana, ben) == [(GOING, 1), (WAITING, 2), (GOING, 1)]

    bookings.cancel(bread, by=ben)
    db.session.commit()
    assert states(bread, cem, ana, ben) == [(GOING, 1), (WAITING, 2), (NOT_GOING, 1)]
    bookings.cancel(bread, by=cem)
    db.session.commit()
    assert states(bread, ana) == [(GOING, 2)]
    assert notified(ana, ben, cem) == [["session.promoted"], [], []]
    bookings.cancel(bread, by=cem)  # a second time
    assert states(bread, cem, ana) == [(NOT_GOING, 1), (GOING, 2)]
    never = session(event, "Soil", at=60)
    with pytest.raises(Conflict):
        bookings.cancel(never, by=cem)


def test_the_event_log_names_the_session_of_each_step(event, bread, ben, cem):
    book(bread, (ben, 2), cem)
    bookings.cancel(bread, by=ben)
    db.session.commit()

    said = [(step.step, step.session.title) for step in reversed(reads.waitlist_steps(event))]
    assert said == [("joined", "Bread"), ("freed", "Bread"), ("promoted", "Bread")]


def test_people_who_cancel_the_event_leave_all_its_sessions(event, bread, ana, ben, cem):
    soil = session(event, "Soil", at=60, capacity=1)
    book(bread, (ben, 2), cem)
    book(soil, ben, cem)

    rsvps.withdraw(event, by=ben)
    db.session.commit()
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]
    assert states(soil, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]
    assert notified(cem) == [["session.promoted", "session.promoted"]]


def test_a_smaller_party_at_the_event_is_smaller_in_its_sessions(event, bread, ben, cem):
    book(bread, (ben, 2), cem)

    rsvps.answer(event, by=ben, party=1)
    db.session.commit()
    assert states(bread, ben, cem) == [(GOING, 1), (GOING, 1)]


def test_people_who_leave_the_site_leave_their_sessions(event, bread, ben, cem):
    book(bread, (ben, 2), cem)

    leaving.left_site(ben)
    db.session.commit()
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]


@pytest.mark.parametrize("away", ["left", "banned", "gone"])
def test_people_who_lose_access_during_the_event_leave_its_later_sessions(away, ana, ben, cem):
    group = factories.group(
        ana, ben, cem, visibility="open" if away == "banned" else "closed", join_policy="approve"
    )
    event = conference(ana, group, audience="everyone" if away == "banned" else "group")
    going(event, ben, cem)
    early, late = (
        session(event, title, at=at, capacity=1) for title, at in (("Bread", 0), ("Soup", 300))
    )
    for one in (early, late):
        book(one, ben, cem)
    with time_machine.travel(event.starts_at + timedelta(hours=1), tick=False):
        if away == "gone":
            hooks.user_deactivated(user=deactivated(ben))
        else:
            memberships.remove(membership_of(group, ben), by=ana, banned=away == "banned")
        db.session.commit()
    assert states(early, ben, cem) == [(GOING, 1), (WAITING, 1)]
    assert states(late, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]
    assert rsvps.of(event, ben).state == GOING


def deactivated(user):
    user.deactivated_at = clock.now()
    return user


def test_with_offers_an_unanswered_session_seat_goes_to_the_next_person(
    event, bread, ana, ben, cem
):
    event.promotion = OFFER
    book(bread, (ben, 2), (ana, 2), cem)
    bookings.cancel(bread, by=ben)
    db.session.commit()
    assert states(bread, ana, cem) == [(OFFERED, 2), (WAITING, 1)]

    bookings.decline_offer(bread, by=ana)
    db.session.commit()
    assert states(bread, ana, cem) == [(WAITING, 2), (OFFERED, 1)]
    with time_machine.travel(
        bookings.of(bread, cem).offered_until + timedelta(seconds=1), tick=False
    ):
        with pytest.raises(Conflict):
            bookings.accept_offer(bread, by=cem)
        db.session.rollback()
        jobs.expire_offers()
    assert states(bread, ana, cem) == [(WAITING, 2), (WAITING, 1)]
    assert notified(ana, cem) == [["session.offered"], ["session.offered", "session.expired"]]


def test_session_offers_expire_by_the_start_of_a_moved_session(event, bread, ana, ben, cem):
    event.promotion = OFFER
    book(bread, (ben, 2), cem)
    bookings.cancel(bread, by=ben)
    db.session.commit()
    sooner = time_zones.wall(time_zones.whole_minute(clock.now()) + timedelta(hours=2), event.zone)

    moved(event, ana, starts=sooner, ends=sooner + (event.ends_wall - event.starts_wall))
    db.session.commit()

    assert states(bread, cem) == [(OFFERED, 1)]
    assert bookings.of(bread, cem).offered_until == bread.starts_at


def test_an_accepted_session_offer_is_a_seat(event, bread, ben, cem):
    event.promotion = OFFER
    book(bread, (ben, 2), cem)
    bookings.cancel(bread, by=ben)

    bookings.accept_offer(bread, by=cem)
    assert states(bread, cem) == [(GOING, 1)]


def test_started_cancelled_and_hidden_sessions_cannot_be_booked(event, bread, ana, cem):
    with (
        time_machine.travel(bread.starts_at, tick=False),
        pytest.raises(UserError, match="has started"),
    ):
        bookings.book(bread, by=cem)
    db.session.rollback()
    event.agenda_published_at = None
    db.session.commit()
    with pytest.raises(UserError, match="haven’t published the agenda"):
        bookings.book(bread, by=cem)
    db.session.rollback()
    sessions.cancel(event, bread, by=ana)
    with pytest.raises(UserError, match="was cancelled"):
        bookings.book(bread, by=cem)


def test_sessions_can_be_booked_after_the_event_deadline_until_they_start(event, bread, cem):
    with time_machine.travel(event.starts_at - timedelta(minutes=5), tick=False):
        event.rsvp_deadline = event.starts_at - timedelta(days=1)
        book(bread, cem)

    assert states(bread, cem) == [(GOING, 1)]


def test_more_session_seats_go_to_the_waiting_list_and_fewer_remove_no_one(
    event, bread, ana, ben, cem
):
    book(bread, (ben, 2), cem)

    sessions.change(event, bread, plan("Bread", capacity=1), by=ana)
    db.session.commit()
    assert states(bread, ben, cem) == [(GOING, 2), (WAITING, 1)]
    sessions.change(event, bread, plan("Bread", capacity=None), by=ana)
    db.session.commit()
    assert states(bread, ben, cem) == [(GOING, 2), (GOING, 1)]


def test_unlocking_the_event_fills_free_session_seats(event, bread, ana, ben, cem):
    book(bread, (ben, 2), cem)
    planning.lock(event, by=ana)
    leaving.left_site(ben)
    db.session.commit()
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (WAITING, 1)]

    planning.unlock(event, by=ana)
    assert states(bread, cem) == [(GOING, 1)]


def test_only_booked_people_are_told_of_a_new_room_or_time_once(event, bread, ana, ben, cem):
    book(bread, ben, ana)
    hall = room(event)

    sessions.change(event, bread, plan("Bread", room=hall, capacity=2), by=ana)
    sessions.change(event, bread, plan("Bread", room=hall, at=30, capacity=2), by=ana)
    db.session.commit()
    tell_everyone()
    assert notified(ana, ben, cem) == [[], ["session.changed"], []]
    line = db.session.query(Notification).filter_by(kind="session.changed").one()
    assert line.params["room"] == "Hall"
    assert line.params["starts"] == bread.starts_at.isoformat()


def test_session_notifications_skip_people_who_lost_access_and_hidden_events(ana, ben, cem):
    group = factories.group(ana, ben, cem, visibility="closed", join_policy="approve")
    event = conference(ana, group, audience="group")
    going(event, ben, cem)
    bread = session(event, "Bread", at=300)
    book(bread, ben, cem)
    with time_machine.travel(event.starts_at + timedelta(hours=1), tick=False):
        memberships.remove(membership_of(group, ben), by=ana)
        sessions.change(event, bread, plan("Bread", at=330), by=ana)
        db.session.commit()
        tell_everyone()
        assert notified(ben, cem) == [[], ["session.changed"]]
        sessions.change(event, bread, plan("Bread", at=360), by=ana)
        event.hidden_at = clock.now()
        db.session.commit()
        tell_everyone()
        assert notified(ben, cem) == [[], ["session.changed"]]


def test_a_new_session_description_is_not_announced(event, bread, ana, ben):
    book(bread, ben)

    sessions.change(event, bread, plan("Bread", description="Bring a bowl", capacity=2), by=ana)
    db.session.commit()
    tell_everyone()
    assert notified(ben) == [[]]


def test_a_cancelled_session_is_announced_at_once_with_its_reason(
    event, bread, ana, ben, cem, emails
):
    book(bread, (ben, 2), cem)
    with pytest.raises(UserError, match="Cancel the session first"):
        sessions.remove(event, bread, by=ana)
    db.session.rollback()

    sessions.cancel(event, bread, by=ana, reason="No flour")
    db.session.commit()
    tell_everyone()
    assert notified(ben, cem) == [["session.cancelled"], ["session.cancelled"]]
    written = [email for email in emails() if "Bread" in email["Subject"]]
    assert len(written) == 2
    assert "No flour" in written[0].get_body(("plain",)).get_content()
    with pytest.raises(UserError, match="it stays on the agenda"):
        sessions.remove(event, bread, by=ana)
    db.session.rollback()
    with time_machine.travel(bread.ends_at, tick=False):
        sessions.remove(event, bread, by=ana)
        db.session.commit()


def test_session_emails_have_their_own_notification_type(event, bread, ben, cem, emails):
    preferences.choose(cem, {"session.cancelled": INBOX})
    book(bread, (ben, 2), cem)
    emails()
    bookings.cancel(bread, by=ben)
    db.session.commit()

    (email,) = [email for email in emails() if "Bread" in email["Subject"]]
    assert email["Subject"] == f"You have a seat: Bread ({event.title})"
    assert "/session.promoted/" in email["List-Unsubscribe"]


def test_a_guests_session_seat_moves_to_their_account(event, bread, cem, dia):
    guest = Guest(event_id=event.id, name="Gil", email="gil@example.org")
    db.session.add(guest)
    db.session.commit()
    rsvps.answer(event, by=guest)
    bookings.book(bread, by=guest)
    db.session.commit()
    assert states(bread, guest) == [(GOING, 1)]

    gil = factories.user("Gil", email="gil@example.org")
    guests.take_over(gil)
    db.session.commit()
    assert states(bread, gil) == [(GOING, 1)]


def test_a_deleted_guest_leaves_no_booking(event, bread, cem):
    guest = Guest(event_id=event.id, name="Gil", email="gil@example.org")
    db.session.add(guest)
    db.session.commit()
    rsvps.answer(event, by=guest)
    bookings.book(bread, by=guest)
    book(bread, cem)

    guests.forget(guest)
    db.session.commit()
    assert [row.user_id for row in counted(bread)] == [cem.id]
