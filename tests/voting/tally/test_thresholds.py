"""Quorums and thresholds, exact to one vote."""

import pytest
from hypothesis import example, given, strategies as st

from webapp.voting.tally import Rules, Threshold, count_as_before, thresholds
from webapp.voting.tally.outcome import ThresholdBar
from webapp.voting.tally.rules import KINDS

from ..kinds import SAMPLES
from .profiles import OPTIONS, SEED, count, profiles, ranked, some

pytestmark = pytest.mark.any_database

HALF = Threshold("voices")
TWO_THIRDS = Threshold("voices", 2, 3, strict=False)
MORE_THAN_TWO_THIRDS = Threshold("voices", 2, 3, strict=True)


def proposal(agree=0, abstain=0, disagree=0, block=0, blank=0, **rules):
    profile = [
        ("agree", agree),
        ("abstain", abstain),
        ("disagree", disagree),
        ("block", block),
        ("", blank),
    ]
    return count("proposal", [(choice, times) for choice, times in profile if times], 0, **rules)


def test_a_quorum_of_half_of_21_is_11():
    assert thresholds.needed(Threshold("roll", 1, 2, strict=False), 21) == 11
    assert count("single", [("1", 10)], 2, roll=21, quorum=50).verdict == "no_quorum"
    assert count("single", [("1", 11)], 2, roll=21, quorum=50).verdict is None
    assert count("single", [("1", 11)], 2, roll=21, quorum=50).quorum == 11


def test_fourteen_to_seven_is_at_least_but_not_more_than_two_thirds():
    assert proposal(14, disagree=7, threshold=TWO_THIRDS).verdict == "carried"
    assert proposal(14, disagree=7, threshold=MORE_THAN_TWO_THIRDS).verdict == "not_carried"
    assert proposal(14, disagree=7, threshold=MORE_THAN_TWO_THIRDS).bar == ThresholdBar(
        "voices", 21, 15, 14
    )


@pytest.mark.parametrize(
    ("of", "base", "verdict"),
    [
        ("voices", 9, "carried"),
        ("valid", 11, "not_carried"),
        ("cast", 14, "not_carried"),
        ("roll", 30, "not_carried"),
        ("present", 8, "carried"),
    ],
)
def test_the_threshold_share_is_of_its_chosen_base(of, base, verdict):
    found = proposal(5, abstain=2, disagree=4, blank=3, roll=30, present=8, threshold=Threshold(of))

    assert (found.bar.of, found.bar.base, found.bar.votes, found.verdict) == (of, base, 5, verdict)


def test_a_proposal_without_a_threshold_needs_more_for_than_against():
    assert proposal(3, abstain=9, disagree=2).verdict == "carried"
    assert proposal(2, disagree=2).verdict == "tie"
    assert proposal(2, disagree=3).verdict == "not_carried"
    assert proposal(3, disagree=2).answers == {"agree": 3, "abstain": 0, "disagree": 2, "block": 0}


@pytest.mark.parametrize(
    ("answers", "rules", "verdict"),
    [
        ({"agree": 9, "block": 1}, {"roll": 21, "quorum": 50}, "no_quorum"),
        ({"blank": 3}, {"roll": 21, "quorum": 50}, "no_quorum"),
        ({"blank": 3}, {}, "no_result"),
        ({"abstain": 3}, {}, "not_carried"),
        ({"agree": 9, "block": 1}, {}, "blocked"),
        ({"agree": 9, "block": 1}, {"blocks": 2}, "carried"),
        ({"agree": 9, "block": 2}, {"blocks": 2}, "blocked"),
        ({"agree": 9, "block": 5}, {"blocks": None}, "carried"),
        ({"agree": 9, "disagree": 5, "block": 4}, {"blocks": None}, "tie"),
        ({"agree": 1}, {"threshold": Threshold("present", 1, 2, strict=False)}, "not_carried"),
    ],
)
def test_verdict_reasons_are_checked_in_a_fixed_order(answers, rules, verdict):
    assert proposal(**answers, **rules).verdict == verdict


def test_a_leader_below_the_threshold_does_not_win():
    found = count("single", [("1", 4), ("2", 5), ("3", 3)], 3, threshold=Threshold("valid"))

    assert (found.verdict, found.leaders, found.winners) == ("not_carried", (2,), ())
    assert found.bar == ThresholdBar("valid", 12, 7, 5)


def test_exactly_half_does_not_win():
    found = count("single", [("1", 5), ("2", 5)], 2, threshold=Threshold("valid"))

    assert (found.verdict, found.tied, found.leaders, found.winner) == ("tie", (1, 2), (1,), None)


