"""What hosts set up for answers: questions, ticket types, requests, and answers for others."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_name
from flask_babel import lazy_gettext as _l, ngettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from ...core import i18n
from ...core.db.base import parse_uuid
from ...core.http.forms import Form, LocalDateTime, TextLine, choices_of, required
from ...core.http.number_fields import Amount, WholeNumber
from ...core.time import time_zones
from ...events import models
from ..labels import ticket_in_words
from ..registration.questions import MOST_OPTIONS, Choice

ROWS = range(1, MOST_OPTIONS + 1)
CURRENCIES = (
    "EUR",
    "GBP",
    "USD",
    "CHF",
    "AUD",
    "BRL",
    "CAD",
    "CNY",
    "CZK",
    "DKK",
    "HUF",
    "INR",
    "JPY",
    "KES",
    "MXN",
    "NOK",
    "NZD",
    "PLN",
    "RON",
    "SEK",
    "TRY",
    "UAH",
    "ZAR",
)
_PLACES = [
    Optional(),
    NumberRange(0, 1_000_000, _l("Enter 0 or more, or leave empty for no limit.")),
]


class EventQuestionForm(Form):
    """A question to attendees. A choice has numbered fields: `option_1`, `places_1`, and `was_1`,
    the option's id.
    """

    text = TextLine(_l("Question"), required(_l("Enter a question.")), most=200)
    kind = RadioField(
        _l("Answer type"),
        choices=choices_of(
            [
                (models.TEXT, _l("Short text")),
                (models.LONG, _l("Long text")),
                (models.CHOICE, _l("Multiple choice")),
                (models.CHECKBOX, _l("Checkbox")),
            ]
        ),
        default=models.TEXT,
    )
    is_required = BooleanField(_l("Required"))

    def __init__(
        self,
        question: models.EventQuestion | None = None,
        options: Sequence[models.EventOption] = (),
    ) -> None:
        given: dict[str, Any] = {}
        if question is not None:
            given = {name: getattr(question, name) for name in ("text", "kind", "is_required")}
            options = question.options
        for number, option in zip(ROWS, options, strict=False):
            given |= {
                f"option_{number}": option.label,
                f"places_{number}": option.capacity,
                f"was_{number}": str(option.id),
            }
        super().__init__(data=given)
        self.shown = min(max(6, len(options) + 2), MOST_OPTIONS)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of the choices, row by row, with a few empty rows."""
        filled = max((number for number in ROWS if self[f"option_{number}"].data), default=0)
        return [
            (self[f"option_{number}"], self[f"places_{number}"], self[f"was_{number}"])
            for number in ROWS
            if number <= max(self.shown, filled)
        ]

    def values(self) -> dict[str, Any]:
        """Return the question's values."""
        choices = [
            Choice(parse_uuid(was.data), words.data, places.data)
            for words, places, was in self.rows
            if words.data
        ]
        return {
            "text": self.text.data,
            "kind": self.kind.data,
            "is_required": self.is_required.data,
            "choices": choices,
        }


for _number in ROWS:
    setattr(
        EventQuestionForm,
        f"option_{_number}",
        TextLine(_l("Choice %(number)s", number=_number), most=100),
    )
    setattr(
        EventQuestionForm,
        f"places_{_number}",
        WholeNumber(_l("Capacity of choice %(number)s", number=_number), _PLACES),
    )
    setattr(EventQuestionForm, f"was_{_number}", HiddenField())


class TicketForm(Form):
    """A ticket type."""

    label = TextLine(_l("Name"), required(_l("Enter a name.")), most=100)
    price = RadioField(
        _l("Price"),
        choices=choices_of(
            [
                (models.FREE, _l("Nothing")),
                (models.DONATION, _l("Donation")),
                (models.ON_SITE, _l("Pay at the door")),
            ]
        ),
        default=models.FREE,
    )
    amount = Amount(_l("Amount"))
    currency = SelectField(_l("Currency"), default="EUR")
    capacity = WholeNumber(_l("Capacity"), _PLACES)
    opens = LocalDateTime(_l("Available from"), Optional())
    closes = LocalDateTime(_l("Available until"), Optional())

    def __init__(self, event: models.Event, ticket: models.EventOption | None = None) -> None:
        super().__init__(data=_as_entered(event, ticket) if ticket is not None else {})
        locale = i18n.locale_code()
        self.currency.choices = choices_of(
            (code, f"{code} · {get_currency_name(code, locale=locale)}") for code in CURRENCIES
        )

    def values(self) -> dict[str, Any]:
        """Return the ticket type's values, with the amount in hundredths."""
        names = ("label", "price", "currency", "capacity", "opens", "closes")
        return {**{name: self[name].data for name in names}, "amount": self.amount.hundredths}


def _as_entered(event: models.Event, ticket: models.EventOption) -> dict[str, Any]:
    wall = {
        name: time_zones.wall(moment, event.zone) if moment else None
        for name, moment in (("opens", ticket.opens_at), ("closes", ticket.closes_at))
    }
    currency = ticket.currency or "EUR"
    amount = None if ticket.amount is None else i18n.plain_amount(ticket.amount, currency)
    plain = {name: getattr(ticket, name) for name in ("label", "price", "capacity")}
    return {**plain, **wall, "amount": amount, "currency": currency}


class ApprovalForm(Form):
    """Approve or decline a request, with a message."""

    do = RadioField(
        validators=[InputRequired()],
        choices=choices_of((word, word) for word in ("approve", "admit", "refuse")),
    )
    sentence = TextLine(_l("Message"), most=300)


class HostedForm(Form):
    """An answer that a host gives for someone."""

    who = TextLine(_l("Who"), required(_l("Enter a handle or a full name.")), most=200)
    answer = RadioField(
        _l("Their answer"),
        choices=choices_of([(models.GOING, _l("Going")), (models.NOT_GOING, _l("Can’t go"))]),
        default=models.GOING,
    )
    party = SelectField(_l("Number of people"), coerce=int, default=1)
    split = BooleanField(_l("If they don’t all fit, the rest can wait"))
    ticket = RadioField(_l("Ticket"), [Optional()])

    def __init__(
        self,
        event: models.Event,
        tickets: Sequence[models.EventOption],
        row: models.Rsvp | None = None,
        who: str = "",
    ) -> None:
        held = (
            next((str(it.id) for it in row.picks if it.is_ticket), None)
            if row is not None
            else None
        )
        first = next((str(it.id) for it in tickets if it.capacity != 0), None)
        party = row.party + row.seats_waiting if row is not None else 1
        super().__init__(data={"party": party, "ticket": held or first, "who": who})
        sizes = range(1, max(event.largest_party, party) + 1)
        self.party.choices = choices_of((str(size), _people(size)) for size in sizes)
        if len(sizes) == 1 and not self.party.raw_data:
            self.party.data = 1
        self.ticket.choices = [
            SelectChoice(
                str(it.id),
                it.label,
                {} if it.capacity != 0 or str(it.id) == held else {"disabled": True},
            )
            for it in tickets
        ]
        self.ticket_hints = {str(it.id): ticket_in_words(it, event.zone) for it in tickets}
        if not tickets:
            del self.ticket
        if row is not None:
            del self.who

    def values(self) -> dict[str, Any]:
        """Return the answer's values."""
        ticket = self["ticket"].data if "ticket" in self else None
        plain = {"state": self.answer.data, "party": self.party.data, "split": self.split.data}
        return {**plain, "ticket": UUID(ticket) if ticket else None}


def _people(number: int) -> str:
    return ngettext("%(num)s person", "%(num)s people", number)
