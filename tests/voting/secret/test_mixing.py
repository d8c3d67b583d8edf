"""When ballots are mixed, what is announced of it, and the final count."""

import io
import zipfile
from datetime import timedelta

import pytest

from tests import factories
from tests.voting import making
from webapp.core.extensions import db
from webapp.core.http.errors import Conflict
from webapp.core.jobs.queue import JOBS, SCHEDULES
from webapp.core.time import clock
from webapp.voting import access, reads, tally
from webapp.voting.ballots.refusals import BallotRefused
from webapp.voting.models import SecretBallot, SecretLink, SecretRoll
from webapp.voting.planning import lifecycle
from webapp.voting.results import counting
from webapp.voting.secret import ballots_csv, bundle, chain, mixing, reads as secret
from webapp.voting.secret.keys import fresh
from webapp.voting.tally import Outcome
from webapp.voting.tally.rules import STV

from . import boxes


@pytest.fixture
def it(ana):
    return boxes.box(ana, others=11)


def run(name):
    JOBS[name]()


def kinds(vote):
    return [(link.kind, link.n) for link in secret.links(vote)]


def test_mixing_runs_every_ten_minutes(app):
    assert SCHEDULES["voting.mix"] == 600


def test_five_new_or_changed_ballots_are_announced_and_four_are_not(it):
    keys = [boxes.cast(it.vote, person, 1) for person in it.people[:4]]
    run("voting.mix")
    assert (kinds(it.vote), it.vote.ballot_count) == ([("open", 0)], 0)

    keys.append(boxes.cast(it.vote, it.people[4], 1))
    run("voting.mix")
    run("voting.mix")
    assert (kinds(it.vote), it.vote.ballot_count) == ([("open", 0), ("mix", 5)], 5)

    boxes.cast(it.vote, it.people[5], 1)
    for person, key in list(zip(it.people, keys, strict=False))[:3]:
        boxes.change(it.vote, person, key, 2)
    boxes.change(it.vote, it.people[0], keys[0], 3)  # the same one again
    run("voting.mix")
    assert kinds(it.vote)[-1] == ("mix", 5)
    boxes.change(it.vote, it.people[3], keys[3], 2)
    run("voting.mix")
    assert kinds(it.vote)[-1] == ("mix", 6)
    assert chain.sound(secret.links(it.vote)) is None


def test_the_second_of_two_parallel_jobs_announces_no_single_ballot(it):
    for person in it.people[:5]:
        boxes.cast(it.vote, person, 1)
    both = mixing.due(), mixing.due()
    assert [mixing.mix_due(vote_id).n for vote_id in both[0]] == [5]
    db.session.commit()
    boxes.cast(it.vote, it.people[5], 1)

    assert [mixing.mix_due(vote_id) for vote_id in both[1]] == [None]

    assert kinds(it.vote) == [("open", 0), ("mix", 5)]
    assert boxes.rows(SecretBallot, it.vote, "is_fresh").count((True,)) == 1


def test_a_mix_keeps_every_row_and_reveals_no_single_one(it, ana, signals):
    boxes.all_cast(it)
    names = ("tracker", "choice", "commitment")
    before = (
        boxes.rows(SecretBallot, it.vote, *names),
        boxes.rows(SecretRoll, it.vote, "user_id", "voted"),
    )
    signals.clear()
    boxes.mixed(it.vote)

    assert (
        boxes.rows(SecretBallot, it.vote, *names),
        boxes.rows(SecretRoll, it.vote, "user_id", "voted"),
    ) == before
    assert {fresh for (fresh,) in boxes.rows(SecretBallot, it.vote, "is_fresh")} == {False}
    assert signals == [f"vote:{it.vote.id}:ballots"]
    assert reads.open_of(it.vote.group, ana)[0].meta.endswith("12 of 12 voted")


def test_votes_are_mixed_separately(ana):
    one, other = boxes.box(ana), boxes.box(ana)
    boxes.all_cast(one)
    boxes.all_cast(other)

    assert mixing.due() == sorted([one.vote.id, other.vote.id])
    boxes.mixed(one.vote)
    assert mixing.due() == [other.vote.id]
    assert len(boxes.rows(SecretBallot, other.vote, "tracker")) == 8


def test_ended_votes_are_not_mixed(it, at):
    boxes.all_cast(it)
    boxes.closed(it.vote, at)

    assert mixing.due() == mixing.unmixed() == []
    assert boxes.mixed(it.vote) is None


