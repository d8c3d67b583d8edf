"""Seats in sessions: by the rules of events, for those who are going to the event, and as long
as they are.
"""

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
    """The kinds of what each has in the inbox about sessions."""
    lines = db.session.query(Notification).order_by(Notification.id).all()
    return [
        [line.kind for line in lines if line.user_id == who.id and line.kind.startswith("session.")]
        for who in people
    ]


def test_who_is_going_has_a_seat_and_who_comes_too_late_waits(event, bread, ana, ben, cem):
    book(bread, (ben, 2), cem, ana)

    assert states(bread, ben, cem, ana) == [(GOING, 2), (WAITING, 1), (WAITING, 1)]
    assert (bread.seats_taken, bread.waiting_count) == (2, 2)


def test_without_a_limit_everyone_has_a_seat(event, ana, ben):
    open_one = session(event, "Soil", at=60)
    book(open_one, (ana, 3), (ben, 2))

    assert states(open_one, ana, ben) == [(GOING, 3), (GOING, 2)]


def test_sessions_are_for_those_who_are_going_and_as_many_as_come(event, bread, ben, dia):
    with pytest.raises(UserError, match="Say you’re going first"):
        bookings.book(bread, by=dia)
    with pytest.raises(UserError, match="Choose up to 2 people"):
        bookings.book(bread, by=ben, party=3)


def test_giving_up_lets_the_first_that_fits_move_up_and_tells_them(event, bread, ana, ben, cem):
    book(bread, cem, (ana, 2), ben)
    assert states(bread, cem, ana, ben) == [(GOING, 1), (WAITING, 2), (GOING, 1)]

    bookings.cancel(bread, by=ben)
    db.session.commit()
    assert states(bread, cem, ana, ben) == [(GOING, 1), (WAITING, 2), (NOT_GOING, 1)]
    bookings.cancel(bread, by=cem)
    db.session.commit()
    assert states(bread, ana) == [(GOING, 2)]
    assert notified(ana, ben, cem) == [["session.promoted"], [], []]
    bookings.cancel(bread, by=cem)  # once more
    assert states(bread, cem, ana) == [(NOT_GOING, 1), (GOING, 2)]
    never = session(event, "Soil", at=60)
    with pytest.raises(Conflict):
        bookings.cancel(never, by=cem)


def test_the_log_of_the_event_names_the_session_that_a_step_was_in(event, bread, ben, cem):
    book(bread, (ben, 2), cem)
    bookings.cancel(bread, by=ben)
    db.session.commit()

    said = [(step.step, step.session.title) for step in reversed(reads.waitlist_steps(event))]
    assert said == [("joined", "Bread"), ("freed", "Bread"), ("promoted", "Bread")]


def test_who_comes_to_the_event_no_more_is_in_none_of_its_sessions(event, bread, ana, ben, cem):
    soil = session(event, "Soil", at=60, capacity=1)
    book(bread, (ben, 2), cem)
    book(soil, ben, cem)

    rsvps.withdraw(event, by=ben)
    db.session.commit()
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]
    assert states(soil, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]
    assert notified(cem) == [["session.promoted", "session.promoted"]]


def test_who_comes_to_the_event_as_fewer_is_in_sessions_as_fewer(event, bread, ben, cem):
    book(bread, (ben, 2), cem)

    rsvps.answer(event, by=ben, party=1)
    db.session.commit()
    assert states(bread, ben, cem) == [(GOING, 1), (GOING, 1)]


def test_who_leaves_the_site_leaves_the_sessions(event, bread, ben, cem):
    book(bread, (ben, 2), cem)

    leaving.left_site(ben)
    db.session.commit()
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (GOING, 1)]


@pytest.mark.parametrize("away", ["left", "banned", "gone"])
def test_who_goes_for_good_while_the_event_takes_place_gives_up_what_is_to_come_of_it(
    away, ana, ben, cem
):
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


