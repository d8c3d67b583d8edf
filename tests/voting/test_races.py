"""Parallel ballots on separate threads and connections, each with its control."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from tests import factories
from tests.groups.racing import SURELY, waiting_for_each_other
from webapp.accounts.models import User
from webapp.core.db import database_clock
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.voting import reads, tally
from webapp.voting.ballots import casting as ballots
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.models import Ballot, Vote
from webapp.voting.planning import lifecycle
from webapp.voting.results import counting
from webapp.voting.tally import Outcome
from webapp.voting.tally.rules import IRV

from . import making


def everyone_at_once(app, acts, deferred=False):
    """Run each act in its own thread and transaction; return what each returned or raised, in
    order.
    """
    db.session.rollback()  # otherwise the test's own transaction would hold SQLite's write lock
    start = threading.Barrier(len(acts))

    def one(act):
        reading.set(deferred)
        start.wait(60)
        with app.app_context():
            try:
                done = act()
                db.session.commit()
                return done
            except (BallotRefused, IntegrityError, OperationalError) as error:
                db.session.rollback()
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def casting(vote_id, user_id, *numbers):
    """Return an act that chooses these options, in a ranking from the top."""

    def act():
        vote, user = db.session.get(Vote, vote_id), db.session.get(User, user_id)
        return ballots.cast(
            vote, by=user, marks=[(number, rank) for rank, number in enumerate(numbers, 1)]
        ).choice

    return act


def closing(vote_id, voted, many, seconds=0.2):
    """Return an act that closes the vote this long after `many` people have voted for the first
    time.
    """

    def act():
        for _one in range(many):
            assert voted.acquire(timeout=60)
        closes_at = database_clock.now() + timedelta(seconds=seconds)
        db.session.execute(sa.update(Vote).where(Vote.id == vote_id).values(closes_at=closes_at))
        db.session.commit()
        while not lifecycle.close(vote_id):
            db.session.commit()

    return act


def count_of(vote_id):
    db.session.rollback()
    rows = db.session.scalar(sa.select(sa.func.count(Ballot.id)).where(Ballot.vote_id == vote_id))
    return rows, db.session.get(Vote, vote_id, populate_existing=True).ballot_count


def test_twenty_parallel_posts_of_one_member_are_one_ballot(app, group, ana):
    vote_id = making.vote(group, ana).id

    done = everyone_at_once(app, [casting(vote_id, ana.id, 1 + n % 3) for n in range(20)])

    assert set(done) == {"1", "2", "3"}
    assert count_of(vote_id) == (1, 1)


def test_eight_clients_vote_for_forty_members_and_every_ballot_counts(app, ana):
    people = [factories.user() for _ in range(40)]
    group = factories.group(ana, *people)
    vote_id = making.vote(group, ana).id
    ids = [person.id for person in people]

    def client(mine):
        def act():
            for place, user_id in mine:
                casting(vote_id, user_id, 1 + place % 3)()
                db.session.commit()

        return act

    shares = [list(enumerate(ids))[n::8] for n in range(8)]
    assert everyone_at_once(app, [client(mine) for mine in shares]) == [None] * 8

    assert count_of(vote_id) == (40, 40)
    assert reads.outcome_of(db.session.get(Vote, vote_id)).totals == {1: 14, 2: 13, 3: 13}


def test_closing_amid_changing_ballots_counts_each_in_its_last_state(app, ana):
    people = [factories.user() for _ in range(24)]
    vote = making.vote(factories.group(ana, *people), ana, kind=IRV)
    vote_id, ids, voted = vote.id, [person.id for person in people], threading.Semaphore(0)

    def voter(mine):
        def act():
            stands = {}
            for turn, user_id in enumerate(mine * 1000):
                first, second = 1 + turn % 3, 1 + (turn // 3 + turn + 1) % 3
                try:
                    casting(vote_id, user_id, *dict.fromkeys((first, second)))()
                    db.session.commit()
                except BallotRefused as refused:
                    db.session.rollback()
                    return stands if refused.codes == ["closed"] else None
                if user_id not in stands:
                    voted.release()
                stands[user_id] = ">".join(map(str, dict.fromkeys((first, second))))
            return None

        return act

    *stood, _closed = everyone_at_once(
        app, [*(voter(ids[n::4]) for n in range(4)), closing(vote_id, voted, len(ids))]
    )

    expected = {user_id: choice for mine in stood for user_id, choice in mine.items()}
    assert set(expected) == set(ids)
    assert status(vote_id) == expected
    assert count_of(vote_id) == (len(expected), len(expected))
    assert finding_of(vote_id) == tally.count(
        Counter(expected.values()).items(), counting.rules_of(db.session.get(Vote, vote_id))
    )


def status(vote_id):
    """Return who chose what, from the ballots."""
    rows = db.session.execute(
        sa.select(Ballot.user_id, Ballot.choice).where(Ballot.vote_id == vote_id)
    )
    return dict(rows.all())


def finding_of(vote_id):
    """Return the outcome saved at closing."""
    return Outcome.from_json(db.session.get(Vote, vote_id, populate_existing=True).finding)


def test_control_without_the_lock_a_ballot_comes_after_the_count(app, group, ana, monkeypatch):
    vote_id, looked, closed = making.vote(group, ana).id, threading.Semaphore(0), threading.Event()
    ballot_of = reads.ballot_of

    def slowly(user, vote):
        found = ballot_of(user, vote)
        looked.release()
        assert closed.wait(60)
        return found

    def closer():
        closing(vote_id, looked, 1, seconds=0)()
        db.session.commit()
        closed.set()

    monkeypatch.setattr(ballots, "locked", lambda model, row_id: db.session.get(model, row_id))
    monkeypatch.setattr(reads, "ballot_of", slowly)
    voted, _closed = everyone_at_once(app, [casting(vote_id, ana.id, 1), closer], deferred=True)

    if db.engine.dialect.name == "sqlite":
        assert isinstance(voted, OperationalError)
    else:
        assert (count_of(vote_id)[0], finding_of(vote_id).cast) == (1, 0)


def test_two_parallel_first_ballots_open_a_vote_once(app, group, ana, ben):
    vote = making.coming(group, ana)
    vote.opens_at = database_clock.now() - timedelta(seconds=1)
    db.session.commit()
    vote_id = vote.id

    done = everyone_at_once(
        app,
        [
            casting(vote_id, ana.id, 1),
            casting(vote_id, ben.id, 2),
            lambda: lifecycle.open_now(vote_id),
        ],
    )

    assert done[:2] == ["1", "2"]
    assert count_of(vote_id) == (2, 2)
    assert db.session.get(Vote, vote_id).roll_count == 2


@pytest.fixture
def unprotected(monkeypatch):
    """Remove the lock, and let both voters look for their ballot before either writes."""
    monkeypatch.setattr(ballots, "locked", lambda model, row_id: db.session.get(model, row_id))
    monkeypatch.setattr(
        reads, "ballot_of", waiting_for_each_other(reads.ballot_of, patience=SURELY)
    )


def test_control_without_the_lock_ballots_are_lost_or_refused(app, group, ana, ben, unprotected):
    vote_id = making.vote(group, ana).id

    done = everyone_at_once(
        app, [casting(vote_id, ana.id, 1), casting(vote_id, ben.id, 1)], deferred=True
    )

    if db.engine.dialect.name == "sqlite":
        assert [type(one) for one in done].count(OperationalError) == 1
    else:
        assert count_of(vote_id) == (2, 1)


def test_control_without_the_lock_the_constraint_stops_a_second_ballot(
    app, group, ana, unprotected
):
    vote_id = making.vote(group, ana).id

    done = everyone_at_once(
        app, [casting(vote_id, ana.id, 1), casting(vote_id, ana.id, 2)], deferred=True
    )

    refused = [one for one in done if isinstance(one, (IntegrityError, OperationalError))]
    assert len(refused) == 1
    assert count_of(vote_id)[0] == 1


@pytest.mark.postgresql
def test_control_without_lock_and_constraint_one_person_has_two_ballots(
    app, group, ana, unprotected
):
    if db.engine.dialect.name != "postgresql":
        return  # one writer at a time: SQLite can't show this state
    vote_id, user_id = making.vote(group, ana).id, ana.id
    db.session.rollback()
    name = "uq_ballot_vote_id_user_id"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE ballot DROP CONSTRAINT {name}")
    try:
        everyone_at_once(app, [casting(vote_id, user_id, 1), casting(vote_id, user_id, 2)])
        assert count_of(vote_id)[0] == 2
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM ballot")
            connection.exec_driver_sql(
                f"ALTER TABLE ballot ADD CONSTRAINT {name} UNIQUE (vote_id, user_id)"
            )
