"""The rules of a count: the kind of vote, and the settings made before it opened."""

from typing import NamedTuple

LEAST_OPTIONS, MOST_OPTIONS = 2, 50
#: The shape of a ballot. `ballots.choices` checks and writes it; `templates/voting/ballots/` has a
#: form for each, such as `_choice.html`.
CHOICE, CHOICES, POINTS, STARS, SPREAD, RANKING, LEVELS, WORD, DATES = BALLOTS = (
    *("choice", "choices", "points", "stars", "dots", "ranking", "levels", "word", "dates"),
)
#: The answers to a proposal, and to each date of a date poll.
AGREE, ABSTAIN, DISAGREE, BLOCK = STANCES = ("agree", "abstain", "disagree", "block")
SURE, IF_NEED_BE, CANNOT = DATE_ANSWERS = ("y", "m", "n")


class Kind(NamedTuple):
    """A kind of vote, as ballots and counts need it. `ballot`: one of BALLOTS; `words`: the answers
    on ballots of words; `options`: the least and greatest number of options.

    `has_stages`: it's counted in stages. `draws_lots`: a lot may decide.
    """

    ballot: str
    words: tuple[str, ...] = ()
    options: tuple[int, int] = (LEAST_OPTIONS, MOST_OPTIONS)
    has_threshold: bool = False
    has_stages: bool = False
    draws_lots: bool = True

    @property
    def is_ranked(self) -> bool:
        """Whether a ballot ranks the options."""
        return self.ballot in (RANKING, LEVELS)

    @property
    def has_dates(self) -> bool:
        """Whether the options are dates."""
        return self.ballot == DATES

    @property
    def has_titles(self) -> bool:
        """Whether the author enters options as text."""
        return self.options[1] > 0 and not self.has_dates


#: The names of the kinds.
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
#: What a threshold can be a fraction of.
ROLL, CAST, VALID, VOICES, PRESENT = BASES = ("roll", "cast", "valid", "voices", "present")
#: What happens to the vote of people who leave the group before casting a ballot.
LOSE, KEEP = LEAVERS = ("lose", "keep")
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
        """Whether the threshold is more than half, so that exactly half is a tie."""
        return self.strict and 2 * self.part == self.whole


class Rules(NamedTuple):
    """A vote as its count sees it. `options`: how many there are; `starts`: when each date begins,
    in epoch seconds.

    `blocks`: this many blocks stop a proposal; None: a block only disagrees. `roll`, `present`: how
    many people are on the electoral roll, and how many of them were checked in at the event.
    `left`: how many left by themselves without having voted, and so can't vote any more.
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
    left: int = 0
    quorum: int | None = None
    threshold: Threshold | None = None

    @property
    def highest(self) -> int:
        """The highest score that a ballot may give."""
        return FIVE if KINDS[self.kind].ballot == STARS else self.score_max

    @property
    def entitled(self) -> int:
        """How many people can vote: the base of a quorum, and of a share of those who can."""
        return self.roll - self.left

    @property
    def numbers(self) -> range:
        """The numbers of the options."""
        return range(1, self.options + 1)
