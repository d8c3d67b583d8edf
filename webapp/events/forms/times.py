"""When an event is, as its form asks: hours, or with the box ticked days.

Where both are filled in, the box decides.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import Field
from wtforms.validators import InputRequired, StopValidation

from ..models import Event


class HoursAsked(InputRequired):
    """The field must be filled in unless the event lasts whole days; then it counts for nothing."""

    def __call__(self, form: Any, field: Field) -> None:
        if form.is_all_day.data:
            field.errors = []
            raise StopValidation()
        super().__call__(form, field)


class DaysAsked:
    """The field counts only where the event lasts whole days.

    With a `message` it must be filled in there, or the hours are.
    """

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        is_empty = not any(word.strip() for word in field.raw_data or ())
        if is_empty or not form.is_all_day.data:
            field.errors = []
            raise StopValidation(
                self.message if form.is_all_day.data and form.starts.data is None else None
            )


def days_of(form: Any) -> dict[str, Any]:
    """What a plan says instead of hours, where the form has the box ticked: midnight before the
    days, and after them.
    """
    if not form.is_all_day.data:
        return {}
    first: date = form.first_day.data or form.starts.data.date()
    usual = form.ends.data.date() if form.ends.data and not form.first_day.data else first
    last: date = form.last_day.data or usual
    return {
        "starts": datetime.combine(first, time()),
        "ends": datetime.combine(last + timedelta(days=1), time()),
    }


def entered_of(event: Event) -> dict[str, Any]:
    """The fields as whoever planned the event filled them in."""
    if event.is_all_day:
        return {
            "first_day": event.starts_wall.date(),
            "last_day": event.ends_wall.date() - timedelta(days=1),
        }
    return {"starts": event.starts_wall, "ends": event.ends_wall}
