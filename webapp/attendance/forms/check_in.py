"""The forms of check-in and of feedback."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import UUID, InputRequired, NumberRange, Optional

from ...core.http.forms import Form, TextBlock, TextLine, choices_of, required
from ...core.http.number_fields import WholeNumber
from ...events.models import Event
from ..models import Feedback


class CodeForm(Form):
    """A ticket’s code, typed or scanned. Scanners type the whole URL that the QR code holds."""

    code = TextLine(_l("Ticket code"), required(_l("Enter the code on the ticket.")), most=400)


class PartyForm(Form):
    """How many of a party go in or out; `inside`: how many were in when the button was rendered."""

    people = WholeNumber(_l("How many"), [InputRequired(), NumberRange(1, 21)])
    inside = WholeNumber(_l("Inside"), [Optional(), NumberRange(0, 21)])

    def values(self) -> dict[str, Any]:
        """Return the arguments of `arrive` and `leave`."""
        return {"people": self.people.data, "seen": self.inside.data}


class StepForm(Form):
    """The check-in step to undo."""

    step = StringField(_l("Which"), [InputRequired(), UUID()])


STARS = [
    (1, _l("1 star")),
    (2, _l("2 stars")),
    (3, _l("3 stars")),
    (4, _l("4 stars")),
    (5, _l("5 stars")),
]


class FeedbackForm(Form):
    """Stars and an optional comment; `way` is what the page said about who sees the name."""

    stars = RadioField(
        _l("Rating"),
        [InputRequired(_l("Choose one to five stars."))],
        choices=choices_of(STARS),
        coerce=int,
    )
    comment = TextBlock(_l("Comment"), most=2000)
    way = HiddenField()

    def __init__(self, event: Event, earlier: Feedback | None = None, **more: Any) -> None:
        given = {"stars": earlier.stars, "comment": earlier.comment} if earlier is not None else {}
        super().__init__(data={**given, "way": event.feedback}, **more)
