"""The forms of events: one event, a group's defaults for new ones, and invitations to host.

An event has times, or if “All day” is ticked, dates. If both are filled in, the box decides.
"""

import re
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, URLField
from wtforms.validators import (
    URL,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
)

from ..core import i18n
from ..core.http.forms import (
    CalendarDate,
    Fold,
    Form,
    LocalDateTime,
    TextBlock,
    TextLine,
    TimeZone,
    Versioned,
    choices_of,
)
from ..core.http.number_fields import WholeNumber
from ..core.http.uploads import PictureField
from ..core.text.typed import single_line
from ..core.time import time_zones
from ..groups import reads as group_reads
from ..groups.models import OPEN, Group
from .defaults import NAMES
from .event_input import COPIED, EventInput
from .models import (
    ANONYMOUS,
    AUTOMATIC,
    EVERYONE,
    GROUP,
    LINK,
    NAMED,
    NONE,
    OFFER,
    Event,
    EventDefault,
)
from .pictures import COVERS


class HoursAsked(InputRequired):
    """The field is ignored for all-day events. Otherwise, with a `message`, it is required."""

    def __init__(self, message: Any = None) -> None:
        super().__init__(message)
        self.field_flags = {"required": True} if message else {}

    def __call__(self, form: Any, field: Field) -> None:
        if form.is_all_day.data or not (self.message or any(field.raw_data or ())):
            field.errors = []
            raise StopValidation()
        super().__call__(form, field)


class DaysAsked:
    """The field counts only for all-day events.

    With a `message`, it or the start time is required there.
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
    """Return start and end for an all-day event: midnight before the first day and after
    the last.
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


def form_values_of(event: Event) -> dict[str, Any]:
    """Return the fields as the host filled them in."""
    if event.is_all_day:
        return {
            "first_day": event.starts_wall.date(),
            "last_day": event.ends_wall.date() - timedelta(days=1),
        }
    return {"starts": event.starts_wall, "ends": event.ends_wall}


COMPANIONS = [
    (0, _l("None")),
    (1, _l("1 each")),
    (2, _l("2 each")),
    (3, _l("3 each")),
    (5, _l("5 each")),
    (10, _l("10 each")),
]
#: Kinds of feedback.
FEEDBACKS = [
    (NAMED, _l("With names")),
    (ANONYMOUS, _l("Anonymous")),
    (NONE, _l("Off")),
]
PROMOTIONS = [
    (AUTOMATIC, _l("Assign it automatically")),
    (OFFER, _l("Offer it for up to 24 hours")),
]
_WEB_ADDRESS = _l("Enter a link that starts with https://")
#: Length of an event without an end time.
USUAL_LENGTH = timedelta(hours=2)


def _seats() -> Field:
    limits = NumberRange(1, 1_000_000, _l("Enter 1 to 1,000,000, or leave empty for no limit."))
    return WholeNumber(_l("Seats"), [Optional(), limits])


def _plus_ones() -> Field:
    return SelectField(_l("Plus-ones"), choices=choices_of(COMPANIONS), coerce=int, default=0)


