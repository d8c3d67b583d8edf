"""The hosts' pages for ticket types and questions."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ...core.http.editable_lists import EditableList
from ...core.http.pages import render_page
from ...events import access
from ...events.models import Event, EventOption, EventQuestion
from ..forms.registration import EventQuestionForm, TicketForm
from ..labels import price_in_words
from ..registration import questions, tickets
from ..registration.form import registration_form

tickets_bp = Blueprint("event_tickets", __name__, url_prefix="/events/<slug>/manage/tickets")


def _ticket_list(event: Event, form: TicketForm, status: int = 200) -> ResponseReturnValue:
    registration = registration_form(event)
    used = [ticket.currency for ticket in registration.tickets if ticket.currency]
    if used and form.currency.raw_data is None:
        form.currency.data = used[-1]
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "registration": registration,
        "most": tickets.MOST,
    }
    return render_page(
        "attendance/manage/tickets.html", status=status, price_in_words=price_in_words, **shown
    )


def _ticket_page(
    event: Event, ticket: EventOption, form: TicketForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        "attendance/manage/ticket.html", status=status, event=event, ticket=ticket, form=form
    )


EditableList(
    noun="ticket",
    model=EventOption,
    rules=tickets,
    form=TicketForm,
    list_page=_ticket_list,
    row_page=_ticket_page,
    added=_l("Ticket type added."),
    removed=_l("Ticket type removed."),
).mount(tickets_bp, "event:edit", access.event_to)


questions_bp = Blueprint("event_questions", __name__, url_prefix="/events/<slug>/manage/questions")


def _question_list(event: Event, form: EventQuestionForm, status: int = 200) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "event": event,
        "form": form,
        "registration": registration_form(event),
        "most": questions.MOST,
    }
    return render_page("attendance/manage/questions.html", status=status, **shown)


def _question_page(
    event: Event, question: EventQuestion, form: EventQuestionForm, status: int = 200
) -> ResponseReturnValue:
    return render_page(
        "attendance/manage/question.html", status=status, event=event, question=question, form=form
    )


EditableList(
    noun="question",
    model=EventQuestion,
    rules=questions,
    form=lambda event, question=None: EventQuestionForm(question),
    sent_form=lambda event, question: EventQuestionForm(options=question.options),
    list_page=_question_list,
    row_page=_question_page,
    added=_l("Question added."),
    changed=_l("Question saved. Earlier answers keep the wording that was asked."),
    removed=_l("Question removed. Answers already given are kept."),
).mount(questions_bp, "event:edit", access.event_to)
