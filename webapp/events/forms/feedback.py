"""How somebody found an event."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from ...core.forms import Form, Text, choices_of
from ..models import Event, Feedback

STARS = [
    (1, _l("One star")),
    (2, _l("2 stars")),
    (3, _l("3 stars")),
    (4, _l("4 stars")),
    (5, _l("5 stars")),
]


class FeedbackForm(Form):
    """Stars, and words if they like; `way` is what the page said of who sees whose it is."""

    stars = RadioField(
        _l("How many stars?"),
        [InputRequired(_l("Choose one to five stars."))],
        choices=choices_of(STARS),
        coerce=int,
    )
    comment = Text(_l("What was good, what was not"), most=2000)
    way = HiddenField()

    def __init__(self, event: Event, said: Feedback | None = None, **more: Any) -> None:
        given = {"stars": said.stars, "comment": said.comment} if said is not None else {}
        super().__init__(data={**given, "way": event.feedback}, **more)
