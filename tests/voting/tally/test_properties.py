"""Properties of all ballots, with hypothesis: few examples by default, more with EXAMPLES."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from webapp.voting import tally
from webapp.voting.tally import Outcome, Rules, choice_strings, schulze
from webapp.voting.tally.rules import KINDS

from .profiles import OPTIONS, SEED, profiles, renumbered, some

pytestmark = pytest.mark.any_database

ALL = list(range(1, OPTIONS + 1))
lots = st.permutations(ALL)


def counted(kind, profile, order=(), **rules):
    return tally.counted(profile, Rules(kind, OPTIONS, SEED, **{"seats": 2, **rules}), order or ALL)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_order_and_grouping_change_nothing(kind, data):
    profile = data.draw(profiles(kind))
    singly = [(choice, 1) for choice, times in profile for _turn in range(times)]
    shuffled = data.draw(st.permutations(singly))
    grouped = list(Counter(choice for choice, _one in shuffled).items())

    assert counted(kind, profile) == counted(kind, shuffled) == counted(kind, grouped)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_renumbering_options_and_lots_renumbers_the_result(kind, data):
    profile, order, new = data.draw(profiles(kind)), data.draw(lots), data.draw(lots)
    starts = data.draw(st.permutations([10, 20, 30, 40, 50]))
    moved = {new[number - 1]: start for number, start in zip(ALL, starts, strict=True)}
    before = counted(kind, profile, order, starts=tuple(starts))
    after = counted(
        kind,
        [(renumbered(kind, choice, new), times) for choice, times in profile],
        [new[number - 1] for number in order],
        starts=tuple(moved[number] for number in ALL),
    )

    def renamed(numbers):
        return tuple(new[number - 1] for number in numbers)

    assert after.totals == {new[number - 1]: total for number, total in before.totals.items()}
    assert (after.winners, after.verdict) == (renamed(before.winners), before.verdict)
    notified = [
        (
            tie.where,
            set(renamed(tie.who)),
            tie.broken_by,
            renamed(tie.lots),
            set(renamed(tie.picked)),
        )
        for tie in before.ties
    ]
    assert notified == [
        (tie.where, set(tie.who), tie.broken_by, tie.lots, set(tie.picked)) for tie in after.ties
    ]
    assert [stage.elected for stage in after.stages] == [
        renamed(stage.elected) for stage in before.stages
    ]


@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_every_outcome_survives_a_json_round_trip(kind, data):
    found = counted(
        kind, data.draw(profiles(kind)), roll=50, quorum=data.draw(st.sampled_from([None, 20]))
    )

    assert Outcome.from_json(found.as_json()) == found


@some
@given(profiles("schulze"))
def test_a_condorcet_winner_wins_schulze(profile):
    found = counted("schulze", profile)

    if found.condorcet:
        assert (found.winners, found.places[found.condorcet]) == ((found.condorcet,), 1)
        assert list(found.places.values()).count(1) == 1


@some
@given(profiles("schulze"))
def test_pairwise_counts_match_the_ballots(profile):
    found = counted("schulze", profile)
    said = Counter()
    for choice, times in profile:
        place = {
            number: rank
            for rank, tier in enumerate(choice_strings.tiers(choice))
            for number in tier
        }
        for one in ALL if choice else ():
            said.update(
                {
                    (one, other): times
                    for other in ALL
                    if place.get(one, OPTIONS) < place.get(other, OPTIONS)
                }
            )

    assert {(x, y): found.pairs[x - 1][y - 1] for x in ALL for y in ALL} == {
        (x, y): said[x, y] for x in ALL for y in ALL
    }


@some
@given(profiles("irv", blanks=False))
def test_a_majority_of_first_ranks_wins_instant_runoff_at_once(profile):
    found = counted("irv", profile)
    ahead = [number for number, votes in found.totals.items() if 2 * votes > found.valid]

    if ahead:
        assert (list(found.winners), len(found.stages)) == (ahead, 1)


@some
@given(profiles("irv"), lots)
def test_stv_with_one_seat_equals_instant_runoff(profile, order):
    assert counted("stv", profile, order, seats=1).winners == counted("irv", profile, order).winners


@some
@given(profiles("stv"), st.integers(1, 5), lots)
def test_votes_are_neither_lost_nor_created(profile, seats, order):
    found = counted("stv", profile, order, seats=seats)

    for stage in found.stages:
        assert sum(stage.totals.values()) + stage.non_transferable == found.valid
    for before, after in pairwise(found.stages):
        gone = before.totals[after.option] - after.totals[after.option]
        assert gone == sum(after.transfers.values()) + after.lost
        assert all(
            after.totals[number] == before.totals[number] + votes
            for number, votes in after.transfers.items()
        )
    assert len(set(found.winners)) == (seats if found.valid else 0)


@some
@given(profiles("stv"), st.integers(1, 4))
def test_options_elected_before_the_last_stage_reach_the_quota(profile, seats):
    found = counted("stv", profile, seats=seats)

    for stage in found.stages[:-1]:
        assert all(stage.totals[number] >= found.quota for number in stage.elected)


@some
@given(profiles("schulze", blanks=False), st.data())
def test_raising_the_sole_schulze_winner_keeps_it_a_possible_winner(profile, data):
    found = counted("schulze", profile)
    if found.tied or not profile:
        return
    winner, turn = found.winners[0], data.draw(st.integers(0, len(profile) - 1))
    choice, times = profile[turn]
    tiers = [
        [number for number in tier if number != winner] for tier in choice_strings.tiers(choice)
    ]
    raised = ">".join("=".join(map(str, tier)) for tier in [[winner], *filter(None, tiers)])

    after = counted("schulze", [*profile[:turn], (raised, times), *profile[turn + 1 :]])

    assert after.places[winner] == 1


@some
@given(profiles("schulze"))
def test_schulze_paths_are_the_strongest_possible(profile):
    pairs = schulze.pairwise(choice_strings.pile_of(profile), OPTIONS)
    paths = schulze.strongest(pairs)
    direct = [
        [pairs[x][y] if pairs[x][y] > pairs[y][x] else 0 for y in range(OPTIONS)]
        for x in range(OPTIONS)
    ]

    def widest(here, goal, seen):
        ways = [direct[here][goal]]
        ways += [
            min(direct[here][on], widest(on, goal, seen | {on}))
            for on in range(OPTIONS)
            if on not in seen | {goal}
        ]
        return max(ways)

    assert all(
        paths[x][y] == widest(x, y, {x}) for x in range(OPTIONS) for y in range(OPTIONS) if x != y
    )


@some
@given(profiles("star", blanks=False))
def test_the_star_runoff_is_between_two_of_the_highest_sums(profile):
    found = counted("star", profile)

    if found.stages:
        (stage,) = found.stages
        assert len(stage.totals) == 2
        assert sum(stage.totals.values()) + stage.lost == found.valid
        out = [found.totals[number] for number in ALL if number not in stage.totals]
        assert max(out) <= min(found.totals[number] for number in stage.totals)
