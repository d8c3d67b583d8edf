"""What a count finds: who won, ties, stages and what a threshold asked; and all of it as JSON."""

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, NamedTuple

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


class ThresholdBar(NamedTuple):
    """What the threshold asked: of `base` (one of BASES), at least `needed` votes; there were
    `votes`.
    """

    of: str
    base: int
    needed: int
    votes: int


class DateAnswers(NamedTuple):
    """Who can come on a date: for certain, if need be, and not; who said nothing cannot."""

    yes: int
    maybe: int
    no: int


def plain_value(value: Any) -> Any:
    """The value as JSON can hold it: fractions as “178/57”, numbers as keys in words, pieces by
    the names of their fields.
    """
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, dict):
        return {str(key): plain_value(one) for key, one in value.items()}
    if hasattr(value, "_asdict"):
        return plain_value(value._asdict())
    return [plain_value(one) for one in value] if isinstance(value, tuple) else value


def field_value(name: str, value: Any) -> Any:
    """The field of an outcome with this name, from what was `written` of it."""
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


#: field of an outcome -> what reads it, where plain values are not the same
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
    """What the ballots decide.

    `leaders` are ahead by the count and, if need be, the lot; `winners` are those whom the vote
    elects, in the order of their election: the leaders, unless quorum or threshold stand against
    it. `totals` are sums; for STV and instant runoff first preferences, for a date all who can
    come, for Schulze how many others it beats, nothing for a proposal.
    """

    kind: str
    cast: int
    blank: int
    totals: dict[int, int] = field(default_factory=dict)
    leaders: tuple[int, ...] = ()
    winners: tuple[int, ...] = ()
    ties: tuple[Tie, ...] = ()
    verdict: str | None = None
    #: ballots that the quorum asks for
    quorum: int | None = None
    bar: ThresholdBar | None = None
    #: a proposal: agree, abstain, disagree and block
    answers: dict[str, int] = field(default_factory=dict)
    #: a date poll: each date's three
    dates: dict[int, DateAnswers] = field(default_factory=dict)
    #: STAR: how many ballots give each option the highest score
    fives: dict[int, int] = field(default_factory=dict)
    #: STV: the votes that elect
    quota: int | None = None
    #: STV, instant runoff, STAR's runoff
    stages: tuple[Stage, ...] = ()
    #: Schulze: `pairs[x-1][y-1]` ballots rank x above y; the strongest paths likewise; places; who
    #: beats each other one
    pairs: tuple[tuple[int, ...], ...] = ()
    paths: tuple[tuple[int, ...], ...] = ()
    places: dict[int, int] = field(default_factory=dict)
    condorcet: int | None = None

    @property
    def valid(self) -> int:
        """Ballots that chose something."""
        return self.cast - self.blank

    @property
    def voices(self) -> int:
        """Of a proposal: those who agree, disagree or block."""
        return sum(number for answer, number in self.answers.items() if answer != "abstain")

    @property
    def winner(self) -> int | None:
        """The first whom the vote elects; None where it elects nobody."""
        return self.winners[0] if self.winners else None

    @property
    def tied(self) -> tuple[int, ...]:
        """Who tied for the winning place."""
        return next((tie.who for tie in self.ties if tie.where == WINNER), ())

    @property
    def without_figures(self) -> "Outcome":
        """Who won and the verdict, and no number of anything."""
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
        """Nothing but the kind of the vote."""
        return Outcome(kind=self.kind, cast=0, blank=0)

    def mean(self, number: int) -> Fraction:
        """What the valid ballots give this option on average."""
        return Fraction(self.totals[number], self.valid) if self.valid else Fraction(0)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values: fractions as “178/57”, integers as integers; what is empty
        is left out.
        """
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: plain_value(value)
            for name, value in values.items()
            if value is not None and value not in ((), {})
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Outcome":
        """What `as_json` wrote, as it was."""
        return cls(**{name: field_value(name, value) for name, value in found.items()})
