"""Worked examples, each number computed by two independent programs.

Lots follow the numbers of the options unless a test says otherwise.
"""

from fractions import Fraction

import pytest

from webapp.voting.tally.outcome import DateAnswers, Tie

from .profiles import by_seed, count, lettered, pointed, ranked

pytestmark = pytest.mark.any_database

CITIES = "MNCK"
TENNESSEE = ranked("42 MNCK, 26 NCKM, 15 CKNM, 17 KCNM", CITIES)
SCORED = pointed((42, (5, 2, 1, 0)), (26, (0, 5, 2, 1)), (15, (0, 3, 5, 4)), (17, (0, 2, 4, 5)))
SCHULZE = ranked("5 ACBED, 5 ADECB, 8 BEDAC, 3 CABED, 7 CAEBD, 2 CBADE, 7 DCEBA, 8 EBADC")


def table(text):
    """Return the rows of `–,20,26; 25,–,16`."""
    return tuple(
        tuple(0 if cell.strip() == "–" else int(cell) for cell in row.split(","))
        for row in text.split(";")
    )


def stages(outcome):
    """Return what each stage did, to whom, and the votes at its end."""
    return [(stage.action, stage.option, list(stage.totals.values())) for stage in outcome.stages]


def test_tennessee_by_instant_runoff():
    found = count("irv", TENNESSEE, 4)

    assert stages(found) == [
        ("first", None, [42, 26, 15, 17]),
        ("exclusion", 3, [42, 26, 0, 32]),
        ("exclusion", 2, [42, 0, 0, 58]),
    ]
    assert (found.winners, found.ties, found.totals) == ((4,), (), {1: 42, 2: 26, 3: 15, 4: 17})


def test_tennessee_by_schulze():
    found = count("schulze", TENNESSEE, 4)
    nashville = [(found.pairs[1][other], found.pairs[other][1]) for other in (0, 2, 3)]

    assert (found.winners, found.condorcet) == ((2,), 2)
    assert nashville == [(58, 42), (68, 32), (68, 32)]
    assert found.places == {2: 1, 3: 2, 4: 3, 1: 4}


def test_tennessee_by_scores():
    found = count("score", SCORED, 4)

    assert list(found.totals.values()) == [210, 293, 237, 171]
    assert (found.winners, found.mean(2)) == ((2,), Fraction(293, 100))


def test_tennessee_by_star():
    found = count("star", SCORED, 4)

    assert list(found.totals.values()) == [210, 293, 237, 171]
    assert (found.winners, found.stages[0].totals) == ((2,), {2: 68, 3: 32})


def test_schulzes_example_of_45_ballots():
    found = count("schulze", SCHULZE, 5)

    assert found.pairs == table(
        "–,20,26,30,22; 25,–,16,33,18; 19,29,–,17,24; 15,12,28,–,14; 23,27,21,31,–"
    )
    assert found.paths == table(
        "–,28,28,30,24; 25,–,28,33,24; 25,29,–,29,24; 25,28,28,–,24; 25,28,28,31,–"
    )
    assert lettered(sorted(found.places, key=found.places.__getitem__)) == "EACBD"
    assert sorted(found.places.values()) == [1, 2, 3, 4, 5]
    assert (found.winners, found.condorcet, found.ties) == ((5,), None, ())


def test_schulzes_example_of_45_ballots_by_instant_runoff():
    found = by_seed("irv", SCHULZE, 5)

    assert lettered(stage.option for stage in found.stages[1:]) == "DEA"
    assert found.stages[1].totals[2] == found.stages[1].totals[5] == 8
    assert found.ties == (Tie("exclusion", (2, 5), "lot", (2, 5), (5,), 3),)
    assert found.stages[-1].totals == {1: 0, 2: 16, 3: 29, 4: 0, 5: 0}
    assert found.winners == (3,)


def test_nine_ballots_with_two_possible_winners():
    nine = ranked("3 ABCD, 2 DABC, 2 DBCA, 2 CBDA")
    found = by_seed("schulze", nine, 4)

    assert found.paths == table("–,5,5,5; 5,–,7,5; 5,5,–,5; 6,5,5,–")
    assert found.ties == (Tie("winner", (2, 4), "lot", (2, 4), (2,)),)
    assert (found.winners, found.verdict) == ((2,), "tie")
    assert count("schulze", nine, 4, lots=[4, 3, 2, 1]).winners == (4,)


def test_a_cycle_in_which_all_options_tie():
    found = count("schulze", ranked("2 ABC, 2 BCA, 2 CAB"), 3)

    assert found.paths == table("–,4,4; 4,–,4; 4,4,–")
    assert (found.tied, found.winners, set(found.places.values())) == ((1, 2, 3), (1,), {1})


def test_schulze_counts_winning_votes_and_not_margins():
    found = count("schulze", ranked("3 B, 4 A>C>B, 2 C>B>A"), 3)

    assert found.pairs == table("–,4,4; 5,–,3; 2,6,–")
    assert (found.winners, found.ties) == ((3,), ())


def test_instant_runoff_with_exhausted_ballots():
    found = count("irv", ranked("6 A>B, 5 B>A, 4 C>D, 4 D, 2 C, 1 D>C>B"), 4)

    assert stages(found) == [
        ("first", None, [6, 5, 6, 5]),
        ("exclusion", 4, [6, 5, 7, 0]),
        ("exclusion", 2, [11, 0, 7, 0]),
    ]
    assert found.ties == (Tie("exclusion", (2, 4), "lot", (2, 4), (4,), 2),)
    assert [stage.non_transferable for stage in found.stages] == [0, 4, 4]
    assert (found.winners, found.verdict) == ((1,), None)


