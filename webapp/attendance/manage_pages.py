"""The hosts' pages about attendees, questions and messages."""

from flask_babel import lazy_gettext as _l, ngettext

from ..core.ui.navigation import AreaPage
from ..core.ui.to_do import TodoRule
from ..events.management import AREA
from ..events.models import NONE, Rsvp
from .registration import answers, form

PAGES = (
    AreaPage(
        "attendees",
        "attendees.index",
        _l("Attendees"),
        "people",
        "people",
        action="event:see_attendees",
    ),
    AreaPage(
        "approvals",
        "event_approvals.index",
        _l("Requests"),
        "check",
        "people",
        is_in_use=lambda event, _user: event.requires_approval,
        hint=_l("Approve people before they get a seat"),
        number=answers.approvals_waiting,
    ),
    AreaPage(
        "waitlist",
        "event_manage.waitlist",
        _l("Waiting list"),
        "clock",
        "people",
        is_in_use=lambda event, _user: event.capacity is not None,
        hint=_l("For events with limited seats"),
        number=lambda event, _user: event.waiting_count,
    ),
    AreaPage(
        "invitations",
        "event_invitations.index",
        _l("Invitations"),
        "mail",
        "people",
        action="event:invite",
    ),
    AreaPage(
        "check-in", "check_in.show", _l("Check-in"), "scan", "people", action="event:check_in"
    ),
    AreaPage(
        "answers",
        "host_answers.index",
        _l("Answer for others"),
        "plus",
        "people",
        is_in_use=answers.is_any_by_host,
        hint=_l("Add people who told you in person"),
    ),
    AreaPage(
        "messages",
        "host_announcements.index",
        _l("Messages"),
        "send",
        "messages",
        action="event:write",
    ),
    AreaPage(
        "feedback",
        "event_feedback.index",
        _l("Feedback"),
        "star",
        "messages",
        action="event:see_feedback",
        is_in_use=lambda event, _user: event.is_finished and event.feedback != NONE,
        hint=_l("Attendees rate the event afterwards"),
    ),
    AreaPage(
        "tickets",
        "event_tickets.index",
        _l("Ticket types"),
        "ticket",
        "settings",
        is_in_use=form.has_tickets,
        hint=_l("Each with its own limit"),
    ),
    AreaPage(
        "questions",
        "event_questions.index",
        _l("Questions"),
        "help",
        "settings",
        is_in_use=form.has_questions,
        hint=_l("Ask when people answer"),
    ),
)

REQUESTS = TodoRule(
    "approvals",
    lambda number: ngettext("Request to join", "Requests to join", number),
    answers.approvals_waiting,
    "event_approvals.index",
    moments=Rsvp.answered_at,
)


def register() -> None:
    """Add these pages to the area of events, and requests to its tasks."""
    AREA.add(*PAGES)
    AREA.add_tasks(REQUESTS)
