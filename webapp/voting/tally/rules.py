"""What a count goes by: the kind of vote, and what its author settled before it opened."""

from typing import NamedTuple

LEAST_OPTIONS, MOST_OPTIONS = 2, 50
#: What a ballot holds. `ballots.choices` checks and writes it, `templates/voting/ballots/` has a
#: form for it, `_choice.html` and so on.
CHOICE, CHOICES, POINTS, STARS, SPREAD, RANKING, LEVELS, WORD, DATES = BALLOTS = (
    *("choice", "choices", "points", "stars", "dots", "ranking", "levels", "word", "dates"),
)
#: What a proposal's ballot may say, and a date poll's of each date.
AGREE, ABSTAIN, DISAGREE, BLOCK = STANCES = ("agree", "abstain", "disagree", "block")
SURE, IF_NEED_BE, CANNOT = DATE_ANSWERS = ("y", "m", "n")


class Kind(NamedTuple):
    """What a kind of vote means to ballots and counts. `ballot` is one of BALLOTS; `words` are what
    it may say where it says words; `options`: how few and how many there may be.

    `has_stages`: it is counted in rounds. `draws_lots`: something may be decided by lot.
    """

    ballot: str
    words: tuple[str, ...] = ()
    options: tuple[int, int] = (LEAST_OPTIONS, MOST_OPTIONS)
    has_threshold: bool = False
    has_stages: bool = False
    draws_lots: bool = True

    @property
    def is_ranked(self) -> bool:
        """Whether a ballot puts the options in an order."""
        return self.ballot in (RANKING, LEVELS)

    @property
    def has_dates(self) -> bool:
        """Whether the options are dates."""
        return self.ballot == DATES

    @property
    def has_titles(self) -> bool:
        """Whether the author enters options in words."""
        return self.options[1] > 0 and not self.has_dates


#: Kinds of which there is more to say than KINDS says.
SINGLE, APPROVAL, SCORE, STAR, DOTS = "single", "approval", "score", "star", "dots"
IRV, SCHULZE, STV, PROPOSAL, DATE = "irv", "schulze", "stv", "proposal", "date"
#: In the order in which forms and help pages offer them.
KINDS: dict[str, Kind] = {
    SINGLE: Kind(CHOICE, has_threshold=True),
    APPROVAL: Kind(CHOICES, has_threshold=True),
    SCORE: Kind(POINTS),
    STAR: Kind(STARS, has_stages=True),
    DOTS: Kind(SPREAD),
    IRV: Kind(RANKING, has_threshold=True, has_stages=True),
    SCHULZE: Kind(LEVELS),
    STV: Kind(RANKING, has_stages=True),
    PROPOSAL: Kind(WORD, STANCES, options=(0, 0), has_threshold=True, draws_lots=False),
    DATE: Kind(DATES, DATE_ANSWERS, draws_lots=False),
}
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
        return FIVE if KINDS[self.kind].ballot == STARS else self.score_max

    @property
    def numbers(self) -> range:
        """The options by number."""
        return range(1, self.options + 1)
