"""What is said at the door: a code, how many of a party, and which step was a mistake."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import UUID, InputRequired, NumberRange, Optional

from ...core.forms import Form, Line, required


class CodeForm(Form):
    """A ticket’s code, typed or scanned: scanners type the whole address that the QR code holds."""

    code = Line(
        _l("Ticket code"), required(_l("Type the code that stands on the ticket.")), most=400
    )


class PeopleForm(Form):
    """How many of a party go in, or out; `inside`: how many of it were in when the button was
    drawn.
    """

    people = IntegerField(_l("How many"), [InputRequired(), NumberRange(1, 21)])
    inside = IntegerField(_l("Inside"), [Optional(), NumberRange(0, 21)])

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        return {"people": self.people.data, "seen": self.inside.data}


class StepForm(Form):
    """The step that is taken back."""

    step = StringField(_l("Which"), [InputRequired(), UUID()])
