"""The vote form, with the fields of its kind, and the forms for cancelling and deleting a vote."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from ...core.http.errors import UserError
from ...core.http.forms import Fold, Form, LocalDateTime, TextBlock, TextLine, choices_of
from ...core.http.number_fields import WholeNumber
from ...core.text.typed import single_line
from ...core.time import time_zones
from ...core.time.time_zones import to_moment
from ...groups.access import ROLE_NAMES
from ...groups.models import ROLES
from .. import models
from ..planning.methods import METHODS
from ..planning.plan import OWN, VotePlan, planned, spans_of, stamp
from ..results import quorum_text
from ..tally.rules import KINDS, PROPOSAL
from . import initial as entered_as
from .fields import ELECTORATES, LEAVERS, ROLLS, DatesField, Lasts, MeasureField, ShareField, spans

SHOWN = [
    (models.ALWAYS, _l("Always")),
    (models.AFTER_VOTING, _l("After voting")),
    (models.AFTER_CLOSE, _l("After closing")),
]
NOW, LATER = "now", "later"
#: Answers when nobody but the author could vote: let people who join before closing vote, or open
#: it anyway.
JOIN, ONLY = "join", "only"
OPENINGS = [(NOW, _l("Right away")), (LATER, _l("Later"))]
HIDDEN, NAMED, SECRET = "hidden", "named", "secret"
NAMES = [
    (HIDDEN, _l("Names hidden")),
    (NAMED, _l("Names shown")),
    (SECRET, _l("Secret ballot")),
]
REASONS = [
    (models.OFF, _l("Not asked")),
    (models.OPTIONAL, _l("Optional")),
    (models.REQUIRED, _l("Required")),
]
#: Fields frozen at the first ballot (QUESTION), and at opening (OPENED).
NEEDS = ("quorum", "threshold", "threshold_of")
QUESTION = (
    "title",
    "options",
    "dates",
    "lasts",
    "choices_min",
    "choices_max",
    *OWN,
    *NEEDS,
    "reasons",
)
OPENED = ("begins", "opens", "opens_fold", "electorate", "roles", "roll_at", "leavers")


class VoteForm(Form):
    """All settings of a vote.
    Fields that are frozen, or that the kind doesn't use, are removed.
    """

    title = TextLine(_l("Question"), InputRequired(_l("Enter a question.")), most=160)
    description = TextBlock(_l("Description"), most=10_000)
    options = TextBlock(
        _l("Options"), InputRequired(_l("Enter at least two options, one per line."))
    )
    dates = DatesField(_l("Dates to choose from"))
    lasts = Lasts()
    choices_min = WholeNumber(_l("At least"), [Optional()])
    choices_max = WholeNumber(_l("At most"), [Optional()])
    score_max = WholeNumber(_l("Highest score"), [Optional()])
    budget = WholeNumber(_l("Dots per person"), [Optional()])
    per_option = WholeNumber(_l("Most dots per option"), [Optional()])
    spend_all = BooleanField(_l("All dots must be used"))
    seats = WholeNumber(_l("Seats"), [InputRequired(_l("Enter the number of seats."))])
    blocks = WholeNumber(_l("Blocks needed to stop it"), [Optional()])
    reasons = RadioField(_l("Reasons"), choices=choices_of(REASONS), default=models.OFF)
    quorum = WholeNumber(_l("Quorum, in percent"), [Optional()])
    threshold = ShareField()
    threshold_of = MeasureField()
    begins = RadioField(_l("Opens"), choices=choices_of(OPENINGS), default=NOW)
    opens = LocalDateTime(_l("Opens on"), Optional())
    opens_fold = Fold()
    closes = LocalDateTime(_l("Closes"), InputRequired(_l("Enter when voting closes.")))
    closes_fold = Fold()
    electorate = RadioField(
        _l("Who can vote"), choices=choices_of(ELECTORATES), default=models.MEMBERS
    )
    roles = SelectMultipleField(
        _l("Roles"), choices=choices_of((role, ROLE_NAMES[role]) for role in ROLES)
    )
    roll_at = RadioField(_l("Voter list"), choices=choices_of(ROLLS), default=models.OPENING)
    leavers = RadioField(_l("If someone leaves"), choices=choices_of(LEAVERS), default=models.LOSE)
    results = RadioField(_l("Results"), choices=choices_of(SHOWN), default=models.AFTER_VOTING)
    names = RadioField(_l("Secrecy"), choices=choices_of(NAMES), default=HIDDEN)
    seen = HiddenField()
    alone = HiddenField()

    def __init__(
        self,
        kind: str,
        zone: str,
        event: models.Event | None = None,
        vote: models.Vote | None = None,
        entered: dict[str, Any] | None = None,
    ) -> None:
        beginning = {
            "seats": 2,
            "score_max": 5,
            "budget": 10,
            "blocks": 1,
            **entered_as.usual(kind),
        }
        if event is not None:
            beginning["lasts"] = entered_as.minutes(event.starts_wall, event.ends_wall)
        super().__init__(
            data=beginning | (entered or {}) if vote is None else beginning | entered_as.of(vote)
        )
        self.kind, self.zone, self.event, self.vote = kind, zone, event, vote
        self.opens_at: datetime | None = None
        self.closes_at: datetime | None = None
        self._moments: list[datetime] = []
        self._leave_out()
        self._offer()
        if kind == PROPOSAL and "title" in self:
            self.title.label.text = _("Proposal")

    def _leave_out(self) -> None:
        """Remove fields that the kind or the event has no use for, or that are frozen."""
        kind, own_fields = KINDS[self.kind], METHODS[self.kind].asks
        none = {name for name in (*OWN, "choices_min", "choices_max") if name not in own_fields}
        none |= set() if kind.has_titles else {"options"}
        none |= set() if kind.has_dates else {"dates", "lasts"}
        none |= set() if kind.has_threshold else {"threshold", "threshold_of"}
        if self.vote is not None:
            none |= set(QUESTION) if self.vote.is_settled else set()
            none |= {"description"} if self.vote.is_settled and self.kind == PROPOSAL else set()
            none |= set(OPENED) if self.vote.opened_at is not None else set()
        for name in none:
            delattr(self, name)

    @property
    def options_hint(self) -> str:
        """Return how many options there may be."""
        least, most = KINDS[self.kind].options
        if least == most:
            return _(
                "Exactly %(most)s, one per line. You can change them until the first ballot is "
                "cast.",
                most=most,
            )
        return _(
            "%(least)s to %(most)s, one per line. You can change them until the first ballot is "
            "cast.",
            least=least,
            most=most,
        )

    def _offer(self) -> None:
        """Set the choices of fields."""
        vote = self.vote
        if "threshold" in self:
            self.threshold.offer(
                self.kind == PROPOSAL, quorum_text.code_of(vote) if vote else quorum_text.NONE
            )
            self.threshold_of.offer(self.kind, self.event is not None)
        if "electorate" in self and self.event is None:
            self.electorate.choices = choices_of(
                pair for pair in ELECTORATES if pair[0] not in models.OF_EVENT
            )
        if "lasts" in self:
            self.lasts.offer(self.lasts.data or 0)
            if self.event is not None:
                self.lasts.offer(entered_as.minutes(self.event.starts_wall, self.event.ends_wall))
        if vote is not None:
            stricter = [value for value, label in SHOWN]
            self.results.choices = choices_of(SHOWN[stricter.index(vote.results) :])
            self.names.choices = choices_of(self._names_of(vote))

    @staticmethod
    def _names_of(vote: models.Vote) -> list[tuple[str, Any]]:
        """Secrecy can't be loosened, as people were promised it. And a vote is secret from its
        opening on, or not at all.
        """
        if vote.is_secret:
            return [pair for pair in NAMES if pair[0] == SECRET]
        left_out = {NAMED} if vote.is_anonymous else set()
        left_out |= {SECRET} if vote.opened_at is not None else set()
        return [pair for pair in NAMES if pair[0] not in left_out]

    def agree_on(self, vote: models.Vote) -> None:
        """Accept the current version of the vote, so that submitting again replaces it."""
        self.seen.data = stamp(vote)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and convert the times to moments."""
        fine = super().validate(extra_validators)
        if self.closes.data is not None:
            self.closes_at = self._moment("closes", self.vote and self.vote.closes_at)
        if "begins" in self and self.begins.data == LATER:
            if self.opens.data is None:
                self.opens.errors = [
                    *self.opens.errors,
                    _("Enter when voting opens, or choose “Right away”."),
                ]
            else:
                self.opens_at = self._moment("opens", self.vote and self.vote.opens_at)
        if "dates" in self:
            existing = [span[0] for span in spans_of(self.vote) if span] if self.vote else []
            self._moments = self.dates.read(self.zone, existing)
        return fine and not self.errors

    def _moment(self, name: str, before: datetime | None) -> datetime | None:
        wall, which = self[name].data, self[f"{name}_fold"].data
        if before is not None and wall == time_zones.wall(
            time_zones.whole_minute(before), self.zone
        ):
            return before  # a form shows whole minutes
        try:
            return to_moment(wall, self.zone, int(which) if which in ("0", "1") else None, name)
        except UserError as broken:
            field = self[broken.field or name]
            field.errors = [*field.errors, broken.message]
            return None

    @property
    def may_be_alone(self) -> bool:
        """Whether the author opens it knowing that only they could vote."""
        return self.alone.data == ONLY

    @property
    def ambiguous_times(self) -> list[Any]:
        """The fields that ask which of two moments is meant, where needed."""
        folds = [self[name] for name in ("opens_fold", "closes_fold") if name in self]
        return [field for field in folds if field.errors or field.data in ("0", "1")]

    def plan(self) -> VotePlan:
        """Return the plan as entered; frozen fields have the vote's values."""
        assert self.closes_at is not None
        values = {} if self.vote is None else planned(self.vote)
        if "title" in self:
            values.update(self._question())
        if "begins" in self:
            values["opens_at"] = self.opens_at
        if "electorate" in self:
            values.update(
                {name: self[name].data for name in ("electorate", "roll_at", "leavers")},
                roles=tuple(self.roles.data),
            )
        text = (
            self.description.data or ""
            if "description" in self
            else self.vote.description
            if self.vote
            else ""
        )
        values.update(description=text.strip(), closes_at=self.closes_at)
        values |= {
            "results": self.results.data,
            "is_anonymous": self.names.data != NAMED,
            "is_secret": self.names.data == SECRET,
        }
        if "electorate" in self and self.alone.data == JOIN:
            values |= {"roll_at": models.CLOSE, "leavers": models.LOSE}
        if values["is_secret"]:
            values |= {
                "results": models.AFTER_CLOSE,
                "reasons": models.OFF,
                "roll_at": models.OPENING,
            }
        return VotePlan(**values)

    def _question(self) -> dict[str, Any]:
        """The fields frozen at the first ballot.
        Empty ones get their default, unless being empty has a meaning.
        """
        values = {
            "title": self.title.data,
            "kind": self.kind,
            "options": self._options(),
            "quorum": self.quorum.data,
        }
        values["reasons"] = self.reasons.data
        values["dates"] = (
            spans(self._moments, self.lasts.data, self.zone) if "lasts" in self else ()
        )
        for name in METHODS[self.kind].asks:
            entered = self[name].data
            values[name] = USUAL[name] if entered is None and name in USUAL else entered
        if "threshold" in self and self.threshold.data:
            values |= {
                "threshold_of": self.threshold_of.data,
                **quorum_text.columns_of(self.threshold.data),
            }
        elif self.vote is not None:
            values["threshold_of"] = None
        return values

    def _options(self) -> tuple[str, ...]:
        lines = (
            [single_line(line) for line in (self.options.data or "").splitlines()]
            if "options" in self
            else []
        )
        return tuple(line for line in lines if line)


#: The value of empty fields. In others empty has a meaning: all options, no limit, or blocks don't
#: stop it.
USUAL = {"choices_min": 1, "score_max": 5, "budget": 10}


class VoteCancellationForm(Form):
    """Why a vote is cancelled."""

    reason = TextLine(_l("Reason"), most=300)


class VoteRemovalForm(Form):
    """Only a CSRF token."""
