"""The form for a group's defaults for new votes."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from ...core.http.forms import Form, choices_of
from ..models import AFTER_VOTING, GOING, MEMBERS, VoteDefault
from ..planning.defaults import NAMES
from ..planning.methods import METHODS
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
