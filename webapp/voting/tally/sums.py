"""Methods in which the greatest sum wins, then the lot: single choice, approval, score and dots.
And the answers to a proposal.

Single choice: each ballot names one option. Approval (Brams and Fishburn 1978): each ballot names
every option it can live with. Score, or range voting (Smith 2000): each ballot gives every option a
score from 0 up; an option without a score has 0, so that a few high scores don't lift an option
above those that everyone knows. Dots are cumulative voting: each ballot spreads the number of dots
that the vote gives. A proposal, as in consent decision-making, is answered in one word; threshold
and blocks decide whether it's carried: see `thresholds`.
"""

from collections.abc import Callable, Mapping, Sequence

from . import choice_strings, lot
from .choice_strings import BallotPile
from .outcome import LOT, WINNER, Outcome, Tie
from .rules import STANCES, Rules


def greatest(
    pile: BallotPile, rules: Rules, lots: Sequence[int], given: Callable[[str], Mapping[int, int]]
) -> Outcome:
    """Return the outcome if each ballot adds the points it has `given` to each option."""
    totals = dict.fromkeys(rules.numbers, 0)
    for choice, times in pile.choices.items():
        for number, points in given(choice).items():
            totals[number] += points * times
    leaders, ties = first(totals, lots)
    return Outcome(
        kind=rules.kind, cast=pile.cast, blank=pile.blank, totals=totals, leaders=leaders, ties=ties
    )


def first(
    totals: Mapping[int, int], lots: Sequence[int]
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    """Return the option with the greatest sum, and the tie that the lot broke; empty if all sums
    are 0.
    """
    most = max(totals.values(), default=0)
    if not most:
        return (), ()
    tied = tuple(number for number, total in sorted(totals.items()) if total == most)
    if len(tied) == 1:
        return tied, ()
    drawn = lot.among(tied, lots)
    return drawn[:1], (Tie(WINNER, tied, LOT, drawn, drawn[:1]),)


def count_single(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `3`."""
    return greatest(
        pile, rules, lots, lambda choice: dict.fromkeys(choice_strings.numbers(choice), 1)
    )


def count_approval(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `1+4`."""
    return greatest(
        pile, rules, lots, lambda choice: dict.fromkeys(choice_strings.numbers(choice), 1)
    )


def count_score(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `1:5 3:2`; `mean` is over all valid ballots."""
    return greatest(pile, rules, lots, choice_strings.points)


def count_dots(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `1:4 2:2`."""
    return greatest(pile, rules, lots, choice_strings.points)


def count_proposal(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `agree`. Nobody is elected, and no lot is drawn."""
    answers = {word: pile.choices.get(word, 0) for word in STANCES}
    return Outcome(kind=rules.kind, cast=pile.cast, blank=pile.blank, answers=answers)
