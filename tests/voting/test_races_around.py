"""Parallel leaving, voting, closing and scheduling."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests import factories
from tests.groups.racing import waiting_for_each_other
from webapp.accounts.models import User
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events.models import Event
from webapp.groups import memberships
from webapp.groups.models import Group
from webapp.voting.models import CLOSE, OPENING, Ballot, Vote, Voter
from webapp.voting.planning import lifecycle
from webapp.voting.results import schedule_event
from webapp.voting.tally.rules import DATE

from . import making
from .running import close
from .test_races import casting, everyone_at_once, finding_of


def leaving(group_id, user_id):
    """Return an act in which the person leaves the group."""

    def act():
        memberships.leave(db.session.get(Group, group_id), by=db.session.get(User, user_id))
        return "left"

    return act


@pytest.mark.parametrize("roll_at", [OPENING, CLOSE])
def test_parallel_leaving_voting_and_closing_keep_voters_and_count_consistent(app, ana, roll_at):
    people = [factories.user() for _ in range(8)]
    group = factories.group(ana, *people)
    vote = making.vote(group, ana, roll_at=roll_at)
    vote.closes_at = database_clock.now() + timedelta(seconds=0.2)
    db.session.commit()
    vote_id, group_id, ids = vote.id, group.id, [person.id for person in people]

    def closer():
        while not lifecycle.close(vote_id):
            db.session.commit()
        return "closed"

    acts = [
        *(casting(vote_id, user_id, 1) for user_id in ids[:5]),
        *(leaving(group_id, user_id) for user_id in ids[3:]),
        closer,
    ]
    done = everyone_at_once(app, acts)

    assert set(done[5:]) == {"left", "closed"}
    assert not any(isinstance(one, OperationalError) for one in done)
    db.session.rollback()
    vote = db.session.get(Vote, vote_id, populate_existing=True)
    roll = set(db.session.scalars(sa.select(Voter.user_id).where(Voter.vote_id == vote_id)))
    cast = set(db.session.scalars(sa.select(Ballot.user_id).where(Ballot.vote_id == vote_id)))
    assert cast <= roll
    assert (vote.roll_count, vote.ballot_count, finding_of(vote_id).cast) == (
        len(roll),
        len(cast),
        len(cast),
    )
    gone = sa.select(Voter.user_id).where(Voter.vote_id == vote_id, Voter.left_by_choice)
    assert vote.left_count == len(set(db.session.scalars(gone)) - cast)


def decided(group, by, event=None):
    """Return a closed vote on two evenings, with a winner."""
    vote = making.vote(group, by, event=event, kind=DATE, dates=making.evenings(10, 20))
    making.says(vote, by, "1:n 2:y")
    vote.opens_at, vote.opened_at, vote.closes_at = (clock.now() - timedelta(days=2),) * 2 + (
        clock.now() - timedelta(days=1),
    )
    close(vote)
    return vote.id


def pressing(vote_id, user_id):
    """Return an act in which the person presses the button; it returns the id of the event that
    then has the time.
    """

    def act():
        return schedule_event.schedule(
            db.session.get(Vote, vote_id), db.session.get(User, user_id)
        ).id

    return act


def test_pressing_the_button_four_times_makes_one_event(app, group, ana):
    vote_id = decided(group, ana)

    done = everyone_at_once(app, [pressing(vote_id, ana.id)] * 4)

    assert len(set(done)) == 1
    assert (
        db.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.group_id == group.id)) == 1
    )


def test_control_without_the_lock_two_presses_make_two_events_or_fail(app, group, ana, monkeypatch):
    vote_id = decided(group, ana)
    looked = waiting_for_each_other(
        lambda model, row_id: db.session.get(model, row_id), patience=10
    )
    monkeypatch.setattr(schedule_event, "locked", looked)
    done = everyone_at_once(app, [pressing(vote_id, ana.id)] * 2, deferred=True)

    assert done[0] != done[1]  # two events, or an error for one of them


def test_pressing_the_button_repeatedly_moves_an_event_once(app, group, ana):
    event = factories.event(
        ana, group, zone="Europe/Lisbon", starts_at=clock.now() + timedelta(days=40)
    )
    vote_id, version = decided(group, ana, event), event.version

    done = everyone_at_once(app, [pressing(vote_id, ana.id)] * 4)

    assert set(done) == {event.id}
    db.session.rollback()
    assert db.session.get(Event, event.id, populate_existing=True).version == version + 1
