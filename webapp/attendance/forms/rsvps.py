"""The forms of an answer to an event, with an account or without, and of what its hosts ask."""

from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation

from ...accounts.forms import EmailField
from ...core.http.forms import Form, TextBlock, TextLine, choices_of, required
from ...core.time import time_zones
from ...events.models import (
    ASKED,
    CHECKBOX,
    CHOICE,
    GOING,
    LONG,
    MAYBE,
    NOT_GOING,
    OFFERED,
    WAITING,
    Event,
    EventQuestion,
    Rsvp,
)
from .. import rsvps
from ..labels import choice_in_words, ticket_in_words
from ..reads.answers import ReaderAnswer
from ..registration.answers import Details, field_of, fields_of
from ..registration.form import NOTHING, RegistrationForm, registration_form

HOLDING = (GOING, WAITING, OFFERED, ASKED)


class AnswerStart(NamedTuple):
    """What the form is filled in with: the reader's own answer, or what most would say; `largest`:
    of how many people a party may be.
    """

    state: str
    party: int
    is_anonymous: bool
    largest: int


def start_of(event: Event, rsvp: Rsvp | ReaderAnswer | None = None) -> AnswerStart:
    """What someone with this answer begins with."""
    most = event.max_plus_ones + 1
    if event.capacity is not None:
        most = min(most, event.capacity)
    if rsvp is None:
        return AnswerStart(GOING, 1, is_anonymous=False, largest=max(most, 1))
    state = rsvp.state if rsvp.state in (MAYBE, NOT_GOING) else GOING
    party = rsvp.party + rsvp.seats_waiting if rsvp.state in HOLDING else 1
    return AnswerStart(state, party, rsvp.is_anonymous, max(most, party))


class RsvpForm(Form):
    """Will you come, how many of you, and under your name?

    `form_for` makes it with what the event asks in it.
    """

    answer = RadioField(
        _l("Your answer"),
        [InputRequired(_l("Choose an answer."))],
        choices=choices_of(
            [(GOING, _l("Going")), (MAYBE, _l("Maybe")), (NOT_GOING, _l("Can’t go"))]
        ),
    )
    party = SelectField(_l("Plus-ones"), coerce=int, default=1)
    split = BooleanField(_l("If we don’t all fit, the rest can wait"))
    anonymous = BooleanField(_l("Hide my name"))
    #: the digest of the questions that the page showed
    asked = HiddenField()
    what: RegistrationForm = NOTHING
    zone = "UTC"

    def __init__(
        self, start: AnswerStart, said: dict[str, Any] | None = None, **options: Any
    ) -> None:
        given = {
            "answer": start.state,
            "party": start.party,
            "anonymous": start.is_anonymous,
            **(said or {}),
        }
        super().__init__(data=given, **options)
        sizes = range(1, start.largest + 1)
        self.party.choices = choices_of((str(size), party_in_words(size)) for size in sizes)
        if len(sizes) == 1 and not self.party.raw_data:
            self.party.data = 1
        if self.what is not NOTHING:
            _offer(self, said or {})

    @property
    def digest(self) -> str:
        """What the page says it has asked."""
        return self.what.digest

    @property
    def ticket_hints(self) -> dict[str, str]:
        """What each ticket kind costs, and whether it is available."""
        return {str(it.id): ticket_in_words(it, self.zone) for it in self.what.tickets}

    @property
    def question_fields(self) -> list[tuple[EventQuestion, Field, dict[str, str]]]:
        """The questions with their fields, in their order, and what is to be said to each of
        their choices.
        """
        hints = {
            one.id: {str(it.id): choice_in_words(it) for it in self.what.choices.get(one.id, [])}
            for one in self.what.questions
        }
        return [
            (
                one,
                self[field_of(one)],
                {key: words for key, words in hints[one.id].items() if words},
            )
            for one in self.what.questions
        ]

    def given(self) -> dict[str, Any]:
        """What was answered, as `rsvps.answer` takes it."""
        details = None
        if self.what is not NOTHING:
            said: dict[UUID, Any] = {
                one.id: self[field_of(one)].data for one in self.what.questions
            }
            ticket = self["ticket"].data if self.what.tickets else None
            details = Details(UUID(ticket) if ticket else None, said, self.asked.data or "")
        plain = {
            "state": self.answer.data,
            "party": self.party.data,
            "anonymous": self.anonymous.data,
        }
        return {**plain, "split": self.split.data, "details": details}


