"""What a count finds."""

from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

from . import plain
from .parts import WINNER, Answers, Bar, Stage, Tie


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
    bar: Bar | None = None
    #: a proposal: agree, abstain, disagree and block
    answers: dict[str, int] = field(default_factory=dict)
    #: a date poll: each date's three
    dates: dict[int, Answers] = field(default_factory=dict)
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

    def share(self, number: int) -> int:
        """This option's sum in percent of the valid ballots, cut off."""
        return 100 * self.totals[number] // self.valid if self.valid else 0

    def mean(self, number: int) -> Fraction:
        """What the valid ballots give this option on average."""
        return Fraction(self.totals[number], self.valid) if self.valid else Fraction(0)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values: fractions as “178/57”, integers as integers; what is empty
        is left out.
        """
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: plain.written(value)
            for name, value in values.items()
            if value is not None and value not in ((), {})
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> "Outcome":
        """What `as_json` wrote, as it was."""
        return cls(**{name: plain.read(name, value) for name, value in found.items()})
