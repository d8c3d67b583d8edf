"""Forms besides the vote's own: invited voters, the outcome, and defaults for new votes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from ...core.http.forms import CalendarDate, Form, TextBlock, choices_of
from ...people.forms import PickingForm
from ..models import AFTER_VOTING, GOING, MEMBERS, Statement, VoteDefault
from ..planning.defaults import NAMES
from ..planning.methods import METHODS
from ..results.outcomes import LONGEST
from ..tally.rules import SINGLE
from .votes import SHOWN

LASTS = [
    (0, _l("Chosen each time")),
    (1, _l("One day")),
    (3, _l("Three days")),
    (7, _l("A week")),
    (14, _l("Two weeks")),
    (30, _l("A month")),
]


class InviteesForm(PickingForm):
    """The invited people of a vote."""

    who = SelectMultipleField(_l("Invited voters"), validate_choice=False)
    alone = HiddenField()

    def __init__(self, chosen: Iterable[UUID] = ()) -> None:
        super().__init__(data={"who": [str(user_id) for user_id in chosen]})


class StatementForm(Form):
    """The text, and the day of the review."""

    body = TextBlock(
        _l("Outcome"),
        InputRequired(_l("Enter the outcome.")),
        most=LONGEST,
    )
    review_on = CalendarDate(_l("Review on"), [Optional()])
    version = HiddenField()

    def __init__(self, statement: Statement | None = None) -> None:
        names = ("body", "review_on", "version")
        super().__init__(
            data={name: getattr(statement, name) for name in names} if statement is not None else {}
        )

    @property
    def of_version(self) -> int:
        """The version that the person saw; 0 if it's not a number."""
        value = self.version.data or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

    def agree_on(self, statement: Statement) -> None:
        """Accept the current version, so that submitting again replaces it."""
        self.version.data = str(statement.version)


class VoteDefaultsForm(Form):
    """The fields of the vote form whose values are usually the same in a group."""

    kind = RadioField(
        _l("Kind"),
        choices=choices_of((kind, method.name) for kind, method in METHODS.items()),
        default=SINGLE,
    )
    days = SelectField(_l("Voting period"), choices=choices_of(LASTS), coerce=int, default=0)
    results = RadioField(_l("Results"), choices=choices_of(SHOWN), default=AFTER_VOTING)
    electorate = RadioField(
        _l("Who can vote about events"),
        choices=choices_of([(MEMBERS, _l("All members")), (GOING, _l("People who are going"))]),
        default=MEMBERS,
    )

    def __init__(self, default: VoteDefault | None = None) -> None:
        super().__init__(
            data={name: getattr(default, name) for name in NAMES} if default is not None else {}
        )

    def values(self) -> dict[str, Any]:
        """Return the values as arguments for the rule."""
        return {name: self[name].data for name in NAMES} | {"days": self.days.data or None}
