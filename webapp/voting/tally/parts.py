"""The pieces of an outcome: ties, stages, what a threshold asked, who can come on a date."""

from fractions import Fraction
from typing import NamedTuple

#: What a tie was about: the winning place, a place in STAR's runoff, the last seat, whose surplus
#: goes first, who is excluded.
WINNER, FINAL, SEAT, SURPLUS_FIRST, EXCLUDED = TIED_FOR = (
    "winner",
    "final",
    "seat",
    "surplus",
    "exclusion",
)
#: What broke it: sum, lot, head to head, fives, ends of earlier stages, most yes, the earlier
#: start, the lower number.
SUM, LOT, PAIR, FIVES, EARLIER, YES, START, NUMBER = BREAKERS = (
    *("sum", "lot", "pair", "fives", "earlier", "yes", "start", "number"),
)
#: What a stage did.
FIRST, SURPLUS, EXCLUSION, RUNOFF = ACTIONS = ("first", "surplus", "exclusion", "runoff")
#: What the vote decided, where there is more to say than who won.
CARRIED, NOT_CARRIED, BLOCKED, TIE, NO_QUORUM, NO_RESULT = VERDICTS = (
    *("carried", "not_carried", "blocked", "tie", "no_quorum", "no_result"),
)


class Tie(NamedTuple):
    """Who tied, for what, what broke it, and in favour of whom: `picked` won the place, or was
    excluded.

    `lots`: those among whom the lot was drawn, in its order; empty where something else broke the
    tie. `stage`: the number of the stage that followed from it, where there are stages.
    """

    where: str
    who: tuple[int, ...]
    broken_by: str
    lots: tuple[int, ...] = ()
    picked: tuple[int, ...] = ()
    stage: int = 0


class Stage(NamedTuple):
    """What one stage did, and how things stand at its end.

    `option`: whose votes moved; `transfers`: what each other option got of them; `lost`: what
    nobody got; `non_transferable`: all that was lost so far. STAR's runoff is a stage: `lost` are
    ballots that score both alike.
    """

    action: str
    option: int | None
    totals: dict[int, Fraction]
    transfers: dict[int, Fraction]
    lost: Fraction
    non_transferable: Fraction
    elected: tuple[int, ...]


class Bar(NamedTuple):
    """What the threshold asked: of `base` (one of BASES), at least `needed` votes; there were
    `votes`.
    """

    of: str
    base: int
    needed: int
    votes: int


class Answers(NamedTuple):
    """Who can come on a date: for certain, if need be, and not; who said nothing cannot."""

    yes: int
    maybe: int
    no: int