def test_where_hosts_chose_offers_a_seat_is_held_and_goes_on_unanswered(
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


def test_no_offer_outlasts_the_start_of_a_session_that_moves_with_its_event(
    event, bread, ana, ben, cem
):
    event.promotion = OFFER
    book(bread, (ben, 2), cem)
    bookings.cancel(bread, by=ben)
    db.session.commit()
    sooner = time_zones.wall(time_zones.whole_minute(clock.now()) + timedelta(hours=2), event.zone)

    moved(event, ana, starts=sooner, ends=sooner + (event.ends_wall - event.starts_wall))
    db.session.commit()

    assert states(bread, cem) == [(OFFERED, 1)]
    assert bookings.of(bread, cem).offered_until == bread.starts_at


def test_an_offer_that_is_taken_is_a_seat(event, bread, ben, cem):
    event.promotion = OFFER
    book(bread, (ben, 2), cem)
    bookings.cancel(bread, by=ben)

    bookings.accept_offer(bread, by=cem)
    assert states(bread, cem) == [(GOING, 1)]


def test_nothing_is_given_once_it_has_begun_or_is_cancelled_or_hidden(event, bread, ana, cem):
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


def test_seats_are_given_after_the_events_own_deadline_until_the_session_begins(event, bread, cem):
    with time_machine.travel(event.starts_at - timedelta(minutes=5), tick=False):
        event.rsvp_deadline = event.starts_at - timedelta(days=1)
        book(bread, cem)

    assert states(bread, cem) == [(GOING, 1)]


def test_more_seats_go_to_those_who_wait_and_fewer_take_none(event, bread, ana, ben, cem):
    book(bread, (ben, 2), cem)

    sessions.change(event, bread, plan("Bread", capacity=1), by=ana)
    db.session.commit()
    assert states(bread, ben, cem) == [(GOING, 2), (WAITING, 1)]
    sessions.change(event, bread, plan("Bread", capacity=None), by=ana)
    db.session.commit()
    assert states(bread, ben, cem) == [(GOING, 2), (GOING, 1)]


def test_unlocking_the_event_lets_its_sessions_move_again(event, bread, ana, ben, cem):
    book(bread, (ben, 2), cem)
    planning.lock(event, by=ana)
    leaving.left_site(ben)
    db.session.commit()
    assert states(bread, ben, cem) == [(NOT_GOING, 1), (WAITING, 1)]

    planning.unlock(event, by=ana)
    assert states(bread, cem) == [(GOING, 1)]


def test_those_in_a_session_hear_of_another_room_or_time_once_and_the_others_do_not(
    event, bread, ana, ben, cem
):
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


def test_who_sees_the_event_no_more_hears_nothing_of_its_sessions_nor_anybody_while_it_is_hidden(
    ana, ben, cem
):
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


def test_another_description_is_no_news(event, bread, ana, ben):
    book(bread, ben)

    sessions.change(event, bread, plan("Bread", description="Bring a bowl", capacity=2), by=ana)
    db.session.commit()
    tell_everyone()
    assert notified(ben) == [[]]


def test_a_cancelled_session_is_told_at_once_with_its_reason_and_stays_for_those_who_chose_it(
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


def test_an_email_about_a_session_is_of_its_own_type(event, bread, ben, cem, emails):
    preferences.choose(cem, {"session.cancelled": INBOX})
    book(bread, (ben, 2), cem)
    emails()
    bookings.cancel(bread, by=ben)
    db.session.commit()

    (email,) = [email for email in emails() if "Bread" in email["Subject"]]
    assert email["Subject"] == f"You have a seat: Bread ({event.title})"
    assert "/session.promoted/" in email["List-Unsubscribe"]


def test_a_guest_has_a_seat_as_well_which_their_account_takes_over(event, bread, cem, dia):
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


def test_a_guest_who_is_forgotten_leaves_no_booking(event, bread, cem):
    guest = Guest(event_id=event.id, name="Gil", email="gil@example.org")
    db.session.add(guest)
    db.session.commit()
    rsvps.answer(event, by=guest)
    bookings.book(bread, by=guest)
    book(bread, cem)

    guests.forget(guest)
    db.session.commit()
    assert [row.user_id for row in counted(bread)] == [cem.id]
