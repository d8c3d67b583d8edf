"""A secret ballot is cast once, changed with its key, and not linked to its voter."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.voting import making
from webapp.core import hooks
from webapp.core.db import database_clock
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.time import clock
from webapp.voting import access, reads
from webapp.voting.ballots import casting as ballots
from webapp.voting.ballots.refusals import FIELDS, SENTENCES, BallotRefused
from webapp.voting.models import Ballot, SecretBallot, SecretRoll, Voter
from webapp.voting.planning import lifecycle
from webapp.voting.secret import casting, keys

from . import boxes


@pytest.fixture
def it(ana):
    return boxes.box(ana)


def refused(act, *args, **options):
    with pytest.raises(BallotRefused) as broken:
        act(*args, **options)
    db.session.rollback()
    for one, code in zip(broken.value.refusals, dict.fromkeys(broken.value.codes), strict=False):
        assert one.field == FIELDS.get(code, "choice")
    return broken.value.codes


def cast(it, by, *numbers, **options):
    return refused(casting.cast, it.vote, by, making.ticks(numbers), **options)


def test_a_ballot_is_stored_under_the_tracker_of_its_key(it, ana):
    key = boxes.cast(it.vote, ana, 2)

    assert keys.read(key) == key
    (row,) = boxes.rows(SecretBallot, it.vote, "tracker", "choice", "commitment", "is_fresh")
    assert row == (keys.tracker_of(it.poll, key), "2", keys.commitment_of(it.poll, key, "2"), True)
    assert boxes.rows(SecretRoll, it.vote, "user_id", "voted") == sorted(
        (person.id, person.id == ana.id) for person in it.people
    )


def test_voter_list_and_ballots_share_no_column_but_the_vote():
    roll, box = (
        {column.name for column in model.__table__.columns} for model in (SecretRoll, SecretBallot)
    )

    assert roll & box == {"vote_id"}
    assert not [
        column for column in SecretBallot.__table__.columns if "DateTime" in str(type(column.type))
    ]
    assert {key.column.table.name for key in SecretBallot.__table__.foreign_keys} == {"vote"}


def test_abstaining_is_a_ballot_without_a_choice(it, ana):
    boxes.cast(it.vote, ana)

    assert boxes.rows(SecretBallot, it.vote, "choice") == [("",)]


def test_each_voter_has_one_ballot_and_sees_that_it_was_cast(it, ana, ben):
    boxes.cast(it.vote, ana, 1)

    assert cast(it, ana, 2) == cast(it, ana, 7, 7) == ["already_voted"]
    assert (access.has_voted(ana, it.vote), access.has_voted(it.people[0], it.vote)) == (
        True,
        False,
    )
    state = reads.voter_state(ana, it.vote)
    assert (state.has_voted, state.ballot) == (True, None)
    assert [row.has_voted for row in reads.open_of(it.vote.group, ana)] == [True]
    assert [row.is_to_do for row in reads.open_of(it.vote.group, it.people[0])] == [True]
    assert reads.listed(ana, reads.TO_DO).items == []


def test_every_refusal_reason_is_reported_at_once(it, cem):
    assert cast(it, cem, 1, 1, 7) == [
        "not_on_roll",
        "duplicate_option",
        "unknown_option",
        "too_many",
    ]
    assert cast(it, it.people[0]) == ["empty"]
    assert cast(it, it.people[0], 1, version=it.vote.version + 1) == ["question_changed"]


def test_voting_is_possible_only_from_opening_until_closing(ana, at):
    it = boxes.box(ana, opens_at=clock.now() + timedelta(hours=1))
    opens, closes, tick = it.vote.opens_at, it.vote.closes_at, timedelta(microseconds=1)

    at(opens)
    assert cast(it, ana, 1) == ["not_open"], (
        "the roll is not written in the transaction of a ballot"
    )
    lifecycle.open_now(it.vote.id)
    db.session.commit()
    key = boxes.cast(it.vote, ana, 1)
    at(closes - tick)
    boxes.cast(it.vote, it.people[0], 2)
    boxes.change(it.vote, ana, key, 3)
    at(closes)
    assert cast(it, it.people[1], 3) == ["closed"]
    assert refused(casting.change, it.vote, ana, key, making.ticks([1])) == ["closed"]
    assert refused(casting.found, it.vote, ana, key) == ["closed"]
    assert boxes.rows(SecretBallot, it.vote, "choice") == [("2",), ("3",)]


@pytest.mark.parametrize("verb", ["cast", "change"])
def test_the_clock_is_read_after_the_lock(it, ana, monkeypatch, verb):
    key, steps, module = (
        boxes.cast(it.vote, it.people[0], 1),
        [],
        {"cast": casting, "change": casting}[verb],
    )
    shared, now = module.shared, database_clock.now
    monkeypatch.setattr(module, "shared", lambda *args: (steps.append("lock"), shared(*args))[1])
    monkeypatch.setattr(database_clock, "now", lambda: (steps.append("clock"), now())[1])

    if verb == "cast":
        casting.cast(it.vote, ana, [(1, 1)])
    else:
        casting.change(it.vote, it.people[0], key, [(1, 1)])

    assert steps == ["lock", "clock"]


def test_a_key_finds_and_changes_its_ballot_however_it_is_typed(it, ana):
    key = boxes.cast(it.vote, ana, 2)
    typed = keys.spelled(key).lower().replace("0", "o").replace("1", "l")

    assert casting.found(it.vote, ana, typed) == "2"
    boxes.change(it.vote, ana, typed, 3)

    assert casting.found(it.vote, ana, key) == "3"
    (row,) = boxes.rows(SecretBallot, it.vote, "tracker", "choice", "commitment")
    assert row == (keys.tracker_of(it.poll, key), "3", keys.commitment_of(it.poll, key, "3"))


def test_a_wrong_key_changes_nothing(it, ana):
    key, other = boxes.cast(it.vote, ana, 2), keys.fresh()
    typo = ("1" if key[0] == "0" else "0") + key[1:]

    assert refused(casting.change, it.vote, ana, typo, [(1, 1)]) == ["key_typo"]
    assert refused(casting.change, it.vote, ana, "", [(1, 1), (2, 1)]) == ["key_typo", "too_many"]
    assert refused(casting.change, it.vote, ana, other, [(1, 1)]) == ["unknown_key"]
    assert refused(casting.found, it.vote, ana, other) == ["unknown_key"]
    assert refused(casting.found, it.vote, ana, typo) == ["key_typo"]
    assert boxes.rows(SecretBallot, it.vote, "choice") == [("2",)]


def test_a_key_works_only_for_a_voter_who_voted_and_in_its_own_vote(it, ana, cem):
    key, elsewhere = boxes.cast(it.vote, ana, 2), making.vote(it.vote.group, ana, is_secret=True)
    boxes.cast(elsewhere, ana, 1)

    assert refused(casting.change, it.vote, it.people[0], key, [(1, 1)]) == ["unknown_key"]
    assert refused(casting.found, it.vote, cem, key) == ["not_on_roll"]
    assert refused(casting.change, elsewhere, ana, key, [(1, 1)]) == ["unknown_key"]


def test_leaving_members_keep_a_cast_ballot_but_cannot_change_it(it, ana):
    ben, other = it.people[0], it.people[1]
    key = boxes.cast(it.vote, ben, 2)
    for person in (ben, other):
        hooks.member_left(group=it.vote.group, user=person, by_choice=True)
    db.session.commit()

    assert cast(it, ben, 1) == cast(it, other, 1) == ["left"]
    assert refused(casting.change, it.vote, ben, key, [(1, 1)]) == ["left"]
    assert boxes.rows(SecretBallot, it.vote, "choice") == [("2",)]


def test_the_voter_list_is_not_extended_after_opening(it, cem):
    factories.membership(it.vote.group, cem)

    assert cast(it, cem, 1) == ["not_on_roll"]


def test_a_secret_vote_takes_no_ballot_with_a_name(it, ana):
    with pytest.raises(Conflict):
        ballots.cast(it.vote, by=ana, marks=[(1, 1)])

    assert db.session.scalars(sa.select(Ballot)).all() == []


def test_casting_sends_no_signal_and_writes_nothing_else(it, ana, signals, app):
    signals.clear()
    app.extensions["queue"].clear()
    before = boxes.whole()
    key = boxes.cast(it.vote, ana, 1)
    assert boxes.changed_tables(before) == {"secret_roll", "secret_ballot"}

    before = boxes.whole()
    boxes.change(it.vote, ana, key, 2)

    assert boxes.changed_tables(before) == {"secret_ballot"}
    assert signals == []
    assert app.extensions["queue"].take() is None
    assert it.vote.ballot_count == 0, "how many there are is told at a mix"


def test_the_voter_list_is_stored_as_in_other_votes(it, ana):
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(Voter).where(Voter.vote_id == it.vote.id)
        )
        == 8
    )
    assert it.vote.roll_count == len(boxes.rows(SecretRoll, it.vote, "user_id")) == 8


def test_each_refusal_has_a_sentence():
    for code in ("already_voted", "key_typo", "unknown_key", "not_counted"):
        assert str(SENTENCES[code]).endswith(".")
