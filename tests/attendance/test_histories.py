"""Random sequences of answers, offers, tickets, sessions and capacities, with invariants checked
after each step.
"""

import os
from datetime import timedelta

import pytest
import time_machine
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import factories
from tests.agenda import counted as counted_of
from tests.conftest import DATABASE
from tests.events import counted, options_of, question, ticket
from webapp.agenda import bookings, sessions
from webapp.attendance import approvals, jobs, leaving, rsvps, rsvps_by_host, waitlist
from webapp.attendance.registration import form, option_capacity
from webapp.attendance.registration.answers import RegistrationAnswers
from webapp.core import hooks
from webapp.core.db.session import locked
from webapp.core.extensions import db
from webapp.core.http.errors import UserError
from webapp.core.time import clock
from webapp.events import planning
from webapp.events.models import (
    ASKED,
    AUTOMATIC,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFER,
    OFFERED,
    REFUSED,
    WAITING,
    Event,
)

MOST = 3
CROWD = 6
PEOPLE = st.integers(0, CROWD - 1)
PARTIES = st.integers(1, MOST)
TWO = st.integers(0, 1)
HISTORIES = int(os.environ.get("HISTORIES") or {"sqlite": 30, "postgresql": 4}[DATABASE])
STEPS = int(os.environ.get("HISTORY_STEPS") or 20)
PRESENT = (GOING, WAITING, OFFERED)


