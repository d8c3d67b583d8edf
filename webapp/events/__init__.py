"""Events: planning, answers, the waiting list."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..agenda import bookings, moving
from ..agenda import erasing as agenda_erasing
from ..agenda import exporting as agenda_exporting
from ..agenda import notices as agenda_notices
from ..agenda import notifications as notifications
from ..agenda import reporting as agenda_reporting
from ..attendance import claim_guest_rsvps, feedback, leaving, seats
from ..attendance import erasing as rsvp_erasing
from ..attendance import exporting as rsvp_exporting
from ..attendance import jobs as jobs
from ..attendance.emails import answers as answers
from ..attendance.emails import bulk as bulk
from ..attendance.emails import guests as guests
from ..attendance.registration import answers, form
from ..conversation.access import containers as talks
from ..conversation.models import EVENT
from ..core import hooks
from ..core.templating import kept
from ..event_files import exporting as file_exporting
from ..event_files import reporting as file_reporting
from ..event_files import uploads
from ..groups import managing as group_managing
from ..volunteering import exporting as help_exporting
from ..volunteering import helping, reads
from ..volunteering import jobs as jobs
from ..volunteering import notifications as notifications
from . import access as access
from . import (
    comments,
    date_format,
    erasing,
    event_input,
    exporting,
    help_pages,
    hosts,
    management,
    moderation,
    pictures,
    status,
)
from . import models as models
from . import notification_types as notification_types
from .reads import planned


def register(app: Flask) -> None:
    """The feature's pages, jobs and letters are part of the application."""
    from .routes import BLUEPRINTS  # here, for its pages read what stands further right: votes

    group_managing.page("events", "group_events.edit", _l("Events"), "group:edit", "calendar")
    group_managing.viewable("events", _l("Events"), "events.index", slug_as="group")
    group_managing.waiting(
        "drafts", _l("Drafts of events"), planned.drafts_waiting, "group_events.edit", "group:edit"
    )
    _manage(app)
    cards, slots = (
        kept(app, "events/_card.html", "card", 1000),
        kept(app, "macros/agenda.html", "slot", 2000),
    )
    app.jinja_env.globals.update(when=date_format, task_card=cards, session_slot=slots)
    leaving.subscribe()
    moderation.register()
    help_pages.register()
    talks.held(EVENT, comments.find)
    for known in (hooks.email_verified, hooks.email_changed, hooks.user_approved):
        known.subscribe(claim_guest_rsvps.take_over)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    hooks.user_deactivated.subscribe(hosts.left_site)
    hooks.event_copied.subscribe(pictures.copied)
    _attend()
    _agenda()
    _help()
    hooks.user_exported.subscribe(file_exporting.add)
    hooks.events_erased.subscribe(uploads.erase)
    file_reporting.register()
    hooks.topic_removed.subscribe(event_input.removed)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _attend() -> None:
    hooks.event_changing.subscribe(feedback.refuse_plan)
    hooks.event_moved.subscribe(feedback.refuse_move)
    hooks.event_reopened.subscribe(seats.reopened)
    hooks.event_resumed.subscribe(seats.resumed)
    hooks.event_copied.subscribe(form.copy_to)
    hooks.user_exported.subscribe(rsvp_exporting.add)
    hooks.user_erased.subscribe(rsvp_erasing.erase)
    moderation.MORE_WORDS.append(form.words_of)


def _agenda() -> None:
    leaving.HOLDINGS.append(bookings.holders)
    moderation.MORE_WORDS.append(agenda_reporting.words_of)
    moderation.WORDS_OF_OTHERS.append(agenda_reporting.words_of_speakers)
    hooks.event_copied.subscribe(moving.copied)
    hooks.event_moved.subscribe(moving.moved)
    hooks.event_reopened.subscribe(bookings.came_free_all)
    hooks.event_resumed.subscribe(bookings.resumed)
    hooks.event_emptied.subscribe(agenda_erasing.emptied)
    hooks.answer_shrank.subscribe(bookings.follow)
    hooks.offers_due.subscribe(bookings.add_ended_offers)
    hooks.event_settled.subscribe(bookings.settle_all)
    hooks.booking_told.subscribe(agenda_notices.booking_told)
    hooks.guest_claimed.subscribe(bookings.take_over)
    hooks.guest_exported.subscribe(agenda_exporting.add_guest)
    hooks.guest_forgotten.subscribe(bookings.forget)
    hooks.user_exported.subscribe(agenda_exporting.add)
    hooks.user_erased.subscribe(agenda_erasing.erase)


def _help() -> None:
    leaving.HOLDINGS.append(helping.holders)
    hooks.event_copied.subscribe(helping.copy_to)
    hooks.event_moved.subscribe(helping.moved)
    hooks.event_left.subscribe(helping.ends)
    hooks.event_emptied.subscribe(helping.emptied)
    hooks.user_exported.subscribe(help_exporting.add)
    hooks.user_erased.subscribe(helping.erase)


def _manage(app: Flask) -> None:
    """The hosts' pages of an event, in the order of their navigation."""
    app.jinja_env.globals["unchangeable_because"] = status.unchangeable_because
    app.jinja_env.globals["event_places"] = lambda event: management.places(
        current_user, event, app.view_functions
    )
    management.page("overview", "event_manage.show", _l("Overview"), icon="home")
    management.page(
        "attendees", "attendees.index", _l("Who answered"), "event:see_attendees", "people"
    )
    management.page("door", "door.show", _l("Check-in"), "event:check_in", "scan")
    management.page("messages", "circulars.index", _l("Messages"), "event:write", "talk")
    management.page(
        "feedback", "event_feedback.index", _l("Feedback"), "event:see_feedback", "star"
    )
    management.page(
        "invitations", "event_invitations.index", _l("Invitations"), "event:invite", "mail"
    )
    management.page("queue", "event_manage.queue", _l("Queue"), icon="clock")
    management.page("approvals", "event_approvals.index", _l("Requests"), icon="check")
    management.page("answers", "host_answers.index", _l("Answer for others"), icon="people")
    management.page(
        "questions", "event_questions.index", _l("Questions"), icon="help", about_event=True
    )
    management.page(
        "tickets", "event_tickets.index", _l("Tickets"), icon="ticket", about_event=True
    )
    management.page("agenda", "agenda_planning.index", _l("Agenda"), icon="list", about_event=True)
    management.page("rooms", "rooms.index", _l("Rooms and tracks"), icon="place", about_event=True)
    management.page("speakers", "speakers.index", _l("Speakers"), icon="talk", about_event=True)
    management.page("tasks", "event_tasks.index", _l("Tasks"), icon="list")
    management.page("shifts", "event_shifts.index", _l("Shifts"), icon="clock")
    management.waiting(
        "approvals",
        _l("People who ask to come"),
        answers.approvals_waiting,
        "event_approvals.index",
    )
    management.page(
        "files",
        "event_files_settings.edit",
        _l("Pictures and files"),
        icon="upload",
        about_event=True,
    )
    management.waiting("tasks", _l("Tasks to be done"), reads.open_tasks, "event_tasks.index")
    management.waiting(
        "shifts",
        _l("Places in shifts that nobody has taken"),
        reads.free_places,
        "event_shifts.index",
    )
    management.page("hosts", "event_hosts.index", _l("Hosts"), icon="people", about_event=True)
