"""Events: created, edited, published, cancelled, copied, listed; hosts, comments and calendars."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..conversation import access as talks
from ..conversation.models import EVENT
from ..core import hooks
from ..groups import managing as group_managing
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
from . import notifications as notifications
from .reads import planned


def register(app: Flask) -> None:
    """The feature's pages are part of the application."""
    from .routes import BLUEPRINTS  # here, for its pages read what stands further right: votes

    group_managing.page("events", "group_events.edit", _l("Events"), "group:edit", "calendar")
    group_managing.viewable("events", _l("Events"), "events.index", slug_as="group")
    group_managing.waiting(
        "drafts", _l("Event drafts"), planned.drafts_waiting, "group_events.edit", "group:edit"
    )
    _manage(app)
    app.jinja_env.globals["when"] = date_format
    moderation.register()
    help_pages.register()
    talks.hold_threads(EVENT, comments.find)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    hooks.user_deactivated.subscribe(hosts.left_site)
    hooks.event_copied.subscribe(pictures.copied)
    hooks.topic_removed.subscribe(event_input.removed)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _manage(app: Flask) -> None:
    """The hosts' pages of an event, in the order of their navigation."""
    app.jinja_env.globals["unchangeable_because"] = status.unchangeable_because
    app.jinja_env.globals["event_places"] = lambda event: management.places(
        current_user, event, app.view_functions
    )
    management.page("overview", "event_manage.show", _l("Overview"), icon="home")
    management.page(
        "attendees", "attendees.index", _l("Attendees"), "event:see_attendees", "people"
    )
    management.page("check-in", "check_in.show", _l("Check-in"), "event:check_in", "scan")
    management.page("messages", "host_announcements.index", _l("Messages"), "event:write", "talk")
    management.page(
        "feedback", "event_feedback.index", _l("Feedback"), "event:see_feedback", "star"
    )
    management.page(
        "invitations", "event_invitations.index", _l("Invitations"), "event:invite", "mail"
    )
    management.page("queue", "event_manage.queue", _l("Waiting list"), icon="clock")
    management.page("approvals", "event_approvals.index", _l("Requests"), icon="check")
    management.page("answers", "host_answers.index", _l("Answer for others"), icon="people")
    management.page(
        "questions", "event_questions.index", _l("Questions"), icon="help", about_event=True
    )
    management.page(
        "tickets", "event_tickets.index", _l("Ticket types"), icon="ticket", about_event=True
    )
    management.page("agenda", "agenda_planning.index", _l("Agenda"), icon="list", about_event=True)
    management.page("rooms", "rooms.index", _l("Rooms and tracks"), icon="place", about_event=True)
    management.page("speakers", "speakers.index", _l("Speakers"), icon="talk", about_event=True)
    management.page("tasks", "event_tasks.index", _l("Tasks"), icon="list")
    management.page("shifts", "event_shifts.index", _l("Shifts"), icon="clock")
    management.page(
        "files",
        "event_files_settings.edit",
        _l("Pictures and files"),
        icon="upload",
        about_event=True,
    )
    management.page("hosts", "event_hosts.index", _l("Hosts"), icon="people", about_event=True)
