"""The outcome of a count: winners, ties, stages and threshold, and their form as JSON."""

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, NamedTuple

#: What a tie was about: first place, a place in STAR's runoff, the last seat, whose surplus is
#: transferred first, who is eliminated.
WINNER, FINAL, SEAT, SURPLUS_FIRST, EXCLUDED = TIED_FOR = (
    "winner",
    "final",
    "seat",
    "surplus",
    "exclusion",
)
#: What broke it: sum, lot, head to head, fives, earlier stages, most yes answers, the earlier
#: start, the lower number.
SUM, LOT, PAIR, FIVES, EARLIER, YES, START, NUMBER = BREAKERS = (
    *("sum", "lot", "pair", "fives", "earlier", "yes", "start", "number"),
)
#: What a stage did.
FIRST, SURPLUS, EXCLUSION, RUNOFF = ACTIONS = ("first", "surplus", "exclusion", "runoff")
#: What was decided, if there is more to say than who won.
CARRIED, NOT_CARRIED, BLOCKED, TIE, NO_QUORUM, NO_RESULT = VERDICTS = (
    *("carried", "not_carried", "blocked", "tie", "no_quorum", "no_result"),
)


class Tie(NamedTuple):
    """A tie: who tied, for what, and what broke it. `picked` won the place, or was eliminated.

    `lots`: those among whom the lot was drawn, in its order; empty if something else broke the tie.
    `stage`: the number of the stage that followed from it, if there are stages.
    """

    where: str
    who: tuple[int, ...]
    broken_by: str
    lots: tuple[int, ...] = ()
    picked: tuple[int, ...] = ()
    stage: int = 0


class Stage(NamedTuple):
    """A stage and the totals at its end.

    `option`: whose votes were transferred; `transfers`: what each other option got of them; `lost`:
    votes that became non-transferable in this stage; `non_transferable`: all of them so far. STAR's
    runoff is a stage: `lost` are ballots that score both alike.
    """

    action: str
    option: int | None
    totals: dict[int, Fraction]
    transfers: dict[int, Fraction]
    lost: Fraction
    non_transferable: Fraction
    elected: tuple[int, ...]


class ThresholdBar(NamedTuple):
    """A threshold and the votes for it: `votes` out of `base` (one of BASES), of which `needed` are
    required.
    """

    of: str
    base: int
    needed: int
    votes: int


class DateAnswers(NamedTuple):
    """How many people can make a date: yes, if need be, and no; no answer counts as no."""

    yes: int
    maybe: int
    no: int


def plain_value(value: Any) -> Any:
    """Return the value as JSON can hold it: fractions as “178/57”, keys as text, tuples as lists,
    and named tuples as objects.
    """
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, dict):
        return {str(key): plain_value(one) for key, one in value.items()}
    if hasattr(value, "_asdict"):
        return plain_value(value._asdict())
    return [plain_value(one) for one in value] if isinstance(value, tuple) else value


def field_value(name: str, value: Any) -> Any:
    """Return the value of this field of Outcome from its JSON."""
    return READERS[name](value) if name in READERS else value


def _by_number(found: dict[str, int]) -> dict[int, int]:
    return {int(number): value for number, value in found.items()}


def _fractions(found: dict[str, Any]) -> dict[int, Fraction]:
    return {int(number): Fraction(value) for number, value in found.items()}


def _tie(found: dict[str, Any]) -> Tie:
    numbers = [tuple(found[name]) for name in ("who", "lots", "picked")]
    return Tie(
        found["where"], numbers[0], found["broken_by"], numbers[1], numbers[2], found["stage"]
    )


def _stage(found: dict[str, Any]) -> Stage:
    return Stage(
        action=found["action"],
        option=found["option"],
        totals=_fractions(found["totals"]),
        transfers=_fractions(found["transfers"]),
        lost=Fraction(found["lost"]),
        non_transferable=Fraction(found["non_transferable"]),
        elected=tuple(found["elected"]),
    )


def _table(rows: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, rows))


#: A field of Outcome -> its parser, unless JSON holds it unchanged.
READERS: dict[str, Any] = {
    "totals": _by_number,
    "fives": _by_number,
    "places": _by_number,
    "leaders": tuple,
    "winners": tuple,
    "ties": lambda found: tuple(map(_tie, found)),
    "bar": lambda found: ThresholdBar(**found),
    "dates": lambda found: {
        int(number): DateAnswers(**answers) for number, answers in found.items()
    },
    "stages": lambda found: tuple(map(_stage, found)),
    "pairs": _table,
    "paths": _table,
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a vote.

    `leaders` are ahead by the count and, if needed, the lot. `winners` are elected, in the order of
    their election: the leaders, unless quorum or threshold aren't met. `totals` are sums; for STV
    and instant runoff first preferences, for a date all who can come, for Schulze how many others
    it beats, empty for a proposal.
    """

    kind: str
    cast: int
    blank: int
    totals: dict[int, int] = field(default_factory=dict)
    leaders: tuple[int, ...] = ()
    winners: tuple[int, ...] = ()
    ties: tuple[Tie, ...] = ()
    verdict: str | None = None
    #: How many ballots the quorum requires.
    quorum: int | None = None
    bar: ThresholdBar | None = None
    #: A proposal: agree, abstain, disagree and block.
    answers: dict[str, int] = field(default_factory=dict)
    #: A date poll: each date's three numbers.
    dates: dict[int, DateAnswers] = field(default_factory=dict)
    #: STAR: how many ballots give each option the highest score.
    fives: dict[int, int] = field(default_factory=dict)
    #: STV: the quota.
    quota: int | None = None
    #: STV, instant runoff, STAR's runoff.
    stages: tuple[Stage, ...] = ()
    #: Schulze: `pairs[x-1][y-1]` ballots rank x above y; the strongest paths likewise; places; the
    #: Condorcet winner.
    pairs: tuple[tuple[int, ...], ...] = ()
    paths: tuple[tuple[int, ...], ...] = ()
    places: dict[int, int] = field(default_factory=dict)
    condorcet: int | None = None

    @property
    def valid(self) -> int:
        """The number of ballots that chose something."""
        return self.cast - self.blank

    @property
    def voices(self) -> int:
        """The number of people who agree, disagree or block, in a proposal."""
        return sum(number for answer, number in self.answers.items() if answer != "abstain")

    @property
    def winner(self) -> int | None:
        """The first option elected; None if there is none."""
        return self.winners[0] if self.winners else None

    @property
    def tied(self) -> tuple[int, ...]:
        """The options tied for first place."""
        return next((tie.who for tie in self.ties if tie.where == WINNER), ())

    @property
    def without_figures(self) -> "Outcome":
        """A copy with the winners and the verdict but no numbers."""
        return Outcome(
            kind=self.kind,
            cast=0,
            blank=0,
            leaders=self.winners,
            winners=self.winners,
            verdict=self.verdict,
        )

    @property
    def withheld(self) -> "Outcome":
        """A copy with nothing but the kind of the vote."""
        return Outcome(kind=self.kind, cast=0, blank=0)

    def mean(self, number: int) -> Fraction:
        """Return this option's average over the valid ballots."""
        return Fraction(self.totals[number], self.valid) if self.valid else Fraction(0)

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as JSON values: fractions as “178/57”, integers as integers, without
        empty fields.
        """
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: plain_value(value)
            for name, value in values.items()
            if value is not None and value not in ((), {})
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Outcome":
        """Return the outcome from what `as_json` returned."""
        return cls(**{name: field_value(name, value) for name, value in found.items()})
