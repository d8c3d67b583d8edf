"""Ballots and stages as rows of a spreadsheet, and ballots as BLT.

Programs for STV exchange elections in BLT (Hill, Wichmann and Woodall 1987; OpenSTV):

    options seats
    -2 -5              options that withdrew
    count 3 1 2 0      so many ballots, each with these options from the top
    0
    "name" …           of each option
    "title"

Blank ballots have no place in it, and neither have equal ranks.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from . import choice_strings
from .choice_strings import Profile
from .outcome import Outcome

BALLOTS = ("voter", "choice", "chosen", "reason")
STAGES = ("stage", "action", "option", "votes", "exact")
#: The name of the row for non-transferable votes.
LOST = "non-transferable"
PLACES = 5


class BallotLine(NamedTuple):
    """A ballot as it is exported. `chosen`: its choice string with the names of the options."""

    voter: str
    choice: str
    chosen: str
    reason: str = ""


def ballots(lines: Iterable[BallotLine], is_anonymous: bool) -> list[tuple[str, ...]]:
    """Return a header and a row for each ballot, sorted by content, so that the order doesn't
    reveal when they were cast.
    """
    if is_anonymous:
        return [BALLOTS[1:], *sorted(line[1:] for line in lines)]
    return [BALLOTS, *sorted(lines)]


def stages(outcome: Outcome, titles: Sequence[str]) -> list[tuple[str | int, ...]]:
    """Return a header, and for each stage a row for each option and one for non-transferable votes.

    `votes` are those at the end of the stage, truncated to five decimals; `exact` is the same as a
    fraction.
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
    """Return votes for display: whole numbers unchanged, fractions truncated to five decimals,
    never rounded.
    """
    exact = Fraction(votes)
    if exact.denominator == 1:
        return str(exact.numerator)
    whole, rest = divmod(abs(exact.numerator) * 10**places // exact.denominator, 10**places)
    return f"{'-' if exact < 0 else ''}{whole}.{rest:0{places}}"


def fits_blt(profile: Profile) -> bool:
    """Whether no ballot has equal ranks."""
    return not any("=" in choice for choice, _times in profile)


def blt_text(
    profile: Profile, titles: Sequence[str], seats: int, title: str, withdrawn: Sequence[int] = ()
) -> str:
    """Return the election as a BLT file. Raises ValueError if a ballot has equal ranks."""
    choices = choice_strings.pile_of(profile).choices
    if not fits_blt(choices.items()):
        raise ValueError("BLT has no equal ranks")
    lines = [f"{len(titles)} {seats}"]
    if withdrawn:
        lines.append(" ".join(f"-{number}" for number in sorted(withdrawn)))
    grouped = sorted((-times, choice_strings.ranking(choice)) for choice, times in choices.items())
    lines += [" ".join(map(str, (-less, *ranking, 0))) for less, ranking in grouped]
    return "\n".join([*lines, "0", *map(_quoted, (*titles, title)), ""])


def _quoted(text: str) -> str:
    """Put text in quotation marks, on one line. BLT can't escape a quotation mark."""
    return '"' + " ".join(text.replace('"', "'").split()) + '"'