class History(RuleBasedStateMachine):
    """An event with a few people around it.

    Steps may be refused, but must never leave a wrong state.
    """

    travel = None
    begun = 0
    steps = 0

    @initialize(
        seats=st.integers(2, 4),
        promotion=st.sampled_from([AUTOMATIC, AUTOMATIC, OFFER]),
        asks=st.booleans(),
        approval=st.booleans(),
        agenda=st.booleans(),
    )
    def begin(self, seats, promotion, asks, approval, agenda):
        History.begun += 1
        self.travel = time_machine.travel(clock.now(), tick=False)
        self.traveller = self.travel.start()
        people = [factories.user("Person") for _ in range(CROWD)]
        self.people = people
        seats += 3 if asks else 0
        self.event = factories.event(
            people[0],
            capacity=seats,
            max_plus_ones=MOST - 1,
            promotion=promotion,
            requires_approval=approval,
        )
        self.tickets, self.question, self.choices = [], None, []
        if asks:
            self.tickets = [ticket(self.event, "Full"), ticket(self.event, "Reduced", capacity=1)]
            self.question, choices = question(self.event, "Which boat?", Heron=1, Otter=None)
            self.choices = list(choices.values())
        self.session = self.a_session() if agenda else None
        for who in range(CROWD - 1):
            self.come(who, party=1, split=False, kind=who % 2, choice=1)
        self.say_yes_to_all_who_fit()
        for who in range(CROWD - 1):
            self.choose_a_session(who, party=1)

    def a_session(self):
        """Add a session to the event, with fewer seats than the event has."""
        self.event.agenda_published_at = clock.now()
        starts = self.event.starts_wall + timedelta(minutes=10)
        return sessions.add(
            self.event,
            sessions.SessionInput("Talk", starts, starts + timedelta(hours=1), capacity=2),
            by=self.people[0],
        )

    def attempt(self, verb, *args, **more):
        """Call the rule; return whether it wasn't refused."""
        seats = self.event.seats_taken
        taken = {option.id: option.taken for option in options_of(self.event)}
        self.steps += 1
        try:
            verb(self.event, *args, **more)
            db.session.commit()
            done = True
        except UserError:
            db.session.rollback()
            done = False
        capacity = self.event.capacity
        if capacity is not None and self.event.seats_taken > capacity:
            assert self.event.seats_taken <= seats, "oversold"
        for option in options_of(self.event):
            if option.capacity is not None and option.taken > option.capacity:
                assert option.taken <= taken[option.id], f"{option.label} oversold"
        return done

    def said(self, kind, choice):
        if not self.tickets:
            return None
        given = {self.question.id: str(self.choices[choice].id)}
        return RegistrationAnswers(
            self.tickets[kind].id, given, form.registration_form(self.event).digest
        )

    @rule(who=PEOPLE, party=PARTIES, split=st.booleans(), kind=TWO, choice=TWO)
    def come(self, who, party, split, kind, choice):
        person, before = self.people[who], rsvps.of(self.event, self.people[who])
        was_here = before is not None and before.state in PRESENT
        done = self.attempt(
            rsvps.answer, by=person, party=party, split=split, details=self.said(kind, choice)
        )
        if done and self.event.requires_approval and who and not was_here:
            assert rsvps.of(self.event, person).state == ASKED, "came without the hosts' yes"

    @rule(who=PEOPLE)
    def say_maybe(self, who):
        self.attempt(rsvps.answer, by=self.people[who], state=MAYBE)

    @rule(who=PEOPLE)
    def withdraw(self, who):
        self.attempt(rsvps.withdraw, by=self.people[who])

    @rule(who=PEOPLE, verb=st.sampled_from([rsvps.accept_offer, rsvps.decline_offer]))
    def meet_an_offer(self, who, verb):
        self.attempt(verb, by=self.people[who])

    @rule(who=PEOPLE, party=PARTIES)
    def choose_a_session(self, who, party):
        self.at_session(bookings.book, who, party=party)

    @rule(
        who=PEOPLE,
        verb=st.sampled_from(
            [bookings.cancel, bookings.cancel, bookings.accept_offer, bookings.decline_offer]
        ),
    )
    def think_again_of_a_session(self, who, verb):
        self.at_session(verb, who)

    def at_session(self, verb, who, **more):
        if self.session is not None:
            taken, capacity = self.session.seats_taken, self.session.capacity
            self.attempt(lambda _event: verb(self.session, by=self.people[who], **more))
            assert capacity is None or self.session.seats_taken <= max(capacity, taken), (
                "session oversold"
            )

    @precondition(lambda self: self.session is not None)
    @rule(seats=st.one_of(st.none(), st.integers(1, 4)))
    def change_seats_of_a_session(self, seats):
        event = locked(Event, self.event.id)
        self.session.capacity = seats
        waitlist.capacity_changed(self.session)
        assert event.id == self.session.event_id
        db.session.commit()

    @rule(
        who=PEOPLE, verb=st.sampled_from([approvals.approve, approvals.approve, approvals.decline])
    )
    def meet_a_wish(self, who, verb):
        row = rsvps.of(self.event, self.people[who])
        if row is not None:
            more = {"after_all": True} if row.state == REFUSED and verb is approvals.approve else {}
            self.attempt(verb, row.id, by=self.people[0], **more)

    @rule()
    def say_yes_to_all_who_fit(self):
        self.attempt(approvals.approve_fitting, by=self.people[0])

    @rule(
        who=PEOPLE,
        party=PARTIES,
        split=st.booleans(),
        kind=TWO,
        state=st.sampled_from([GOING, GOING, NOT_GOING]),
    )
    def answer_for(self, who, party, split, kind, state):
        picked = self.tickets[kind].id if self.tickets else None
        more = {"state": state, "party": party, "split": split, "ticket": picked}
        self.attempt(rsvps_by_host.answer_for, by=self.people[0], who=self.people[who], **more)

    @rule(who=PEOPLE)
    def leave_the_site(self, who):
        self.attempt(lambda _event: leaving.left_site(self.people[who]))

    @rule(seats=st.one_of(st.none(), st.integers(1, 7)), approval=st.booleans())
    def change_seats(self, seats, approval):
        event = locked(Event, self.event.id)
        event.capacity, event.requires_approval = seats, approval
        waitlist.capacity_changed(event)
        db.session.commit()

    @rule(which=st.integers(0, 3), number=st.one_of(st.none(), st.integers(0, 4)))
    def change_places(self, which, number):
        event = locked(Event, self.event.id)
        options = options_of(event)
        if options:
            options[which].capacity = number
            waitlist.capacity_changed(event)
        db.session.commit()

    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours):
        self.traveller.shift(timedelta(hours=hours))
        jobs.expire_offers()

    @rule()
    def lock_and_unlock(self):
        if self.attempt(planning.lock, self.people[0]):
            self.attempt(planning.unlock, self.people[0])

    @precondition(lambda self: self.steps > 16)
    @rule()
    def cancel(self):
        self.attempt(planning.cancel, self.people[0], "Rain")

    @invariant()
    def nothing_is_a_lie(self):
        """The counters match the rows, positions are unique, and everything that follows from
        that.
        """
        if self.travel:
            rows = counted(self.event)
            for row in rows:
                self.holds_what_one_can_hold(row)
            if waitlist.is_moving(self.event):
                self.nobody_left_who_fits(self.event, rows)
            if self.session is not None:
                self.sessions_are_for_those_who_come(rows)

    def sessions_are_for_those_who_come(self, rows):
        """Sessions are booked only by attendees, by the same rules as the event."""
        booked = counted_of(self.session)
        if self.session.starts_at > clock.now():
            coming = {row.user_id: row.party for row in rows if row.state == GOING}
            assert not [
                row
                for row in booked
                if row.state != NOT_GOING
                and row.party + row.seats_waiting > coming.get(row.user_id, 0)
            ]
        if waitlist.is_moving(self.session):
            self.nobody_left_who_fits(self.session, booked)

    def nobody_left_who_fits(self, line, rows):
        free = line.seats_free
        waiting = [row for row in rows if row.is_on_waitlist and not row.declined_offer]
        assert not [
            row
            for row in waiting
            if all(
                n is None or row.seats_wanted <= n for n in (free, *(it.free for it in row.picks))
            )
        ]

    def holds_what_one_can_hold(self, row):
        assert (row.state == OFFERED) == (row.offered_until is not None)
        assert (row.position is not None) == (
            row.state in (WAITING, OFFERED) or row.seats_waiting > 0
        )
        assert row.offered_until is None or row.offered_until <= self.event.deadline
        assert row.state == GOING or not row.seats_waiting
        assert row.party + row.seats_waiting <= MOST
        assert (
            not self.tickets
            or row.state not in PRESENT
            or sum(it.is_ticket for it in row.picks) == 1
        )

    def teardown(self):
        if self.travel:
            self.travel.stop()
        db.session.rollback()
        db.session.expunge_all()  # or each commit would go through all earlier rows


@pytest.mark.long(7)
@pytest.mark.usefixtures("context")
def test_random_histories(record_property):
    chosen = settings(
        max_examples=HISTORIES, stateful_step_count=STEPS, derandomize="HISTORIES" not in os.environ
    )
    run_state_machine_as_test(History, settings=chosen)
    record_property("histories", History.begun)


@pytest.mark.any_database
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (waitlist, "promote", lambda owner, here=None: None),
        (waitlist, "has_room", lambda entry, seats: True),
        (option_capacity, "take", lambda picks, people: None),
        (option_capacity, "free_in", lambda picks: []),
        (rsvps.access, "is_host", lambda user, event: True),
        (hooks.answer_shrank, "subscribers", []),
    ],
)
def test_control_a_broken_rule_is_detected(monkeypatch, module, name, broken):
    monkeypatch.setattr(module, name, broken)
    quickly = settings(
        max_examples=60,  # on PostgreSQL too: stop after the first failing history
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )

    with pytest.raises(AssertionError):
        run_state_machine_as_test(History, settings=quickly)
