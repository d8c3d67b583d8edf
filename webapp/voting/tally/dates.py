"""Date polls: the date that most people can make wins, including “if need be”. Ties go to the most
yes answers, then the earlier start, then the lower number.

A date that nobody can make doesn't win, even if there is no better one.
"""

from collections.abc import Callable, Sequence

from . import choice_strings
from .choice_strings import BallotPile
from .outcome import NUMBER, START, WINNER, YES, DateAnswers, Outcome, Tie
from .rules import CANNOT, IF_NEED_BE, SURE, Rules


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `1:y 2:m 3:n`. No lot is ever drawn."""
    dates = _answers(pile, rules)
    totals = {number: answers.yes + answers.maybe for number, answers in dates.items()}
    most = max(totals.values(), default=0)
    tied = tuple(number for number in rules.numbers if most and totals[number] == most)
    leaders, ties = (tied, ()) if len(tied) < 2 else _broken(tied, dates, rules)
    return Outcome(
        kind=rules.kind,
        cast=pile.cast,
        blank=pile.blank,
        totals=totals,
        leaders=leaders,
        ties=ties,
        dates=dates,
    )


def _answers(pile: BallotPile, rules: Rules) -> dict[int, DateAnswers]:
    yes, maybe = (dict.fromkeys(rules.numbers, 0) for _word in (SURE, IF_NEED_BE))
    for choice, times in pile.choices.items():
        for number, said in choice_strings.answers(choice).items():
            if said != CANNOT:
                (yes if said == SURE else maybe)[number] += times
    return {
        number: DateAnswers(yes[number], maybe[number], pile.valid - yes[number] - maybe[number])
        for number in rules.numbers
    }


def _broken(
    tied: tuple[int, ...], dates: dict[int, DateAnswers], rules: Rules
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    steps: list[tuple[str, Callable[[int], int]]] = [
        (YES, lambda number: -dates[number].yes),
        (START, lambda number: rules.starts[number - 1] if rules.starts else 0),
        (NUMBER, lambda number: number),
    ]
    left = tied
    for broken_by, worth in steps:
        least = min(map(worth, left))
        left = tuple(number for number in left if worth(number) == least)
        if len(left) == 1:
            return left, (Tie(WINNER, tied, broken_by, (), left),)
    raise AssertionError("numbers differ")
