"""Answers, the waiting list, ticket types and questions, guests, check-in, messages and
feedback.
"""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Flask

from ..core import hooks
from ..core.ui.cached_macro import cached_macro
from ..core.ui.look_alikes import name_of
from ..events import moderation
from ..invitations import allowances
from ..people import avatars
from . import (
    erasing,
    exporting,
    feedback,
    guests,
    inviting,
    jobs as jobs,
    leaving,
    manage_pages,
    models as models,
    seats,
)
from .emails import answers as answer_emails, bulk as bulk_emails
from .forms.rsvps import RsvpForm
from .reads.answers import Person
from .registration import form

#: Imported so that the outbox knows them.
EMAILS = (answer_emails, bulk_emails)


def register(app: Flask) -> None:
    """Add the feature's pages, jobs and emails to the application."""
    from .routes import BLUEPRINTS  # imported here because they join pages of events

    manage_pages.register()
    line = cached_macro(app, "attendance/_person.html", "line", 4000)
    app.jinja_env.globals.update(
        rsvp_form=lambda start: RsvpForm(start, formdata=None),
        attendee=partial(_attendee, line),
        attendee_face=_face,
        event_attendees=cached_macro(app, "attendance/_attendees.html", "attendees", 1000),
        event_waitlist=cached_macro(app, "attendance/_waitlist.html", "waiting", 1000),
        usual_answer_form=cached_macro(app, "attendance/_answer_form.html", "usual", 1000),
    )
    allowances.COUNTED["events"] = inviting.sent_by
    moderation.MORE_WORDS["attendance"] = form.words_of
    leaving.subscribe()
    for known in (hooks.email_verified, hooks.email_changed, hooks.user_approved):
        known.subscribe(guests.take_over)
    hooks.event_changing.subscribe(feedback.refuse_plan)
    hooks.event_moved.subscribe(feedback.refuse_move)
    hooks.event_reopened.subscribe(seats.reopened)
    hooks.event_resumed.subscribe(seats.resumed)
    hooks.event_copied.subscribe(form.copy_to)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _attendee(line: Callable[..., Any], who: Person, reader_id: UUID | None) -> Any:
    """Render a person's line in the list of attendees, as this reader sees it."""
    reader = SimpleNamespace(id=reader_id)
    face, page = avatars.avatar_of(who, reader), avatars.page_of(who, reader)
    return line(
        face,
        page,
        name_of(who),
        is_host=who.is_host,
        is_guest=who.is_guest,
        is_anonymous=who.is_anonymous,
        party=who.party,
    )


def _face(who: Person, reader_id: UUID | None) -> Any:
    return avatars.avatar_of(who, SimpleNamespace(id=reader_id), "small")
