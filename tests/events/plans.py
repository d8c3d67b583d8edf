"""Input for events, with defaults for what a test doesn't set."""

from datetime import datetime, timedelta

from webapp.core.time import clock
from webapp.events.event_input import EventInput


def plan(**values) -> EventInput:
    """Return a two-hour event at noon in Lisbon, ten days from now."""
    noon = (clock.now() + timedelta(days=10)).replace(
        hour=12, minute=0, second=0, microsecond=0, tzinfo=None
    )
    starts = values.pop("starts", noon)
    values = {
        "title": "Eel count",
        "zone": "Europe/Lisbon",
        "ends": starts + timedelta(hours=2),
        **values,
    }
    return EventInput(starts=starts, **values)


def fields(**values) -> dict:
    """Return the same as fields of the form."""
    noon = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=10)
    form = {
        "title": "Eel count",
        "starts": f"{noon:%Y-%m-%dT%H:%M}",
        "ends": f"{noon + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "zone": "Europe/Lisbon",
        "audience": "everyone",
        "max_plus_ones": "0",
        "promotion": "automatic",
        "shows_attendees": "y",
    }
    return {**form, **values}
