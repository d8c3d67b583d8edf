"""The forms for a group's defaults of new events, and for asking people to host."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from ...core.http.forms import Form, TextLine, choices_of
from ...groups.models import Group
from ..defaults import NAMES
from ..models import AUTOMATIC, EventDefault
from .event import COMPANIONS, PROMOTIONS, audiences_of

ENDS = [
    (0, _l("At the start")),
    (1, _l("1 hour before the start")),
    (12, _l("12 hours before the start")),
    (24, _l("1 day before the start")),
    (48, _l("2 days before the start")),
    (168, _l("1 week before the start")),
]


class EventDefaultsForm(Form):
    """As the form of an event, for the parts that are alike from one to the next."""

    audience = RadioField(_l("Visibility"))
    capacity = IntegerField(
        _l("Seats"),
        [
            Optional(),
            NumberRange(1, 1_000_000, _l("Enter at least 1, or leave empty for no limit.")),
        ],
    )
    max_plus_ones = SelectField(
        _l("Plus-ones"), choices=choices_of(COMPANIONS), coerce=int, default=0
    )
    rsvp_deadline_hours = SelectField(
        _l("Answer deadline"), choices=choices_of(ENDS), coerce=int, default=0
    )
    promotion = RadioField(
        _l("When a seat is free"), choices=choices_of(PROMOTIONS), default=AUTOMATIC
    )
    shows_attendees = BooleanField(_l("Show attendees"), default=True)
    allows_guests = BooleanField(_l("Allow answers without an account"), default=True)

    def __init__(self, group: Group, default: EventDefault | None = None) -> None:
        super().__init__(
            data={name: getattr(default, name) for name in NAMES} if default is not None else {}
        )
        self.audience.choices = choices_of(audiences_of(group))
        if not self.audience.raw_data and self.audience.data not in dict(audiences_of(group)):
            self.audience.data = audiences_of(group)[0][0]

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        return {name: self[name].data for name in NAMES} | {
            "rsvp_deadline_hours": self.rsvp_deadline_hours.data or None
        }


class HostForm(Form):
    """Who is to run the event, too."""

    handle = TextLine(_l("Handle"), InputRequired(_l("Enter a handle.")), most=41)
