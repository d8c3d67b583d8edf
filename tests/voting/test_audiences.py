"""Voters are notified of the opening, the result and the cancellation in slices, once each."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from tests import factories
from tests.fan_outs import kill_and_resume, run_fan_outs, the_fan_out
from tests.groups.racing import at_once
from webapp.core.extensions import db
from webapp.core.jobs import fan_out, queue
from webapp.core.jobs.fan_out import FanOut
from webapp.core.time import clock
from webapp.notifications.models import Notification
from webapp.voting.models import CLOSE, Vote
from webapp.voting.planning import lifecycle, votes

from . import making


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(fan_out, "BATCH_SIZE", 3)


@pytest.fixture
def crowd(ana):
    """A group of ana, who isn't told of what she does, and nine others."""
    with factories.together():
        return factories.group(ana, *(factories.user() for _ in range(9)))


def times_notified(kind="vote.opened"):
    db.session.rollback()
    each = (
        sa.select(sa.func.count()).where(Notification.kind == kind).group_by(Notification.user_id)
    )
    return db.session.scalars(each).all()


def asked(app, group, by, **values):
    """Return the fan-out of a vote that has just opened, whose wake-up was lost."""
    making.vote(group, by, **values)
    app.extensions["queue"].clear()
    return the_fan_out()


def test_voters_are_told_once_of_the_opening_and_of_the_result(app, crowd, ana, at):
    vote = making.vote(crowd, ana)
    assert times_notified() == []  # not part of the request
    db.session.rollback()
    queue.drain(app, raising=True)
    assert times_notified() == [1] * 9

    at(vote.closes_at)
    queue.JOBS["voting.close_due"]()
    assert times_notified("vote.closed") == []
    run_fan_outs()
    queue.JOBS["voting.close_due"]()
    run_fan_outs()
    assert times_notified("vote.closed") == [1] * 10
    assert db.session.scalars(sa.select(FanOut.done).order_by(FanOut.id)).all() == [10, 10]


def test_voters_are_told_of_a_cancellation_even_if_the_vote_is_deleted_since(crowd, ana):
    vote = making.vote(crowd, ana)
    votes.cancel(vote, by=ana, reason="Ice")
    vote.deleted_at = clock.now()
    run_fan_outs()

    assert (times_notified("vote.cancelled"), times_notified()) == ([1] * 9, [])


def test_voters_not_told_of_the_opening_in_time_are_told_only_the_result(app, crowd, ana, at):
    fan_out_id = asked(app, crowd, ana)
    fan_out.step(fan_out_id)
    vote = db.session.scalars(sa.select(Vote)).one()
    at(vote.closes_at)
    lifecycle.close(vote.id)
    run_fan_outs()

    assert (times_notified(), times_notified("vote.closed")) == ([1] * 2, [1] * 10)


def test_after_a_worker_dies_the_next_continues_where_it_stopped(app, crowd, ana):
    fan_out_id = asked(app, crowd, ana)
    kill_and_resume(app, fan_out_id)

    assert times_notified() == [1] * 9


def test_control_without_the_stored_position_people_are_notified_twice(app, crowd, ana):
    fan_out_id = asked(app, crowd, ana)
    fan_out.step(fan_out_id)
    db.session.execute(sa.update(FanOut).values(after=None))
    run_fan_outs()

    assert sorted(times_notified()) == [1] * 7 + [2] * 2


def test_two_parallel_workers_notify_each_person_once(app, crowd, ana):
    fan_out_id = str(asked(app, crowd, ana))
    db.session.remove()

    assert at_once(app, [lambda: queue.JOBS[fan_out.JOB](fan_out_id)] * 2) == ["done", "done"]
    assert times_notified() == [1] * 9


def test_people_who_join_a_moving_voter_list_are_told_once(app, crowd, ana, cem):
    fan_out_id = asked(app, crowd, ana, roll_at=CLOSE)
    fan_out.step(fan_out_id)
    db.session.commit()
    factories.membership(crowd, cem)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        queue.JOBS["voting.follow_rolls"]()
        run_fan_outs()

    assert times_notified() == [1] * 10


@pytest.mark.parametrize("act", ["open", "close", "cancel"])
def test_requests_take_the_same_statements_for_three_and_thirty_voters(ana, statements_of, at, act):
    def of(number):
        with factories.together():
            group = factories.group(ana, *(factories.user() for _ in range(number)))
        if act == "open":
            return statements_of(lambda: making.vote(group, ana))
        vote = making.vote(group, ana)
        if act == "cancel":
            return statements_of(lambda: votes.cancel(vote, by=ana))
        at(vote.closes_at)
        return statements_of(lambda: lifecycle.close(vote.id))

    assert of(3) == of(30)
