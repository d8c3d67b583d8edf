"""The ballot as a form."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from ...core.forms import Form
from .. import choices
from ..models import Ballot, Vote

ABSTAIN = "blank"


class BallotForm(Form):
    """One box or button for each option, and one to abstain; checked are those of the ballot that is in."""

    choice = SelectMultipleField(_l("Your choice"), validate_choice=False)
    version = HiddenField()

    def __init__(self, vote: Vote, ballot: Ballot | None = None) -> None:
        cast = []
        if ballot is not None:
            cast = [str(number) for number in choices.numbers_of(ballot.choice)] or [ABSTAIN]
        super().__init__(data={"choice": cast, "version": str(vote.version)})

    def answer(self) -> dict[str, Any]:
        """What was chosen, for the verb; nonsense becomes an option that no vote has."""
        chosen = list(self.choice.data or [])
        numbers = [_number(value) for value in chosen if value != ABSTAIN]
        version = _number(self.version.data or "") or None
        return {"numbers": numbers, "blank": ABSTAIN in chosen, "version": version}


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0
