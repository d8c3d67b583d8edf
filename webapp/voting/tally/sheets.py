"""Ballots and stages as the rows of a spreadsheet."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from .outcome import Outcome

BALLOTS = ("voter", "choice", "reason")
STAGES = ("stage", "action", "option", "votes", "exact")
#: what stands in the place of an option for votes that nobody got
LOST = "non-transferable"
PLACES = 5


class Line(NamedTuple):
    """A ballot as it is taken home."""

    voter: str
    choice: str
    reason: str = ""


def ballots(lines: Iterable[Line], is_anonymous: bool) -> list[tuple[str, ...]]:
    """A head, and a row for each ballot; they are in the order of what they say, which tells
    nothing of when they were cast.
    """
    if is_anonymous:
        return [BALLOTS[1:], *sorted((line.choice, line.reason) for line in lines)]
    return [BALLOTS, *sorted(lines)]


def stages(outcome: Outcome, titles: Sequence[str]) -> list[tuple[str | int, ...]]:
    """A head, and for each stage a row for each option and one for what nobody got.

    `votes` are as they stand at the stage's end, cut off after five decimals; `exact` is the same
    as a fraction.
    """
    rows: list[tuple[str | int, ...]] = [STAGES]
    for number, stage in enumerate(outcome.stages, 1):
        action = (
            stage.action if stage.option is None else f"{stage.action}: {titles[stage.option - 1]}"
        )
        named = [(titles[option - 1], votes) for option, votes in stage.totals.items()]
        rows += [
            (number, action, name, cut(votes), str(votes))
            for name, votes in (*named, (LOST, stage.non_transferable))
        ]
    return rows


def cut(votes: Fraction | int, places: int = PLACES) -> str:
    """Votes for display: whole ones as they are, fractions with five decimals, cut off and never
    rounded.
    """
    exact = Fraction(votes)
    if exact.denominator == 1:
        return str(exact.numerator)
    whole, rest = divmod(abs(exact.numerator) * 10**places // exact.denominator, 10**places)
    return f"{'-' if exact < 0 else ''}{whole}.{rest:0{places}}"