class EventForm(Versioned):
    """Everything that a host enters about an event: its times, or with “All day” its dates."""

    title = TextLine(_l("Title"), InputRequired(_l("Enter a title.")), most=120)
    summary = TextLine(_l("Summary"), most=200)
    description = TextBlock(_l("Description"))
    is_all_day = BooleanField(_l("All day"))
    starts = LocalDateTime(_l("Starts"), HoursAsked(_l("Enter when it starts.")))
    starts_fold = Fold()
    ends = LocalDateTime(_l("Ends"), HoursAsked())
    ends_fold = Fold()
    first_day = CalendarDate(_l("First day"), [DaysAsked(_l("Enter the first day."))])
    last_day = CalendarDate(_l("Last day"), [DaysAsked()])
    zone = TimeZone()
    venue = TextLine(_l("Place or online link"), most=200)
    directions = TextBlock(_l("Directions"), most=2000)
    online_url = URLField(
        _l("Online link"),
        [
            Optional(),
            Length(max=500),
            URL(message=_WEB_ADDRESS),
            Regexp("https?://[^ ]+$", message=_WEB_ADDRESS),
        ],
        filters=[single_line],
    )
    cover = RadioField(_l("Cover"), choices=choices_of(COVERS), default="")
    picture = PictureField(_l("Your own picture"))
    remove_picture = BooleanField(_l("Remove the picture"))
    category = SelectField(_l("Topic"), default="")
    audience = RadioField(_l("Visibility"), default=EVERYONE)
    capacity = _seats()
    max_plus_ones = _plus_ones()
    rsvp_deadline = LocalDateTime(_l("Answer deadline"), Optional())
    promotion = RadioField(
        _l("When a seat is free"), choices=choices_of(PROMOTIONS), default=AUTOMATIC
    )
    shows_attendees = BooleanField(_l("Show attendees"), default=True)
    requires_approval = BooleanField(_l("Require host approval"))
    allows_guests = BooleanField(_l("Allow answers without an account"), default=True)
    feedback = RadioField(_l("Feedback"), choices=choices_of(FEEDBACKS), default=NAMED)
    tell_people = BooleanField(_l("Tell people about a new time or place"), default=True)

    def __init__(self, group: Group | None, event: Event | None = None, **options: Any) -> None:
        values = {} if event is None else _as_entered(event)
        super().__init__(data={**values, **options.pop("data", {})}, **options)
        audiences = audiences_of(group)
        self.audience.choices = choices_of(audiences)
        self.category.choices = choices_of([("", _topics_of(group)), *_topics()])
        if self.audience.data not in dict(audiences) and (
            not self.audience.raw_data or group is not None
        ):  # never widen the audience
            self.audience.data = audiences[0][0]
        if event is not None and event.max_plus_ones not in dict(COMPANIONS):
            self.max_plus_ones.choices = choices_of(
                [*COMPANIONS, (event.max_plus_ones, str(event.max_plus_ones))]
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Move a link that was entered as the place to the online link."""
        link = self.venue.data or ""
        if re.fullmatch(r"https?://\S+", link) and not self.online_url.data:
            self.online_url.data, self.online_url.raw_data = link, [link]
            self.venue.data = ""
        return super().validate(extra_validators)

    def plan(self) -> EventInput:
        """Return the input for the rule."""
        entered = {
            one.name: _or_empty(self[one.name].data, one.default)
            for one in fields(EventInput)
            if one.name in self
        }
        folds: dict[str, Any] = {
            f"{name}_fold": int(self[f"{name}_fold"].data) if self[f"{name}_fold"].data else None
            for name in ("starts", "ends")
        }
        entered["category_id"] = UUID(self.category.data) if self.category.data else None
        if self.ends.data is None and self.starts.data is not None:
            entered["ends"] = time_zones.existing(self.starts.data + USUAL_LENGTH, self.zone.data)
        return EventInput(**{**entered, **folds, **days_of(self)})

    @property
    def ambiguous_times(self) -> list[Any]:
        """The fields that ask which of two moments is meant, if needed."""
        return [field for field in (self.starts_fold, self.ends_fold) if field.errors or field.data]


def _or_empty(value: Any, default: Any) -> Any:
    """Return the field's value; "" if it was left out."""
    return default if value is None and default == "" else value


def _topics() -> list[tuple[str, str]]:
    return [(str(topic.id), topic.name) for topic in group_reads.categories()]


def _topics_of(group: Group | None) -> str:
    """Describe the topic of an event without its own."""
    topics = [topic.name for topic in group.categories] if group is not None else []
    return _("Group’s topics: %(topics)s", topics=i18n.enumerated(topics)) if topics else _("None")


def audiences_of(group: Group | None) -> list[tuple[str, Any]]:
    """Return the possible audiences of an event of this group, or without a group, with labels."""
    if group is None:
        return [(EVERYONE, _l("Everyone")), (LINK, _l("Link only"))]
    if group.visibility != OPEN:
        return [(GROUP, _l("Members"))]
    return [
        (GROUP, _l("Members")),
        (EVERYONE, _l("Everyone")),
        (LINK, _l("Link only")),
    ]


def _as_entered(event: Event) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in COPIED}
    until = time_zones.wall(event.rsvp_deadline, event.zone) if event.rsvp_deadline else None
    folds = {
        f"{name}_fold": str(_fold(event, name))
        for name in ("starts", "ends")
        if _fold(event, name) is not None
    }
    return {
        **values,
        **folds,
        **form_values_of(event),
        "category": str(event.category_id or ""),
        "rsvp_deadline": until,
        "version": str(event.version),
    }


def _fold(event: Event, name: str) -> int | None:
    """Return which of two moments a repeated local time meant; None if it occurs once."""
    if event.is_all_day:
        return None
    try:
        time_zones.to_utc(getattr(event, f"{name}_wall"), event.zone)
    except time_zones.AmbiguousTime as doubled:
        return doubled.moments.index(getattr(event, f"{name}_at"))
    return None


class EventCancellationForm(Form):
    """The reason of a cancellation."""

    reason = TextBlock(
        _l("Reason"),
        InputRequired(_l("Enter a reason. Everyone who answered can read it.")),
        most=1000,
    )


ENDS = [
    (0, _l("At the start")),
    (1, _l("1 hour before the start")),
    (12, _l("12 hours before the start")),
    (24, _l("1 day before the start")),
    (48, _l("2 days before the start")),
    (168, _l("1 week before the start")),
]


class EventDefaultsForm(Form):
    """The fields of the event form that have defaults."""

    audience = RadioField(_l("Visibility"))
    capacity = _seats()
    max_plus_ones = _plus_ones()
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
        """Return the arguments of `defaults.save`."""
        return {name: self[name].data for name in NAMES} | {
            "rsvp_deadline_hours": self.rsvp_deadline_hours.data or None
        }


class HostForm(Form):
    """Who should become a host."""

    handle = TextLine(_l("Handle"), InputRequired(_l("Enter a handle.")), most=41)
