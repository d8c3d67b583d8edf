"""Parallel secret ballots, during a mix and during closing, each with its control."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.groups.racing import SURELY, waiting_for_each_other
from tests.voting.test_races import closing, everyone_at_once
from webapp.accounts.models import User
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.voting import access, tally
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.models import SecretBallot, SecretRoll, Vote
from webapp.voting.planning import lifecycle
from webapp.voting.results import counting
from webapp.voting.secret import ballots_csv, casting, chain, keys, mixing, purge, reads as secret
from webapp.voting.tally import Outcome

from . import boxes


def casting_of(vote_id, user_id, number):
    def act():
        vote, user = db.session.get(Vote, vote_id), db.session.get(User, user_id)
        return casting.cast(vote, user, [(number, 1)])

    return act


def box_of(vote_id):
    """Return the choices by tracker, and who is marked."""
    db.session.rollback()
    vote = db.session.get(Vote, vote_id, populate_existing=True)
    held = dict(boxes.rows(SecretBallot, vote, "tracker", "choice"))
    return (
        vote,
        held,
        {user_id for user_id, voted in boxes.rows(SecretRoll, vote, "user_id", "voted") if voted},
    )


def test_twenty_parallel_casts_of_one_person_make_one_ballot(app, ana):
    it = boxes.box(ana)
    vote_id, user_id = it.vote.id, ana.id

    done = everyone_at_once(app, [casting_of(vote_id, user_id, 1 + n % 3) for n in range(20)])

    given = [one for one in done if isinstance(one, str)]
    assert len(given) == 1
    assert [one.codes for one in done if isinstance(one, BallotRefused)] == [["already_voted"]] * 19
    _vote, held, marked = box_of(vote_id)
    assert (list(held), marked) == ([keys.tracker_of(str(vote_id), given[0])], {user_id})


def test_a_form_sent_in_parallel_makes_one_ballot_and_returns_its_key(app, ana):
    it = boxes.box(ana)
    vote_id, user_id = it.vote.id, ana.id

    def act():
        vote, user = db.session.get(Vote, vote_id), db.session.get(User, user_id)
        return casting.cast(vote, user, [(2, 1)], word="w" * 24)

    done = everyone_at_once(app, [act] * 6)

    _vote, held, marked = box_of(vote_id)
    assert len(set(done)) == 1
    assert (list(held), marked) == ([keys.tracker_of(str(vote_id), done[0])], {user_id})


@pytest.fixture
def unguarded(monkeypatch):
    """Read the voter's row first and mark it later, without checking whether it was marked
    meanwhile.
    """

    def mark(vote, by):
        mine = (SecretRoll.vote_id == vote.id, SecretRoll.user_id == by.id)
        db.session.execute(
            sa.update(SecretRoll)
            .where(*mine)
            .values(voted=True)
            .execution_options(synchronize_session=False)
        )
        return True

    monkeypatch.setattr(
        access, "has_voted", waiting_for_each_other(access.has_voted, patience=SURELY)
    )
    monkeypatch.setattr(casting, "_mark", mark)


def test_control_without_the_row_count_check_one_person_has_two_ballots(app, ana, unguarded):
    it = boxes.box(ana)
    vote_id, user_id = it.vote.id, ana.id

    done = everyone_at_once(
        app, [casting_of(vote_id, user_id, 1), casting_of(vote_id, user_id, 2)], deferred=True
    )

    if db.engine.dialect.name == "sqlite":  # one writer at a time
        assert [type(one) for one in done].count(OperationalError) == 1
    else:
        assert len(box_of(vote_id)[1]) == 2


def amid(app, ana, people, voters, seconds):
    """Let everyone cast a ballot and then change it repeatedly, while the box is mixed, and until
    it closes.

    It closes this many seconds after everyone has voted.
    """
    it = boxes.box(ana, others=people - 1)
    vote_id, ids, voted = it.vote.id, [person.id for person in it.people], threading.Semaphore(0)

    def voter(mine):
        def act():
            stands, held = {}, {}
            for turn, user_id in enumerate(mine * 1000):
                number = 1 + turn % 3
                try:
                    vote, user = db.session.get(Vote, vote_id), db.session.get(User, user_id)
                    if user_id in held:
                        casting.change(vote, user, held[user_id], [(number, 1)])
                        key = held[user_id]
                    else:
                        key = casting.cast(vote, user, [(number, 1)])
                    db.session.commit()
                except BallotRefused as refused:
                    db.session.rollback()
                    return (
                        {held[one]: choice for one, choice in stands.items()}
                        if refused.codes == ["closed"]
                        else None
                    )
                if user_id not in held:
                    voted.release()
                held[user_id], stands[user_id] = key, str(number)
            return None

        return act

    over, close = threading.Event(), closing(vote_id, voted, people, seconds)

    def shaking():
        while not over.is_set() and mixing.mix(vote_id):
            db.session.commit()

    def closer():
        try:
            close()
            db.session.commit()
        finally:
            over.set()

    *stood, _shaken, closed = everyone_at_once(
        app, [*(voter(ids[n::voters]) for n in range(voters)), shaking, closer]
    )
    assert closed is None
    return vote_id, {key: choice for mine in stood for key, choice in mine.items()}


def settled_exactly(vote_id, expected):
    """Assert that the box contains everyone's last choice, and that the result, the chain and the
    roll agree.
    """
    vote, held, marked = box_of(vote_id)
    assert held == {keys.tracker_of(str(vote_id), key): choice for key, choice in expected.items()}
    assert len(marked) == len(held) == vote.ballot_count
    links = secret.links(vote)
    assert chain.sound(links) is None
    assert (links[-1].kind, links[-1].root) == (
        "close",
        ballots_csv.root_of(ballots_csv.csv_of(secret.papers(vote))),
    )
    counted = tally.count(Counter(expected.values()).items(), counting.rules_of(vote))
    assert Outcome.from_json(vote.finding) == (
        counted if len(held) >= 5 else counted.without_figures
    )


def test_closing_amid_nine_voters_counts_each_ballot_entirely_or_not(app, ana):
    vote_id, expected = amid(app, ana, people=9, voters=3, seconds=0.3)

    assert len(expected) == 9
    settled_exactly(vote_id, expected)


@pytest.mark.deep
def test_closing_amid_forty_voters_counts_each_ballot_entirely_or_not(app, ana):
    vote_id, expected = amid(app, ana, people=40, voters=8, seconds=3)

    assert len(expected) == 40
    settled_exactly(vote_id, expected)


def cast_in_the_closing_second(app, ana, monkeypatch, patience):
    """Hold someone up between checking the time and casting, and let the vote close meanwhile, if
    it can within `patience` seconds.

    A busy machine has one and a half seconds until the check.
    """
    it = boxes.box(ana)
    boxes.all_cast(it._replace(people=it.people[1:]))
    it.vote.closes_at = database_clock.now() + timedelta(seconds=1.5)
    db.session.commit()
    vote_id, user_id = it.vote.id, it.people[0].id
    looked, closed = threading.Event(), threading.Event()
    mark = casting._mark

    def slowly(vote, by):
        looked.set()
        closed.wait(patience)
        return mark(vote, by)

    def closer():
        looked.wait(60)
        while not lifecycle.close(vote_id):
            db.session.commit()
        db.session.commit()
        closed.set()

    monkeypatch.setattr(casting, "_mark", slowly)
    return vote_id, everyone_at_once(app, [casting_of(vote_id, user_id, 1), closer])


def test_a_ballot_cast_in_the_closing_second_counts_and_the_close_waits(app, ana, monkeypatch):
    vote_id, (key, _closed) = cast_in_the_closing_second(app, ana, monkeypatch, patience=2)

    vote, held, marked = box_of(vote_id)
    assert keys.tracker_of(str(vote_id), key) in held
    assert len(held) == len(marked) == vote.ballot_count == vote.finding["cast"] == 8


@pytest.mark.postgresql
def test_control_without_the_lock_a_ballot_comes_after_the_last_link(app, ana, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        return  # its single writer is the lock
    monkeypatch.setattr(casting, "shared", lambda model, row_id: db.session.get(model, row_id))
    monkeypatch.setattr(purge, "renew", lambda: None)  # it waits for everyone who has read the roll
    vote_id, (key, _closed) = cast_in_the_closing_second(app, ana, monkeypatch, patience=60)

    vote, held, _marked = box_of(vote_id)
    assert keys.tracker_of(str(vote_id), key) in held
    assert (len(held), vote.finding["cast"]) == (8, 7)