def test_exactly_the_required_share_is_enough():
    found = count(
        "approval",
        [("1+2", 5), ("2", 3), ("3", 2)],
        3,
        threshold=Threshold("valid", 4, 5, strict=False),
    )

    assert (found.verdict, found.winners, found.bar) == (
        "carried",
        (2,),
        ThresholdBar("valid", 10, 8, 8),
    )


def test_instant_runoff_thresholds_use_the_deciding_stage():
    profile = ranked("6 A>B, 5 B>A, 4 C>D, 4 D, 2 C, 1 D>C>B")

    assert count("irv", profile, 4, threshold=Threshold("valid")).bar == ThresholdBar(
        "valid", 22, 12, 11
    )
    assert count("irv", profile, 4, threshold=Threshold("valid")).verdict == "tie"
    assert count("irv", profile, 4, threshold=Threshold("valid", 1, 2, strict=False)).winners == (
        1,
    )


DEAD_HEAT = [("1>2", 3), ("2>1", 3)]


@pytest.mark.parametrize(
    ("threshold", "verdict", "winners"),
    [
        (Threshold("valid"), "tie", ()),
        (Threshold("valid", 1, 2, strict=False), "carried", (1,)),
        (Threshold("valid", 2, 3, strict=False), "not_carried", ()),
    ],
)
def test_votes_of_the_tied_loser_do_not_count_for_the_winner(threshold, verdict, winners):
    found = count("irv", DEAD_HEAT, 2, threshold=threshold)

    assert (found.bar.votes, found.bar.base) == (3, 6)
    assert (found.verdict, found.winners) == (verdict, winners)


def test_a_dead_heat_after_exclusions_is_a_tie():
    found = count("irv", ranked("3 AB, 2 BA, 1 CB"), 3, threshold=Threshold("valid"))

    assert found.stages[1].totals == {1: 3, 2: 3, 3: 0}
    assert (found.verdict, found.bar) == ("tie", ThresholdBar("valid", 6, 4, 3))


def test_results_of_earlier_releases_are_judged_by_their_rules():
    """Their published files still verify."""
    found = count_as_before(DEAD_HEAT, Rules("irv", 2, SEED, threshold=Threshold("valid")))

    assert (found.verdict, found.bar.votes) == ("carried", 6)


def naive_deciding_votes(profile, options, excluded, leader):
    """Return the leader's votes when an instant runoff is decided, counted ballot by ballot."""
    left = set(range(1, options + 1))
    for out in [None, *excluded]:
        left.discard(out)
        tops = [
            next((one for one in map(int, choice.split(">")) if one in left), None)
            for choice, times in profile
            for _turn in range(times)
            if choice
        ]
        live = [top for top in tops if top is not None]
        if len(left) == 2 or 2 * live.count(leader) > len(live):
            return live.count(leader)
    raise AssertionError("nothing decided")


@some
@given(profiles("irv").filter(lambda profile: any(choice for choice, _times in profile)))
@example([("1>2", 3), ("2>1", 3)])
@example([("1", 2), ("2", 2), ("3", 2)])
def test_the_deciding_stage_matches_a_naive_count(profile):
    found = count("irv", profile, OPTIONS, threshold=Threshold("valid"))
    excluded = [stage.option for stage in found.stages[1:]]

    assert found.bar.votes == naive_deciding_votes(profile, OPTIONS, excluded, found.leaders[0])
    assert (found.verdict == "carried") == (2 * found.bar.votes > found.valid)


@pytest.mark.parametrize("kind", [kind for kind, it in KINDS.items() if not it.has_threshold])
def test_other_kinds_have_no_threshold(kind):
    found = count(kind, SAMPLES[kind].few[:1], 3, threshold=Threshold("roll"), roll=100)

    assert (found.bar, found.verdict) == (None, None)
    assert found.winners


def test_without_a_quorum_no_option_wins():
    found = count("schulze", [("1>2", 1)], 2, roll=100, quorum=2)

    assert (found.verdict, found.leaders, found.winners, found.quorum) == ("no_quorum", (1,), (), 2)


@given(
    st.integers(0, 500), st.integers(1, 500), st.integers(1, 20), st.integers(1, 20), st.booleans()
)
def test_the_needed_votes_are_the_fewest_that_meet_the_threshold(votes, base, part, whole, strict):
    met = votes * whole > part * base if strict else votes * whole >= part * base

    assert met == (votes >= thresholds.needed(Threshold("valid", part, whole, strict), base))


@given(st.integers(1, 100), st.integers(0, 300), st.integers(0, 300))
def test_a_quorum_is_the_fewest_ballots_that_meet_it(percent, roll, cast):
    found = count("single", [("1", cast)] if cast else [], 2, roll=roll, quorum=percent)

    assert (found.verdict == "no_quorum") == (100 * cast < percent * roll) == (cast < found.quorum)
