"""A vote as its author plans it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...events.models import Event
from ...groups.models import Group
from ..models import AFTER_CLOSE, AFTER_VOTING, LOSE, MEMBERS, OFF, OPENING, Vote
from ..tally.rules import KINDS, PROPOSAL, SINGLE, VOICES, WORD
from .methods import METHODS

#: Columns that only some kinds use, with their values in other kinds.
OWN: dict[str, Any] = {
    "seats": 1,
    "score_max": 5,
    "budget": 10,
    "per_option": None,
    "spend_all": False,
    "blocks": 1,
}
THRESHOLD: dict[str, Any] = {
    "threshold_of": None,
    "threshold_part": 1,
    "threshold_whole": 2,
    "threshold_strict": True,
}
#: Columns frozen together with the options.
RULES = (*OWN, *THRESHOLD, "quorum", "reasons")
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class VotePlan:
    """A vote as its author wants it. `opens_at` None: now. `choices_max` None: as many as there are
    options.

    A date poll has `dates` in place of `options`; a proposal has neither. For other fields see
    Vote.
    """

    title: str
    options: tuple[str, ...]
    closes_at: datetime
    opens_at: datetime | None = None
    description: str = ""
    kind: str = SINGLE
    choices_min: int = 1
    choices_max: int | None = None
    results: str = AFTER_VOTING
    electorate: str = MEMBERS
    roles: tuple[str, ...] = ()
    dates: tuple[Span, ...] = ()
    seats: int = 1
    score_max: int = 5
    budget: int = 10
    per_option: int | None = None
    spend_all: bool = False
    blocks: int | None = 1
    quorum: int | None = None
    threshold_of: str | None = None
    threshold_part: int = 1
    threshold_whole: int = 2
    threshold_strict: bool = True
    reasons: str = OFF
    is_anonymous: bool = True
    is_secret: bool = False
    roll_at: str = OPENING
    leavers: str = LOSE

    def __post_init__(self) -> None:
        """A secret vote is anonymous, and shows no results before it closes."""
        if self.is_secret:
            object.__setattr__(self, "is_anonymous", True)
            object.__setattr__(self, "results", AFTER_CLOSE)

    @property
    def limits(self) -> tuple[int, int]:
        """The fewest and the most options that a ballot may name."""
        if "choices_max" not in METHODS[self.kind].asks:
            return 1, 1
        return self.choices_min, self.choices_max or len(self.options)

    @property
    def titles(self) -> tuple[str, ...]:
        """The options' titles. Dates get a title in UTC, which pages replace by the date in the
        reader's language.
        """
        if KINDS[self.kind].has_dates:
            return tuple(f"{starts:%Y-%m-%d %H:%M} UTC" for starts, _ends in self.dates)
        return self.options if KINDS[self.kind].has_titles else ()

    @property
    def spans(self) -> tuple[Span | None, ...]:
        """The start and end of each option; None for options that aren't dates."""
        return self.dates if KINDS[self.kind].has_dates else (None,) * len(self.titles)

    @property
    def rules(self) -> dict[str, Any]:
        """The columns of RULES. Those that the kind doesn't use have their default values."""
        method = METHODS[self.kind]
        values = {
            name: getattr(self, name) if name in method.asks else usual
            for name, usual in OWN.items()
        }
        values |= {"quorum": self.quorum, "reasons": self.reasons}
        if KINDS[self.kind].has_threshold and self.threshold_of is not None:
            return values | {name: getattr(self, name) for name in THRESHOLD}
        return values | THRESHOLD | ({"threshold_of": VOICES} if self.kind == PROPOSAL else {})

    @property
    def question(self) -> tuple[object, ...]:
        """Return everything that ballots answer and how they are counted. Frozen at the first
        ballot.
        """
        rules = self.rules
        return (
            self.title,
            text_of(self),
            self.kind,
            self.limits,
            self.titles,
            self.spans,
            *(rules[name] for name in RULES),
        )


def zone_of(group: Group, event: Event | None) -> str:
    """Return the zone of a vote's times: its event's, otherwise its group's."""
    return event.zone if event is not None else group.zone


def question_of(vote: Vote) -> tuple[object, ...]:
    """Return `VotePlan.question` of an existing vote."""
    titles = tuple(option.title for option in vote.options)
    limits = (vote.choices_min, vote.choices_max)
    return (
        vote.title,
        text_of(vote),
        vote.kind,
        limits,
        titles,
        spans_of(vote),
        *(getattr(vote, name) for name in RULES),
    )


def text_of(question: VotePlan | Vote) -> str:
    """Return the description if it's what people vote on, as in a proposal; otherwise "".
    Other descriptions are explanations, and may be edited later.
    """
    return question.description if KINDS[question.kind].ballot == WORD else ""


def spans_of(vote: Vote) -> tuple[Span | None, ...]:
    """Return the start and end of each option of a vote; None for options that aren't dates."""
    return tuple(
        (one.starts_at, one.ends_at) if one.starts_at and one.ends_at else None
        for one in vote.options
    )


def stamp(vote: Vote) -> str:
    """Return a hash of everything that the form can change. A form with another one was opened
    before a change.
    """
    around = (
        vote.description,
        vote.opens_at,
        vote.closes_at,
        vote.results,
        vote.is_anonymous,
        vote.is_secret,
    )
    electorate = (vote.electorate, sorted(vote.roles), vote.roll_at, vote.leavers)
    serialized = json.dumps((question_of(vote), around, electorate), default=datetime.timestamp)
    return hashlib.sha256(serialized.encode()).hexdigest()[:16]


def planned(vote: Vote) -> dict[str, Any]:
    """Return an existing vote's values as keyword arguments of a VotePlan."""
    names = (
        "title",
        "kind",
        "choices_min",
        "choices_max",
        "opens_at",
        "electorate",
        "roll_at",
        "leavers",
        "is_secret",
        *RULES,
    )
    values = {name: getattr(vote, name) for name in names} | {"roles": tuple(vote.roles)}
    if KINDS[vote.kind].has_dates:
        return values | {
            "options": (),
            "dates": tuple(span for span in spans_of(vote) if span is not None),
        }
    return values | {"options": tuple(option.title for option in vote.options)}
