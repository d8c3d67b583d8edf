"""Counting, worked by hand and by properties."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.voting import tally
from webapp.voting.tally import lot

pytestmark = pytest.mark.any_database

SEED = f"{0x2A:064x}"
OTHER = f"{7:064x}"


def test_lots_are_as_published():
    assert [lot.digest(SEED, number)[:4] for number in range(1, 6)] == ["5b15", "3a4a", "ae9b", "47c0", "fcd7"]
    assert lot.order(SEED, 5) == [2, 4, 1, 3, 5]


def test_seeds_are_64_digits_and_new():
    seeds = {lot.new_seed() for _ in range(20)}

    assert len(seeds) == 20
    assert all(len(seed) == 64 and int(seed, 16) >= 0 for seed in seeds)


def test_the_option_named_most_wins():
    outcome = tally.count("single", [("1", 3), ("2", 5), ("3", 1), ("", 2)], 4, SEED)

    assert outcome.totals == {1: 3, 2: 5, 3: 1, 4: 0}
    assert (outcome.cast, outcome.blank, outcome.valid) == (11, 2, 9)
    assert (outcome.winner, outcome.decided_by, outcome.tied) == (2, "sum", ())
    assert [outcome.share(number) for number in (1, 2, 3, 4)] == [33, 55, 11, 0]


def test_approval_counts_every_option_of_a_ballot():
    outcome = tally.count("approval", [("1+3", 2), ("3", 1), ("2+3", 1), ("1", 1)], 3, SEED)

    assert outcome.totals == {1: 3, 2: 1, 3: 4}
    assert outcome.winner == 3
    assert outcome.share(3) == 80


@pytest.mark.parametrize(
    ("profile", "tied", "winner"),
    [
        ([("1", 2), ("3", 2), ("5", 1)], (1, 3), 1),
        ([("1", 2), ("4", 2)], (1, 4), 4),
        ([("1", 1), ("2", 1), ("3", 1), ("4", 1), ("5", 1)], (1, 2, 3, 4, 5), 2),
    ],
)
def test_a_tie_is_named_and_broken_by_lot(profile, tied, winner):
    outcome = tally.count("single", profile, 5, SEED)

    assert (outcome.tied, outcome.winner, outcome.decided_by) == (tied, winner, "lot")
    assert outcome.lots == tuple(number for number in (2, 4, 1, 3, 5) if number in tied)


@pytest.mark.parametrize("profile", [[], [("", 4)]])
def test_without_a_valid_ballot_nobody_wins_by_lot(profile):
    outcome = tally.count("single", profile, 3, SEED)

    assert (outcome.winner, outcome.tied, outcome.decided_by) == (None, (), None)
    assert outcome.share(1) == 0


choices = st.sets(st.integers(1, 6)).map(lambda numbers: "+".join(map(str, sorted(numbers))))
piles = st.lists(choices, max_size=40)


@given(piles, st.randoms())
def test_order_and_grouping_change_nothing(ballots, random):
    shuffled = random.sample(ballots, len(ballots))
    grouped = list(Counter(ballots).items())

    one_by_one = tally.count("approval", [(choice, 1) for choice in shuffled], 6, SEED)

    assert one_by_one == tally.count("approval", grouped, 6, SEED)


@given(piles)
def test_sums_are_what_the_ballots_say(ballots):
    outcome = tally.count("approval", [(choice, 1) for choice in ballots], 6, SEED)

    assert sum(outcome.totals.values()) == sum(len(choice.split("+")) for choice in ballots if choice)
    assert outcome.cast == len(ballots)
    if outcome.winner is not None:
        assert outcome.totals[outcome.winner] == max(outcome.totals.values())


@given(piles, st.permutations(range(1, 7)), st.sampled_from([SEED, OTHER]))
def test_renumbering_options_and_lots_renumbers_the_result(ballots, new, seed):
    def renumbered(choice):
        return "+".join(str(number) for number in sorted(new[int(old) - 1] for old in choice.split("+"))) if choice else ""

    before = tally.count("approval", [(choice, 1) for choice in ballots], 6, seed)
    after = tally.count("approval", [(renumbered(choice), 1) for choice in ballots], 6, seed)

    assert after.totals == {new[number - 1]: total for number, total in before.totals.items()}
    assert set(after.tied) == {new[number - 1] for number in before.tied}
    if before.decided_by == "sum":
        assert after.winner == new[before.winner - 1]
