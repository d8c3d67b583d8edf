"""The agenda of an event: rooms, tracks, speakers, sessions, and seats in sessions."""

import sqlalchemy as sa
from flask import Flask
from flask_babel import lazy_gettext as _l

from ..attendance import leaving
from ..core import hooks
from ..core.ui.cached_macro import cached_macro
from ..core.ui.navigation import AreaPage
from ..events import management, moderation

# models and change notices register themselves when imported
from . import (
    bookings,
    change_notices as change_notices,
    erasing,
    exporting,
    models as models,
    moving,
    notices,
    notifications as notifications,
    reporting,
)


def register(app: Flask) -> None:
    """Register pages, hooks and template globals of the agenda."""
    from .routes import BLUEPRINTS

    app.jinja_env.globals["session_slot"] = cached_macro(app, "macros/agenda.html", "slot", 2000)
    _manage()
    leaving.HOLDINGS["agenda"] = bookings.holders
    moderation.MORE_WORDS["agenda"] = reporting.words_of
    moderation.WORDS_OF_OTHERS["agenda"] = reporting.words_of_speakers
    hooks.event_copied.subscribe(moving.copied)
    hooks.event_moved.subscribe(moving.move_sessions)
    hooks.event_reopened.subscribe(bookings.seats_came_free)
    hooks.event_resumed.subscribe(bookings.resumed)
    hooks.event_emptied.subscribe(erasing.empty)
    hooks.answer_shrank.subscribe(bookings.follow_rsvp)
    hooks.offers_due.subscribe(bookings.add_ended_offers)
    hooks.event_settled.subscribe(bookings.promote_all)
    hooks.booking_changed.subscribe(notices.notify_booking)
    hooks.guest_claimed.subscribe(bookings.take_over)
    hooks.guest_exported.subscribe(exporting.add_guest)
    hooks.guest_forgotten.subscribe(bookings.forget)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _manage() -> None:
    """Add the agenda's pages to the hosts' manage area."""
    rooms, tracks = management.has(models.Room), management.has(models.Track)
    management.AREA.add(
        AreaPage(
            "agenda",
            "agenda_planning.index",
            _l("Agenda"),
            "list",
            "programme",
            is_in_use=management.has(models.AgendaSession),
            hint=_l("What happens when"),
        ),
        AreaPage(
            "speakers",
            "speakers.index",
            _l("Speakers"),
            "talk",
            "programme",
            is_in_use=management.has(models.Speaker),
            hint=_l("Introduce who speaks"),
        ),
        AreaPage(
            "rooms",
            "rooms.index",
            _l("Rooms and tracks"),
            "place",
            "programme",
            is_in_use=lambda event, user: sa.or_(rooms(event, user), tracks(event, user)),
            hint=_l("For several sessions at once"),
        ),
    )