def test_a_checkpoint_binds_the_choices_without_letting_anyone_guess_them(it, at):
    keys = boxes.all_cast(it)
    link = boxes.mixed(it.vote)
    there = ballots_csv.csv_of(secret.papers(it.vote))
    ((salt,),) = [row for row in boxes.rows(SecretLink, it.vote, "salt") if row[0]]
    assert link.root == ballots_csv.root_of(there + salt.encode())
    assert link.root != ballots_csv.root_of(there), (
        "else all ballots of the end, but those of a few, would tell who came late"
    )

    boxes.change(it.vote, it.people[0], keys[it.people[0].id], 3)
    assert (
        ballots_csv.root_of(ballots_csv.csv_of(secret.papers(it.vote)) + salt.encode()) != link.root
    )
    boxes.closed(it.vote, at)
    assert boxes.rows(SecretLink, it.vote, "salt") == [("",)] * 3


def test_the_mix_of_a_backup_announces_nothing_and_keeps_the_count(it, signals):
    for person in it.people[:3]:
        boxes.cast(it.vote, person, 1)
    signals.clear()
    assert mixing.unmixed() == [it.vote.id]
    assert mixing.stir(it.vote.id) == 3
    db.session.commit()

    assert (kinds(it.vote), it.vote.ballot_count, signals) == ([("open", 0)], 0, [])
    for person in it.people[3:5]:
        boxes.cast(it.vote, person, 1)
    assert mixing.due() == [it.vote.id]


def test_closing_adds_the_last_link_and_stores_the_result(it, at):
    boxes.all_cast(it)
    boxes.closed(it.vote, at)

    assert kinds(it.vote) == [("open", 0), ("close", 12)]
    assert secret.links(it.vote)[-1].root == ballots_csv.root_of(
        ballots_csv.csv_of(secret.papers(it.vote))
    )
    assert (it.vote.ballot_count, secret.marked(it.vote)) == (12, 12)
    assert counting.outcome_of(it.vote).totals == {1: 4, 2: 4, 3: 4}
    assert it.vote.finding is not None


def test_results_and_files_are_unavailable_before_closing(it, ana):
    boxes.all_cast(it)
    boxes.mixed(it.vote)

    assert not access.can_see_results(ana, it.vote)
    with pytest.raises(Conflict):
        bundle.bundle_of(it.vote)
    with pytest.raises(BallotRefused):
        bundle.checked(it.vote, "")


def test_a_secret_vote_never_opened_in_time_closes_without_a_chain(ana, at):
    vote = making.coming(factories.group(ana), ana, is_secret=True)
    at(vote.closes_at)
    lifecycle.close(vote.id)
    db.session.commit()

    assert (secret.links(vote), secret.head(vote), vote.finding["cast"]) == ([], "", 0)


def test_five_ballots_keep_the_whole_outcome_and_can_be_downloaded(ana, at):
    it = boxes.box(ana, kind=STV, seats=2)
    for person, choice in zip(it.people, ["1>2", "2>1", "3", "1>2", "2>1"], strict=False):
        boxes.says(it.vote, person, choice)
    boxes.closed(it.vote, at)
    whole = tally.count(counting.profile_of(it.vote), counting.rules_of(it.vote))

    assert Outcome.from_json(it.vote.finding) == whole
    assert whole.stages
    with zipfile.ZipFile(io.BytesIO(bundle.bundle_of(it.vote))) as zipped:
        assert zipped.read("ballots.csv") == ballots_csv.csv_of(secret.papers(it.vote))


def test_a_key_finds_its_counted_ballot_and_reveals_a_changed_one(it, at):
    keys = boxes.all_cast(it)
    key = keys[it.people[1].id]
    boxes.closed(it.vote, at)

    assert bundle.checked(it.vote, key.lower()) == (True, "2", True)
    assert bundle.checked(it.vote, fresh()) == (False, "", False)
    with pytest.raises(BallotRefused):
        bundle.checked(it.vote, "nonsense")
    flip = (
        SecretBallot.__table__.update()
        .where(SecretBallot.tracker == boxes.tracker(it, key))
        .values(choice="1")
    )
    db.session.execute(flip)
    assert bundle.checked(it.vote, key) == (True, "1", False)
    db.session.rollback()


def test_closing_twice_has_one_effect(it, at):
    boxes.all_cast(it)
    boxes.closed(it.vote, at)
    at(clock.now() + timedelta(hours=1))

    assert not lifecycle.close(it.vote.id)
    assert [kind for kind, _n in kinds(it.vote)].count("close") == 1
