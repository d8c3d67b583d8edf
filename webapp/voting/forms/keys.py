"""The ballot of a secret vote as a form, and what is asked of somebody with a key."""

from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from ...core.forms import Form, Line
from ..models import Vote
from .ballots import BallotForm, Found

#: A key has 28 signs; spaces and dashes between them are people's own.
LONGEST = 80
LABEL = _l("Your key")
MISSING = _l("Type your key, or paste it: 28 letters and digits.")


class KeyForm(Form):
    """A key as somebody typed it."""

    key = Line(LABEL, InputRequired(MISSING), most=LONGEST)


class SecretBallotForm(BallotForm):
    """What one may choose where nobody gives reasons."""

    def answer(self) -> dict[str, Any]:
        """What was entered, for the verbs of secret ballots."""
        return {name: value for name, value in super().answer().items() if name != "reason"}


class KeyedBallotForm(SecretBallotForm):
    """What a ballot shall say that is in the box, and the key that finds it."""

    key = Line(LABEL, InputRequired(MISSING), most=LONGEST)

    @classmethod
    def of(cls, vote: Vote, choice: str, key: str) -> Self:
        """The form of a ballot that was found: filled in with what it says."""
        form = cls.anew(vote, Found(choice))
        form.key.data = key
        return form
