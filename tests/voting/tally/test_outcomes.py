"""Outcomes as JSON, and the amount of work in a count."""

import json
import random
from fractions import Fraction

import pytest

from webapp.voting.tally import Outcome, Rules, choice_strings, counted, staged, stv

from .profiles import SEED, count, pointed, ranked

pytestmark = pytest.mark.any_database

COMPOUNDED = ranked("1 A>B>C, 2 E, 3 D>E>B>C, 5 B, 7 E>C>D>A, 4 C")


def test_fractions_and_integers_are_stored_exactly():
    kept = json.loads(json.dumps(count("stv", COMPOUNDED, 5, seats=3).as_json()))

    assert kept["stages"][2]["totals"] == {"1": 1, "2": 5, "3": 6, "4": "178/57", "5": 6}
    assert kept["stages"][2]["non_transferable"] == "50/57"
    assert kept["winners"] == [5, 3, 2]
    assert Outcome.from_json(kept).stages[2].totals[4] == Fraction(178, 57)


def test_empty_values_are_left_out():
    assert count("single", [("1", 2)], 2).as_json() == {
        "kind": "single",
        "cast": 2,
        "blank": 0,
        "totals": {"1": 2, "2": 0},
        "leaders": [1],
        "winners": [1],
    }


def test_an_outcome_survives_a_json_round_trip():
    for kind, profile in (
        ("stv", COMPOUNDED),
        ("schulze", ranked("2 ABC, 2 BCA, 2 CAB, 1 DE")),
        ("star", pointed((1, (4, 5, 3, 2)), (2, (4, 0, 3, 5)), (3, (2, 0, 3, 2)))),
        ("date", [("1:y 2:m 3:n", 5), ("3:y", 5)]),
        ("proposal", [("agree", 2), ("block", 1)]),
    ):
        found = count(kind, profile, 5, seats=2, roll=30, quorum=10)
        assert Outcome.from_json(json.loads(json.dumps(found.as_json()))) == found


def many(options, ballots=10_000):
    """Return this many ballots that rank all options as groups do: most follow one of a few orders
    part of the way.
    """
    throw = random.Random(7)
    leads = [throw.sample(range(1, options + 1), options) for _lead in range(40)]
    rankings = []
    for _ballot in range(ballots):
        lead = throw.choice(leads)[: throw.randint(1, 4)]
        rest = [number for number in range(1, options + 1) if number not in lead]
        rankings.append(
            ">".join(map(str, [*lead, *throw.sample(rest, throw.randint(0, len(rest)))]))
        )
    return [(ranking, 1) for ranking in rankings]


def test_equal_ballots_move_as_one_and_at_most_once_a_stage():
    profile = many(options=6)
    different = len({choice for choice, _one in profile})
    rules = Rules("stv", 6, SEED, seats=3)
    seats = stv.Seats(choice_strings.pile_of(profile), rules, range(1, 7), seats=3)
    seats.quota = 2_501
    seats.run()

    assert different < 2_000
    assert seats.papers.parcels <= different * len(seats.stages)
    assert (
        seats.papers.parcels
        < 2 * different + sum(len(stage.transfers) for stage in seats.stages) * different / 2
    )
    assert counted(profile, rules, range(1, 7)).winners == tuple(seats.elected)


def test_stv_keeps_one_fraction_per_transfer():
    """All papers of a pile have the same value, so there is one fraction per transfer rather than
    per paper.
    """
    profile = many(options=10)
    seats = stv.Seats(
        choice_strings.pile_of(profile), Rules("stv", 10, SEED, seats=4), range(1, 11), seats=4
    )
    seats.quota = 2_001
    seats.run()

    piles = [len(each) for each in seats.papers.piles.values()]
    assert max(piles) <= sum(2 ** len(seats.elected) for _stage in seats.stages)
    assert sum(piles) < 1_000
    assert isinstance(seats, staged.StagedCount)
