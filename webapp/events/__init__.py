"""Events: create, edit, publish, cancel, copy and list them; hosts, comments and calendars."""

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_login import current_user

from ..conversation import access as conversation_access
from ..conversation.models import EVENT
from ..core import hooks
from ..core.http import page_above
from ..core.i18n import short_day
from ..core.ui.cached_macro import cached_macro
from ..core.ui.navigation import AreaFigure, AreaPage
from ..core.ui.to_do import TodoRule
from ..groups import managing as group_managing
from . import (
    calendar,
    came_for,
    comments,
    date_format,
    erasing,
    event_input,
    exporting,
    help_pages,
    host_notifications as host_notifications,
    hosts,
    management,
    models as models,
    moderation,
    notifications as notifications,
    pictures,
    sharing,
    status,
)
from .reads import planned


def register(app: Flask) -> None:
    """Add the feature's pages to the application."""
    # imported here because its pages read features further right, such as votes
    from .routes import BLUEPRINTS

    _in_groups()
    _manage(app)
    app.jinja_env.globals["when"] = date_format
    app.jinja_env.globals["event_line"] = cached_macro(app, "macros/parts.html", "ev", 4000)
    app.jinja_env.globals["event_heading"] = cached_macro(
        app, "events/_heading.html", "heading", 2000
    )
    app.jinja_env.globals["programs_for"] = calendar.programs_for
    app.jinja_env.globals["event_calendars"] = cached_macro(
        app, "events/_calendars.html", "calendars", 1000
    )
    page_above.add("events", _l("Go to the event"))
    came_for.register()
    moderation.register()
    help_pages.register()
    conversation_access.register_container(EVENT, comments.find)
    hooks.digest_written.subscribe(notifications.add_to_digest)
    hooks.files_named.subscribe(sharing.add_cards)
    hooks.user_exported.subscribe(exporting.add)
    hooks.user_erased.subscribe(erasing.erase)
    hooks.user_deactivated.subscribe(hosts.left_site)
    hooks.event_copied.subscribe(pictures.copied)
    hooks.topic_removed.subscribe(event_input.removed)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _in_groups() -> None:
    """Add the page about events to the groups' manage area."""
    area = group_managing.AREA
    group_managing.viewable("events", _l("Events"), "events.index", slug_as="group")
    area.add(AreaPage("events", "group_events.edit", _l("Events"), "calendar", "content"))
    area.add_tasks(
        TodoRule(
            "drafts",
            lambda number: ngettext("Event draft", "Event drafts", number),
            planned.drafts_waiting,
            "group_events.edit",
            _l("View"),
            moments=models.Event.starts_at,
            says=lambda moment, *_about: _("Next: %(when)s", when=short_day(moment)),
            rank=1,
        )
    )
    area.add_figures(
        AreaFigure(
            "events",
            _l("Events"),
            planned.recent_event_count,
            detail=planned.recent_attendee_count,
            says=lambda number: ngettext(
                "%(num)s person was going", "%(num)s people were going", number
            ),
        )
    )


def _manage(app: Flask) -> None:
    """Add the pages about the event itself to its manage area."""
    app.jinja_env.globals["unchangeable_because"] = status.unchangeable_because
    app.jinja_env.globals["event_menu"] = lambda event: management.menu(current_user, event)
    management.AREA.add(
        AreaPage("details", "events.edit", _l("Details"), "edit", "settings"),
        AreaPage("hosts", "event_hosts.index", _l("Hosts"), "key", "settings"),
    )