def test_an_stv_surplus_includes_transferred_ballots():
    found = count("stv", ranked("1 A>B>C, 2 E, 3 D>E>B>C, 5 B, 7 E>C>D>A, 4 C"), 5, seats=3)

    assert (found.quota, found.valid) == (6, 22)
    assert stages(found) == [
        ("first", None, [1, 5, 4, 3, 9]),
        ("surplus", 5, [1, 5, Fraction(19, 3), 3, 6]),
        ("surplus", 3, [1, 5, 6, Fraction(178, 57), 6]),
        ("exclusion", 1, [0, 6, 6, Fraction(178, 57), 6]),
    ]
    assert [stage.non_transferable for stage in found.stages] == [
        0,
        Fraction(2, 3),
        Fraction(50, 57),
        Fraction(50, 57),
    ]
    assert found.stages[1].transfers == {3: Fraction(7, 3)}
    assert [lettered(stage.elected) for stage in found.stages] == ["E", "C", "", "B"]
    assert lettered(found.winners) == "ECB"


def test_stv_votes_are_exact_fractions():
    profile = ranked("3 B, 1 BCA, 1 CDBA, 1 BA, 1 ADB, 1 DBAC, 1 DC, 1 BCAD, 1 ADBC")
    found = count("stv", profile, 4, seats=2)

    assert found.quota == 4
    assert stages(found)[1] == ("surplus", 2, [Fraction(7, 3), 4, Fraction(5, 3), 2])
    assert found.stages[1].non_transferable == 1
    assert stages(found)[2] == ("exclusion", 3, [3, 4, 0, 3])
    assert found.ties == (Tie("seat", (1, 4), "earlier", (), (4,), 4),)
    assert (lettered(found.winners), found.verdict) == ("BA", None)


def test_star_with_a_clear_runoff():
    found = count("star", pointed((3, (5, 4, 0)), (2, (0, 5, 4))), 3)

    assert list(found.totals.values()) == [15, 22, 8]
    assert (found.winners, found.stages[0].totals, found.ties) == ((1,), {2: 2, 1: 3}, ())


def test_star_with_two_options_for_one_final_place_and_an_even_runoff():
    found = count("star", pointed((2, (4, 5, 0)), (2, (3, 4, 3)), (4, (1, 1, 3))), 3)

    assert list(found.totals.values()) == [18, 22, 18]
    assert found.ties == (
        Tie("final", (1, 3), "pair", (), (3,)),
        Tie("winner", (2, 3), "sum", (), (2,)),
    )
    assert (found.stages[0].totals, found.winners) == ({2: 4, 3: 4}, (2,))


def test_star_with_three_options_for_two_final_places():
    found = count("star", pointed((1, (4, 5, 3, 2)), (2, (4, 0, 3, 5)), (3, (2, 0, 3, 2))), 4)

    assert list(found.totals.values()) == [18, 5, 18, 18]
    assert found.ties == (
        Tie("final", (1, 3, 4), "fives", (), (4,)),
        Tie("final", (1, 3), "lot", (1, 3), (1,)),
    )
    assert (found.stages[0].totals, found.stages[0].lost) == ({4: 2, 1: 1}, 3)
    assert (found.winners, found.verdict) == ((4,), None)


def test_dots_are_summed():
    found = count("dots", pointed((2, (4, 2, 0)), (3, (0, 1, 5)), (1, (0, 3, 0))), 3, budget=6)

    assert (list(found.totals.values()), found.winners) == ([8, 10, 15], (3,))


def test_dates_count_yes_if_need_be_and_no():
    found = count("date", [("1:y 2:m 3:n", 5), ("1:n 2:y 3:m", 3), ("1:y 2:y", 1)], 3)

    assert list(found.totals.values()) == [6, 9, 3]
    assert found.dates == {
        1: DateAnswers(6, 0, 3),
        2: DateAnswers(4, 5, 0),
        3: DateAnswers(0, 3, 6),
    }
    assert (found.winners, found.ties) == ((2,), ())


@pytest.mark.parametrize(
    ("profile", "starts", "winner", "broken_by"),
    [
        ([("1:m 2:y", 1), ("1:y 2:y", 1)], (100, 200), 2, "yes"),
        ([("1:y 2:m", 1), ("1:m 2:y", 1)], (200, 100), 2, "start"),
        ([("1:y 2:m", 1), ("1:m 2:y", 1)], (100, 100), 1, "number"),
        ([("1:y 2:m", 1), ("1:m 2:y", 1)], (), 1, "number"),
    ],
)
def test_tied_dates_are_decided_without_a_lot(profile, starts, winner, broken_by):
    found = count("date", profile, 2, lots=[2, 1], starts=starts)

    assert found.ties == (Tie("winner", (1, 2), broken_by, (), (winner,)),)
    assert (found.winners, found.verdict) == ((winner,), None)


def test_a_date_on_which_no_one_can_come_is_not_chosen():
    found = count("date", [("1:n 2:n", 3)], 2)

    assert (found.winners, found.verdict, found.dates[1]) == ((), "no_result", DateAnswers(0, 0, 3))


def test_instant_runoff_is_not_monotonic():
    before = count("irv", ranked("39 ABC, 35 BCA, 26 CAB"), 3)
    after = count("irv", ranked("49 ABC, 25 BCA, 26 CAB"), 3)

    assert (lettered(before.winners), before.stages[-1].totals) == ("A", {1: 65, 2: 35, 3: 0})
    assert (lettered(after.winners), after.stages[-1].totals) == ("C", {1: 49, 2: 0, 3: 51})
