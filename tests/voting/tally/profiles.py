"""Ballots in the notation of examples, and as hypothesis generates them."""

import os
from collections.abc import Sequence
from typing import Any

from hypothesis import settings, strategies as st

from webapp.voting import tally
from webapp.voting.tally import Outcome, Rules
from webapp.voting.tally.rules import (
    CHOICE,
    CHOICES,
    DATE_ANSWERS,
    DATES,
    KINDS,
    LEVELS,
    POINTS,
    RANKING,
    SPREAD,
    STARS,
    WORD,
)

#: this seed draws the lots 2, 4, 1, 3, 5
SEED = f"{0x2A:064x}"
LETTERS = "ABCDEFGH"
#: Random elections are slow to create: a few in every run, many in the deep tests.
EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
some = settings(max_examples=EXAMPLES)


def ranked(text: str, options: str = LETTERS) -> list[tuple[str, int]]:
    """Return the profile of `4 A>C>B, 2 BCA`: the number of ballots, and their options by letters,
    the best first.
    """
    found = []
    for line in text.split(","):
        times, ranking = line.split()
        found.append(
            (
                ">".join(str(options.index(letter) + 1) for letter in ranking.replace(">", "")),
                int(times),
            )
        )
    return found


def pointed(*lines: tuple[int, Sequence[int]]) -> list[tuple[str, int]]:
    """Return the profile of these numbers of ballots, each with the points for every option in
    order.
    """
    return [
        (" ".join(f"{number}:{value}" for number, value in enumerate(given, 1) if value), times)
        for times, given in lines
    ]


def count(
    kind: str,
    profile: Sequence[tuple[str, int]],
    options: int,
    lots: Sequence[int] = (),
    **rules: Any,
) -> Outcome:
    """Return the outcome with these lots, by default in the order of the numbers."""
    return tally.counted(
        profile, Rules(kind, options, SEED, **rules), lots or range(1, options + 1)
    )


def by_seed(kind: str, profile: Sequence[tuple[str, int]], options: int, **rules: Any) -> Outcome:
    """Return the outcome with lots drawn from the seed."""
    return tally.count(profile, Rules(kind, options, SEED, **rules))


def lettered(numbers: Any) -> str:
    """Return the letters of options."""
    return "".join(LETTERS[number - 1] for number in numbers)


OPTIONS = 5
numbers = st.integers(1, OPTIONS)


def _rankings(least: int = 1) -> st.SearchStrategy[str]:
    whole = st.permutations(range(1, OPTIONS + 1))
    return st.tuples(whole, st.integers(least, OPTIONS)).map(
        lambda pair: ">".join(map(str, pair[0][: pair[1]]))
    )


def _points(most: int) -> st.SearchStrategy[str]:
    given = st.dictionaries(numbers, st.integers(1, most), min_size=1)
    return given.map(
        lambda points: " ".join(f"{number}:{value}" for number, value in sorted(points.items()))
    )


def _tiers(ranks: dict[int, int]) -> str:
    used = sorted(set(ranks.values()))
    return ">".join(
        "=".join(str(number) for number in sorted(ranks) if ranks[number] == rank) for rank in used
    )


#: kind of ballot -> a strategy for such ballots
BALLOTS: dict[str, st.SearchStrategy[str]] = {
    CHOICE: numbers.map(str),
    CHOICES: st.sets(numbers, min_size=1).map(lambda chosen: "+".join(map(str, sorted(chosen)))),
    POINTS: _points(5),
    STARS: _points(5),
    SPREAD: _points(4),
    RANKING: _rankings(),
    LEVELS: st.dictionaries(numbers, st.integers(1, 4), min_size=1).map(_tiers),
    DATES: st.dictionaries(numbers, st.sampled_from(DATE_ANSWERS), min_size=1).map(
        lambda said: " ".join(f"{number}:{word}" for number, word in sorted(said.items()))
    ),
}


def profiles(kind: str, blanks: bool = True) -> st.SearchStrategy[list[tuple[str, int]]]:
    """Return a strategy for some ballots of a kind over five options; a few are blank."""
    is_word = KINDS[kind].ballot == WORD
    said = st.sampled_from(KINDS[kind].words) if is_word else BALLOTS[KINDS[kind].ballot]
    one = st.one_of(said, said, st.just("")) if blanks else said
    return st.lists(st.tuples(one, st.integers(1, 4)), max_size=12)


def renumbered(kind: str, choice: str, new: Sequence[int]) -> str:
    """Return the same choice after option n has become `new[n - 1]`."""
    ballot = KINDS[kind].ballot
    if ballot == WORD or not choice:
        return choice
    if ballot in (CHOICE, CHOICES):
        return "+".join(map(str, sorted(new[int(number) - 1] for number in choice.split("+"))))
    if KINDS[kind].is_ranked:
        tiers = ([new[int(number) - 1] for number in tier.split("=")] for tier in choice.split(">"))
        return ">".join("=".join(map(str, sorted(tier))) for tier in tiers)
    parts = ((new[int(part.split(":")[0]) - 1], part.split(":")[1]) for part in choice.split())
    return " ".join(f"{number}:{value}" for number, value in sorted(parts))
