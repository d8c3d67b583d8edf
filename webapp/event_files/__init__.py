"""Pictures and files of an event."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core import hooks
from ..core.ui.navigation import AreaPage
from ..events import management
from . import exporting, models as models, reporting, uploads


def register(app: Flask) -> None:
    """Register pages, reports, hooks and the manage page of pictures and files."""
    from .routes import BLUEPRINTS

    reporting.register()
    management.AREA.add(
        AreaPage(
            "files",
            "event_files_settings.edit",
            _l("Pictures and files"),
            "image",
            "settings",
            is_in_use=lambda event, _user: (
                bool(event.picture_count or event.file_count)
                or event.file_uploaders == models.BY_PEOPLE
            ),
            hint=_l("Share them on the event page"),
        )
    )
    hooks.user_exported.subscribe(exporting.add)
    hooks.events_erased.subscribe(uploads.erase)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
