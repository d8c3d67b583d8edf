"""Lots, and the kinds that the largest sum wins."""

from fractions import Fraction

import pytest

from webapp.voting import tally
from webapp.voting.tally import Rules, lot
from webapp.voting.tally.outcome import Tie
from webapp.voting.tally.rules import KINDS

from .profiles import SEED, by_seed, count

pytestmark = pytest.mark.any_database


def test_lots_match_their_published_examples():
    assert [lot.digest(SEED, number)[:4] for number in range(1, 6)] == [
        "5b15",
        "3a4a",
        "ae9b",
        "47c0",
        "fcd7",
    ]
    assert lot.order(SEED, 5) == [2, 4, 1, 3, 5]


def test_lot_secrets_are_64_digits_and_unique():
    seeds = {lot.new_secret() for _ in range(20)}

    assert len(seeds) == 20
    assert all(len(seed) == 64 and int(seed, 16) >= 0 for seed in seeds)


def test_every_kind_has_a_counting_method():
    assert tuple(tally.METHODS) == tuple(KINDS)


def test_the_option_with_most_votes_wins():
    outcome = by_seed("single", [("1", 3), ("2", 5), ("3", 1), ("", 2)], 4)

    assert outcome.totals == {1: 3, 2: 5, 3: 1, 4: 0}
    assert (outcome.cast, outcome.blank, outcome.valid) == (11, 2, 9)
    assert (outcome.winner, outcome.tied, outcome.ties) == (2, (), ())


def test_approval_counts_every_option_of_a_ballot():
    outcome = by_seed("approval", [("1+3", 2), ("3", 1), ("2+3", 1), ("1", 1)], 3)

    assert outcome.totals == {1: 3, 2: 1, 3: 4}
    assert outcome.winner == 3


@pytest.mark.parametrize(
    ("profile", "tied", "winner"),
    [
        ([("1", 2), ("3", 2), ("5", 1)], (1, 3), 1),
        ([("1", 2), ("4", 2)], (1, 4), 4),
        ([("1", 1), ("2", 1), ("3", 1), ("4", 1), ("5", 1)], (1, 2, 3, 4, 5), 2),
    ],
)
def test_a_tie_is_named_and_decided_by_lot(profile, tied, winner):
    outcome = by_seed("single", profile, 5)

    lots = tuple(number for number in (2, 4, 1, 3, 5) if number in tied)
    assert (outcome.tied, outcome.winner) == (tied, winner)
    assert outcome.ties == (Tie("winner", tied, "lot", lots, (winner,)),)
    assert outcome.verdict == "tie"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("profile", [[], [("", 4)]])
def test_without_a_valid_ballot_no_option_wins(kind, profile):
    outcome = by_seed(kind, profile, 3, seats=2)

    assert (outcome.winner, outcome.tied, outcome.ties) == (None, (), ())
    assert (outcome.verdict, outcome.leaders, outcome.stages) == ("no_result", (), ())
    assert set(outcome.totals.values()) <= {0}
    assert set(outcome.places.values()) <= {1}


def test_an_unscored_option_gets_no_points():
    outcome = count("score", [("1:5", 1), ("2:3", 2), ("", 5)], 2)

    assert (outcome.totals, outcome.winner) == ({1: 5, 2: 6}, 2)
    assert (outcome.mean(1), outcome.mean(2)) == (Fraction(5, 3), 2)


def test_rules_know_the_highest_score():
    assert [Rules(kind, 3, SEED, score_max=10).highest for kind in ("score", "star")] == [10, 5]
