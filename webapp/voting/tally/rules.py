"""What a count goes by: the kind of vote, and what its author settled before it opened."""

from typing import NamedTuple

KINDS = ("single", "approval", "score", "star", "dots", "irv", "schulze", "stv", "proposal", "date")
SINGLE, APPROVAL, SCORE, STAR, DOTS, IRV, SCHULZE, STV, PROPOSAL, DATE = KINDS
#: What a threshold may be a fraction of.
ROLL, CAST, VALID, VOICES, PRESENT = BASES = ("roll", "cast", "valid", "voices", "present")
#: STAR scores always go from 0 to 5.
FIVE = 5


class Threshold(NamedTuple):
    """“More than” (strict) or “at least” `part`/`whole` of one of the BASES."""

    of: str
    part: int = 1
    whole: int = 2
    strict: bool = True

    @property
    def is_more_than_half(self) -> bool:
        """Whether exactly half is as near as one can come without meeting it."""
        return self.strict and 2 * self.part == self.whole


class Rules(NamedTuple):
    """A vote as its count sees it; `options`, how many there are; `starts`, when each date begins,
    as epoch seconds.

    `blocks`: so many blocks mean not carried; None: a block only disagrees.
    `roll`, `present`: how many people there are on the roll, and how many checked in at the event.
    """

    kind: str
    options: int
    seed: str
    seats: int = 1
    least: int = 1
    most: int | None = None
    score_max: int = 5
    budget: int = 10
    per_option: int | None = None
    spend_all: bool = False
    blocks: int | None = 1
    starts: tuple[int, ...] = ()
    roll: int = 0
    present: int = 0
    quorum: int | None = None
    threshold: Threshold | None = None

    @property
    def highest(self) -> int:
        """The highest score that a ballot may give."""
        return FIVE if self.kind == STAR else self.score_max

    @property
    def numbers(self) -> range:
        """The options by number."""
        return range(1, self.options + 1)
