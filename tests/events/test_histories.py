"""Random histories of joining, leaving, offers and other numbers of seats: what is true after every step."""

import os
from datetime import timedelta

import pytest
import time_machine
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import factories
from tests.conftest import DATABASE
from tests.events import counted
from webapp.core import clock
from webapp.core.database import locked
from webapp.core.errors import RuleBroken
from webapp.core.extensions import db
from webapp.events import jobs, queue, rsvps
from webapp.events.models import AUTOMATIC, GOING, MAYBE, OFFER, OFFERED, WAITING, Event

MOST = 3
CROWD = 6
PEOPLE = st.integers(0, CROWD - 1)
PARTIES = st.integers(1, MOST)
HISTORIES = int(os.environ.get("HISTORIES") or {"sqlite": 60, "postgresql": 20}[DATABASE])
STEPS = int(os.environ.get("HISTORY_STEPS") or 20)


class History(RuleBasedStateMachine):
    """An event with a few people around it. What each step does may be refused, but never leaves a lie behind."""

    travel = None

    @initialize(seats=st.integers(2, 4), promotion=st.sampled_from([AUTOMATIC, AUTOMATIC, OFFER]))
    def begin(self, seats, promotion):
        self.travel = time_machine.travel(clock.now(), tick=False)
        self.traveller = self.travel.start()
        people = [factories.user("Person") for _ in range(CROWD)]
        self.people = people
        self.event = factories.event(people[0], capacity=seats, companions=MOST - 1, promotion=promotion)
        for who in range(CROWD - 1):
            self.come(who, party=1)

    def attempt(self, verb, *args, **more):
        before = self.event.seats_taken
        try:
            verb(self.event, *args, **more)
            db.session.commit()
        except RuleBroken:
            db.session.rollback()
        capacity = self.event.capacity
        if capacity is not None and self.event.seats_taken > capacity:
            assert self.event.seats_taken <= before, "oversold"

    @rule(who=PEOPLE, party=PARTIES)
    def come(self, who, party):
        self.attempt(rsvps.answer, by=self.people[who], party=party)

    @rule(who=PEOPLE)
    def say_maybe(self, who):
        self.attempt(rsvps.answer, by=self.people[who], state=MAYBE)

    @rule(who=PEOPLE)
    def withdraw(self, who):
        self.attempt(rsvps.withdraw, by=self.people[who])

    @rule(who=PEOPLE, verb=st.sampled_from([rsvps.accept_offer, rsvps.decline_offer]))
    def meet_an_offer(self, who, verb):
        self.attempt(verb, by=self.people[who])

    @rule(seats=st.one_of(st.none(), st.integers(1, 7)))
    def change_seats(self, seats):
        event = locked(Event, self.event.id)
        event.capacity = seats
        queue.capacity_changed(event)
        db.session.commit()

    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours):
        self.traveller.shift(timedelta(hours=hours))
        jobs.expire_offers()

    @invariant()
    def the_counters_are_equal_to_the_rows_and_places_are_unique(self):
        if self.travel:
            counted(self.event)

    @invariant()
    def no_seat_is_free_for_which_someone_waits_who_fits(self):
        if not self.travel or not queue.is_moving(self.event):
            return
        free = self.event.seats_free
        waiting = [row for row in counted(self.event) if row.state == WAITING and not row.has_let_go]
        assert not [row for row in waiting if free is None or row.party <= free]

    @invariant()
    def nobody_holds_what_only_one_can_hold(self):
        if not self.travel:
            return
        for row in counted(self.event):
            assert (row.state == OFFERED) == (row.offered_until is not None)
            assert (row.place is None) == (row.state in (GOING, MAYBE, "not_going"))
            assert row.offered_until is None or row.offered_until <= self.event.deadline

    def teardown(self):
        if self.travel:
            self.travel.stop()
        db.session.rollback()
        db.session.expunge_all()  # or each commit would go through the rows of every history before


@pytest.mark.usefixtures("context")
def test_random_histories():
    chosen = settings(max_examples=HISTORIES, stateful_step_count=STEPS, derandomize="HISTORIES" not in os.environ)
    run_state_machine_as_test(History, settings=chosen)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("rule", "broken"), [("settle", lambda event, here=None: None), ("has_room", lambda event, seats: True)])
def test_control_a_broken_rule_is_found_out(monkeypatch, rule, broken):
    monkeypatch.setattr(queue, rule, broken)
    few = min(HISTORIES, 60)
    quickly = settings(max_examples=few, stateful_step_count=STEPS, phases=[Phase.generate], report_multiple_bugs=False)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(History, settings=quickly)
