"""The Schulze method with winning votes (not margins): Markus Schulze, “A new monotonic,
clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method”,
Social Choice and Welfare 36 (2011).

d[x,y] is the number of ballots that rank x above y; unranked options are tied for last. A direct
path from x to y has strength d[x,y] if d[x,y] > d[y,x], otherwise 0. A path is as strong as its
weakest link, and p[x,y] is the strength of the strongest path. x is a possible winner if p[x,y] ≥
p[y,x] for all y; the lot decides among several. An option's place is 1 + how many options beat it.
"""

from collections.abc import Sequence

from . import lot
from .choice_strings import BallotPile
from .outcome import LOT, WINNER, Outcome, Tie
from .rules import Rules

Table = list[list[int]]


def count(pile: BallotPile, rules: Rules, lots: Sequence[int]) -> Outcome:
    """Return the outcome of ballots such as `3>1=2`."""
    pairs = pairwise(pile, rules.options)
    paths = strongest(pairs)
    every = range(rules.options)
    possible = (
        tuple(x + 1 for x in every if all(paths[x][y] >= paths[y][x] for y in every))
        if pile.valid
        else ()
    )
    drawn = lot.among(possible, lots)
    return Outcome(
        kind=rules.kind,
        cast=pile.cast,
        blank=pile.blank,
        totals={x + 1: sum(pairs[x][y] > pairs[y][x] for y in every) for x in every},
        leaders=drawn[:1],
        ties=(Tie(WINNER, possible, LOT, drawn, drawn[:1]),) if len(possible) > 1 else (),
        pairs=tuple(map(tuple, pairs)),
        paths=tuple(map(tuple, paths)),
        places={x + 1: 1 + sum(paths[y][x] > paths[x][y] for y in every) for x in every},
        condorcet=next(
            (x + 1 for x in every if all(y == x or pairs[x][y] > pairs[y][x] for y in every)), None
        ),
    )


def pairwise(pile: BallotPile, options: int) -> Table:
    """Return how many ballots rank each option (a row) above each other one (its columns).
    A row is one long integer with a field of `width` bits for each column, so that a ballot adds to
    all of them at once.
    """
    width = pile.valid.bit_length() + 1
    unit = {str(x + 1): 1 << width * x for x in range(options)}
    rows = dict.fromkeys(unit, 0)
    everyone = sum(unit.values())
    for choice, times in pile.choices.items():
        below = everyone
        for tier in choice.split(">"):
            names = tier.split("=")
            for name in names:
                below -= unit[name]
            for name in names:
                rows[name] += times * below
    field = (1 << width) - 1
    return [[row >> width * y & field for y in range(options)] for row in rows.values()]


def strongest(pairs: Sequence[Sequence[int]]) -> Table:
    """Return the strength of the strongest path from each option to each other one."""
    every = range(len(pairs))
    paths = [[pairs[x][y] if pairs[x][y] > pairs[y][x] else 0 for y in every] for x in every]
    for k in every:
        through = paths[k]
        for i in every:
            row, reach = paths[i], paths[i][k]
            if i != k and reach:
                paths[i] = [max(old, min(reach, on)) for old, on in zip(row, through, strict=True)]
                paths[i][i] = 0
    return paths
