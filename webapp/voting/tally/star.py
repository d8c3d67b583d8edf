"""STAR (score, then automatic runoff), by the Equal Vote Coalition's protocol with its tie-breaks.

1. Scores from 0 to 5 are summed.
2. The runoff has two places. T are the options with the highest sum that haven't entered it yet; if
they fit, all enter.
3. If two options tie for one place, the one that more ballots score higher enters.
4. Otherwise those of T with the most fives enter, if they fit; if not, the lot picks one of them,
and step 2 follows.
5. In the runoff a ballot counts for the option it scores higher.
6. Tie-breaks there: the sum, the fives, the lot.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from . import choice_strings, lot
from .choice_strings import BallotPile
from .outcome import FINAL, FIVES, LOT, PAIR, RUNOFF, SUM, WINNER, Outcome, Stage, Tie
from .rules import FIVE, Rules

PLACES = 2


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `1:5 3:2`."""
    scores = Scores(pile, rules, lots)
    found = Outcome(
        kind=rules.kind, cast=pile.cast, blank=pile.blank, totals=scores.totals, fives=scores.fives
    )
    if not pile.valid:
        return found
    finalists = scores.finalists()
    stage = scores.runoff(*finalists)
    return replace(found, leaders=stage.elected, ties=tuple(scores.ties), stages=(stage,))


class Scores:
    """The ballots with their sums; `ties` records ties as they are broken."""

    def __init__(self, pile: BallotPile, rules: Rules, lots: Sequence[int]) -> None:
        self.ballots = [
            (choice_strings.points(choice), times) for choice, times in pile.choices.items()
        ]
        self.lots = lots
        self.ties: list[Tie] = []
        self.totals = dict.fromkeys(rules.numbers, 0)
        self.fives = dict.fromkeys(rules.numbers, 0)
        for points, times in self.ballots:
            for number, score in points.items():
                self.totals[number] += score * times
                self.fives[number] += times * (score == FIVE)

    def above(self, one: int, other: int) -> int:
        """Return how many ballots score `one` higher than `other`."""
        return sum(
            times for points, times in self.ballots if points.get(one, 0) > points.get(other, 0)
        )

    def finalists(self) -> tuple[int, int]:
        """Return the two options of the runoff, the higher sum first."""
        entered: list[int] = []
        while len(entered) < PLACES:
            out = [number for number in self.totals if number not in entered]
            highest = max(self.totals[number] for number in out)
            tied = tuple(number for number in out if self.totals[number] == highest)
            entered += (
                tied
                if len(tied) <= PLACES - len(entered)
                else self._entering(tied, PLACES - len(entered))
            )
        first, second = entered
        return first, second

    def _entering(self, tied: tuple[int, ...], places: int) -> tuple[int, ...]:
        if len(tied) == PLACES and places == 1:
            one, other = tied
            ahead, behind = self.above(one, other), self.above(other, one)
            if ahead != behind:
                return self._broken(FINAL, tied, PAIR, (one if ahead > behind else other,))
        most = max(self.fives[number] for number in tied)
        left = tuple(number for number in tied if self.fives[number] == most)
        if len(left) <= places:
            return self._broken(FINAL, tied, FIVES, left)
        return self._drawn(FINAL, tied, left)

    def runoff(self, one: int, other: int) -> Stage:
        """Return the runoff of two options: the one that more ballots score higher wins."""
        votes = {one: self.above(one, other), other: self.above(other, one)}
        ahead = max(votes, key=votes.__getitem__)
        winner = self._even((one, other)) if votes[one] == votes[other] else (ahead,)
        alike = Fraction(sum(times for _points, times in self.ballots) - sum(votes.values()))
        return Stage(
            RUNOFF,
            None,
            {number: Fraction(votes[number]) for number in votes},
            {},
            alike,
            alike,
            winner,
        )

    def _even(self, tied: tuple[int, ...]) -> tuple[int, ...]:
        tied = tuple(sorted(tied))
        for broken_by, counted in ((SUM, self.totals), (FIVES, self.fives)):
            most = max(counted[number] for number in tied)
            left = tuple(number for number in tied if counted[number] == most)
            if len(left) == 1:
                return self._broken(WINNER, tied, broken_by, left)
        return self._drawn(WINNER, tied, tied)

    def _drawn(self, where: str, tied: tuple[int, ...], left: tuple[int, ...]) -> tuple[int, ...]:
        drawn = lot.among(left, self.lots)
        return self._broken(where, tied, LOT, drawn[:1], drawn)

    def _broken(
        self,
        where: str,
        tied: tuple[int, ...],
        by: str,
        picked: tuple[int, ...],
        lots: tuple[int, ...] = (),
    ) -> tuple[int, ...]:
        self.ties.append(Tie(where, tied, by, lots, picked))
        return picked
