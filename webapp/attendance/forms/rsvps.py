"""The forms to answer an event with or without an account, with the hosts' questions."""

from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation

from ...accounts.forms import EmailField, PersonName
from ...core.http.forms import Form, TextBlock, TextLine, choices_of, required
from ...core.http.honeypot import FormWithTrap
from ...events.models import (
    CHECKBOX,
    CHOICE,
    GOING,
    LONG,
    MAYBE,
    NOT_GOING,
    SEATED_WAITING_OR_ASKED,
    Event,
    EventQuestion,
    Rsvp,
)
from .. import rsvps
from ..labels import choice_in_words, ticket_in_words
from ..reads.answers import ReaderAnswer
from ..registration.answers import RegistrationAnswers, field_of, fields_of
from ..registration.form import NOTHING, RegistrationForm, registration_form


class AnswerStart(NamedTuple):
    """Initial values of the form: the reader's answer or the usual one.

    `largest`: the largest party they can choose.
    """

    state: str
    party: int
    is_anonymous: bool
    largest: int


def start_of(event: Event, rsvp: Rsvp | ReaderAnswer | None = None) -> AnswerStart:
    """Return the initial values for someone with this answer."""
    most = event.largest_party
    if rsvp is None:
        return AnswerStart(GOING, 1, is_anonymous=False, largest=most)
    state = rsvp.state if rsvp.state in (MAYBE, NOT_GOING) else GOING
    party = rsvp.party + rsvp.seats_waiting if rsvp.state in SEATED_WAITING_OR_ASKED else 1
    return AnswerStart(state, party, rsvp.is_anonymous, max(most, party))


class RsvpForm(Form):
    """The answer, the number of people, and whether to hide the name.

    `form_for` creates it with the event's own questions.
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
    #: Digest of the questions that the page showed.
    asked = HiddenField()
    what: RegistrationForm = NOTHING
    zone = "UTC"

    def __init__(
        self, start: AnswerStart, earlier: dict[str, Any] | None = None, **options: Any
    ) -> None:
        given = {
            "answer": start.state,
            "party": start.party,
            "anonymous": start.is_anonymous,
            **(earlier or {}),
        }
        super().__init__(data=given, **options)
        sizes = range(1, start.largest + 1)
        self.party.choices = choices_of((str(size), party_in_words(size)) for size in sizes)
        if len(sizes) == 1 and not self.party.raw_data:
            self.party.data = 1
        if self.what is not NOTHING:
            _offer(self, earlier or {})

    @property
    def digest(self) -> str:
        """The digest of the questions to render into the page."""
        return self.what.digest

    @property
    def ticket_hints(self) -> dict[str, str]:
        """Return what each ticket type costs, and whether it is available."""
        return {str(it.id): ticket_in_words(it, self.zone) for it in self.what.tickets}

    @property
    def question_fields(self) -> list[tuple[EventQuestion, Field, dict[str, str]]]:
        """The questions in order, each with its field and hints for its choices."""
        hints = {
            one.id: {str(it.id): choice_in_words(it) for it in self.what.choices.get(one.id, [])}
            for one in self.what.questions
        }
        return [
            (
                one,
                self[field_of(one)],
                {key: hint for key, hint in hints[one.id].items() if hint},
            )
            for one in self.what.questions
        ]

    def given(self) -> dict[str, Any]:
        """Return the arguments of `rsvps.answer`."""
        details = None
        if self.what is not NOTHING:
            answers: dict[UUID, Any] = {
                one.id: self[field_of(one)].data for one in self.what.questions
            }
            ticket = self["ticket"].data if self.what.tickets else None
            details = RegistrationAnswers(
                UUID(ticket) if ticket else None, answers, self.asked.data or ""
            )
        plain = {
            "state": self.answer.data,
            "party": self.party.data,
            "anonymous": self.anonymous.data,
        }
        return {**plain, "split": self.split.data, "details": details}


def form_for(
    event: Event,
    rsvp: Rsvp | ReaderAnswer | None = None,
    registration: RegistrationForm = NOTHING,
    earlier: dict[str, Any] | None = None,
    **options: Any,
) -> RsvpForm:
    """Create the form with the event's ticket types and questions; `earlier`: earlier answers
    to them.
    """
    if registration is NOTHING:
        return RsvpForm(start_of(event, rsvp), **options)
    fields = {field_of(one): _field(one) for one in registration.questions}
    if registration.tickets:
        fields["ticket"] = RadioField(_l("Ticket"), [_Needed(_l("Choose a ticket type."))])
    made: type[RsvpForm] = type(
        "AskedForm", (RsvpForm,), {**fields, "what": registration, "zone": event.zone}
    )
    return made(start_of(event, rsvp), earlier, **options)


def shown_form(view: Any, form: RsvpForm | None = None) -> dict[str, Any]:
    """Return template variables: `start`, if the reader can answer, and `form`, if it isn't the
    usual one.
    """
    may_answer = view.may_answer or form is not None
    start = start_of(view.event, view.rsvp) if may_answer else None
    if form is None and may_answer and view.registration is not NOTHING:
        form = form_for(view.event, view.rsvp, view.registration, view.given, formdata=None)
    return {"form": form, "start": start}


def form_of(event: Event, who: Any) -> RsvpForm:
    """Create the form for `who`, filled in with their earlier answer."""
    row = rsvps.of(event, who)
    return form_for(
        event,
        row,
        registration_form(event),
        fields_of(row) if row is not None and event.has_registration_form else None,
    )


class _Needed:
    """Required only for people who are going. The browser can't know, so the field isn't
    `required`.
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


def _offer(form: RsvpForm, earlier: dict[str, Any]) -> None:
    """Disable choices that aren't available, except those the reader already has."""
    if form.what.tickets:
        choices = [
            SelectChoice(
                str(it.id), it.label, {} if it.is_open and it.capacity != 0 else {"disabled": True}
            )
            for it in form.what.tickets
        ]
        _settle(form["ticket"], choices, earlier.get("ticket"))
    for one in form.what.questions:
        if one.kind == CHOICE:
            options = form.what.choices.get(one.id, [])
            choices = [
                SelectChoice(str(it.id), it.label, {} if it.free != 0 else {"disabled": True})
                for it in options
            ]
            _settle(form[field_of(one)], choices, earlier.get(field_of(one)))


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


class GuestForm(FormWithTrap):
    """A guest's name and email."""

    name = PersonName(_l("Your name"), required(_l("Enter your name.")), most=80)
    email = EmailField()


class GuestLinkForm(Form):
    """Where to send the new link."""

    email = EmailField()
