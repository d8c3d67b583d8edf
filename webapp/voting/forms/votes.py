"""The form in which a vote is planned, and the one that calls it off."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, Optional

from ...core import times
from ...core.errors import RuleBroken
from ...core.forms import Form, Line, Text, WallTime, Which, choices_of, squeezed
from ...core.moments import moment_of
from ..models import AFTER_CLOSE, AFTER_VOTING, ALWAYS, APPROVAL, GOING, MEMBERS, SINGLE, Event, Vote
from ..plans import Plan

KINDS = [(SINGLE, _l("One")), (APPROVAL, _l("Several"))]
SHOWN = [(ALWAYS, _l("Always")), (AFTER_VOTING, _l("After voting")), (AFTER_CLOSE, _l("After closing"))]
ELECTORATES = [(MEMBERS, _l("The group’s members")), (GOING, _l("Those who are going"))]
NOW, LATER = "now", "later"
OPENINGS = [(NOW, _l("Now")), (LATER, _l("Later"))]
QUESTION = ("title", "kind", "options", "choices_min", "choices_max")
OPENING = ("begins", "opens", "opens_fold", "electorate")


class VoteForm(Form):
    """Everything that one decides about a vote. What is frozen by now has no field."""

    title = Line(_l("Question"), InputRequired(_l("Ask a question: it is the title of the vote.")), most=160)
    description = Text(_l("What people should know"), most=10_000)
    options = Text(_l("Options"), InputRequired(_l("Give at least two options, one on each line.")))
    kind = RadioField(_l("How many may each choose?"), choices=choices_of(KINDS), default=SINGLE)
    choices_min = IntegerField(_l("At least"), [Optional()])
    choices_max = IntegerField(_l("At most"), [Optional()])
    electorate = RadioField(_l("Who may vote"), choices=choices_of(ELECTORATES), default=MEMBERS)
    begins = RadioField(_l("Voting opens"), choices=choices_of(OPENINGS), default=NOW)
    opens = WallTime(_l("Opens on"), Optional())
    opens_fold = Which()
    closes = WallTime(_l("Closes on"), InputRequired(_l("When does voting close?")))
    closes_fold = Which()
    results = RadioField(_l("Results show"), choices=choices_of(SHOWN), default=AFTER_VOTING)

    def __init__(
        self, zone: str, event: Event | None = None, vote: Vote | None = None, entered: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data=entered or {} if vote is None else _as_entered(vote))
        self.zone, self.vote = zone, vote
        self.opens_at: datetime | None = None
        self.closes_at: datetime | None = None
        if vote is not None and vote.ballot_count:
            self._drop(QUESTION)
        if vote is not None and vote.opened_at is not None:
            self._drop(OPENING)
        elif event is None:
            self._drop(("electorate",))
        if vote is not None:
            stricter = [value for value, label in SHOWN]
            self.results.choices = choices_of(SHOWN[stricter.index(vote.results) :])

    def _drop(self, names: tuple[str, ...]) -> None:
        for name in names:
            delattr(self, name)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all is well; afterwards the moments are known."""
        fine = super().validate(extra_validators)
        if self.closes.data is not None:
            self.closes_at = self._moment("closes", self.vote and self.vote.closes_at)
        if self._asks("begins") and self.begins.data == LATER:
            if self.opens.data is None:
                self.opens.errors = [*self.opens.errors, _("Say when voting opens, or let it open now.")]
            else:
                self.opens_at = self._moment("opens", self.vote and self.vote.opens_at)
        return fine and not self.errors

    def _moment(self, name: str, before: datetime | None) -> datetime | None:
        wall, which = self[name].data, self[f"{name}_fold"].data
        if before is not None and wall == times.wall(times.whole_minute(before), self.zone):
            return before  # a form shows whole minutes
        try:
            return moment_of(wall, self.zone, int(which) if which in ("0", "1") else None, name)
        except RuleBroken as broken:
            field = self[broken.field or name]
            field.errors = [*field.errors, broken.sentence]
            return None

    def _asks(self, name: str) -> bool:
        return name in self._fields

    @property
    def asks_which(self) -> list[Any]:
        """The questions which of two moments is meant, where they arise."""
        asked = [self._fields.get(name) for name in ("opens_fold", "closes_fold")]
        return [field for field in asked if field is not None and (field.errors or field.data in ("0", "1"))]

    def plan(self) -> Plan:
        """What was entered, and for what is frozen what stands."""
        assert self.closes_at is not None
        values = {} if self.vote is None else _as_planned(self.vote)
        if self._asks("title"):
            values.update(title=self.title.data, kind=self.kind.data, options=self._options())
            values.update(choices_min=self.choices_min.data or 1, choices_max=self.choices_max.data)
        if self._asks("begins"):
            values["opens_at"] = self.opens_at
        if self._asks("electorate"):
            values["electorate"] = self.electorate.data
        values.update(description=(self.description.data or "").strip(), closes_at=self.closes_at, results=self.results.data)
        return Plan(**values)

    def _options(self) -> tuple[str, ...]:
        lines = [squeezed(line) for line in (self.options.data or "").splitlines()]
        return tuple(line for line in lines if line)


def _as_planned(vote: Vote) -> dict[str, Any]:
    names = ("title", "kind", "choices_min", "choices_max", "opens_at", "electorate")
    return {name: getattr(vote, name) for name in names} | {"options": tuple(option.title for option in vote.options)}


def _as_entered(vote: Vote) -> dict[str, Any]:
    names = ("title", "description", "kind", "choices_min", "results", "electorate")
    everything = vote.choices_max == len(vote.options)
    return {name: getattr(vote, name) for name in names} | {
        "options": "\n".join(option.title for option in vote.options),
        "choices_max": None if everything else vote.choices_max,
        "begins": LATER,
        "opens": times.wall(times.whole_minute(vote.opens_at), vote.zone),
        "closes": times.wall(times.whole_minute(vote.closes_at), vote.zone),
    }


class CancellationForm(Form):
    """Why a vote is called off."""

    reason = Line(_l("Why"), most=300)


class RemovalForm(Form):
    """Nothing but the promise that it came from our page."""