def form_for(
    event: Event,
    rsvp: Rsvp | ReaderAnswer | None = None,
    asked: RegistrationForm = NOTHING,
    said: dict[str, Any] | None = None,
    **options: Any,
) -> RsvpForm:
    """The form in which one answers this event, with its ticket kinds and questions; `said`:
    what was told before.
    """
    if asked is NOTHING:
        return RsvpForm(start_of(event, rsvp), **options)
    fields = {field_of(one): _field(one) for one in asked.questions}
    if asked.tickets:
        fields["ticket"] = RadioField(_l("Ticket"), [_Needed(_l("Choose a ticket type."))])
    made: type[RsvpForm] = type(
        "AskedForm", (RsvpForm,), {**fields, "what": asked, "zone": event.zone}
    )
    return made(start_of(event, rsvp), said, **options)


def shown_form(event: Event, seen: Any, form: RsvpForm | None = None) -> dict[str, Any]:
    """What the templates of the answer take. `start`: what the form begins with, where the reader
    of this EventView may answer; `form`: the form, where it is not the usual one.
    """
    may_answer = seen.may_answer or form is not None
    start = start_of(event, seen.rsvp) if may_answer else None
    if form is None and may_answer and seen.asked is not NOTHING:
        form = form_for(event, seen.rsvp, seen.asked, seen.said, formdata=None)
    return {"form": form, "start": start}


def form_of(event: Event, who: Any) -> RsvpForm:
    """The form in which `who` answers the event, filled in with what they answered before."""
    row = rsvps.of(event, who)
    return form_for(
        event,
        row,
        registration_form(event),
        fields_of(row) if row is not None and event.has_registration_form else None,
    )


class _Needed:
    """Only those who come must say it; the browser cannot know, so the control itself is not
    required.
    """

    def __init__(self, sentence: Any = None) -> None:
        self.sentence = sentence

    def __call__(self, form: RsvpForm, field: Field) -> None:
        if not field.data:
            field.errors = []
            raise StopValidation(
                str(self.sentence) if self.sentence and form.answer.data == GOING else None
            )


def _field(question: EventQuestion) -> Any:
    must = _Needed(_l("Please answer this.") if question.is_required else None)
    if question.kind == CHOICE:
        return RadioField(question.text, [must])
    if question.kind == CHECKBOX:
        return BooleanField(question.text, [must])
    if question.kind == LONG:
        return TextBlock(question.text, must, most=1000)
    return TextLine(question.text, must, most=200)


def _offer(form: RsvpForm, said: dict[str, Any]) -> None:
    """What cannot be had now is shown, but not to be chosen; what the reader has already stays."""
    if form.what.tickets:
        choices = [
            SelectChoice(
                str(it.id), it.label, {} if it.is_open and it.capacity != 0 else {"disabled": True}
            )
            for it in form.what.tickets
        ]
        _settle(form["ticket"], choices, said.get("ticket"))
    for one in form.what.questions:
        if one.kind == CHOICE:
            options = form.what.choices.get(one.id, [])
            choices = [
                SelectChoice(str(it.id), it.label, {} if it.free != 0 else {"disabled": True})
                for it in options
            ]
            _settle(form[field_of(one)], choices, said.get(field_of(one)))


def _settle(field: Any, choices: list[SelectChoice], mine: Any) -> None:
    for choice in choices:
        if choice.value == mine:
            choice.render_kw = {}
    field.choices = choices
    if len(choices) == 1 and not field.raw_data:
        field.data = choices[0].value


def party_in_words(size: int) -> str:
    """“Just me”, or “Me + 2” for a party of three."""
    return ngettext("Me + %(num)s", "Me + %(num)s", size - 1) if size > 1 else _("Just me")


class GuestForm(Form):
    """Who comes. `homepage` is for machines: people neither see nor fill it."""

    name = TextLine(_l("Your name"), required(_l("Enter your name.")), most=80)
    email = EmailField()
    zone = HiddenField()
    homepage = StringField(_l("Leave this empty"))

    @property
    def known_zone(self) -> str:
        """The zone that the browser guessed, if it is one; "" where none was."""
        return self.zone.data if self.zone.data and time_zones.is_zone(self.zone.data) else ""


class GuestLinkForm(Form):
    """Where the new link goes."""

    email = EmailField()
