"""Health, the command line, backups, what is kept how long, demo data."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from ..core.db import site_flags
from ..home.site_setup import SetupStep, add_step
from . import cli, help_pages
from . import jobs as jobs
from . import site_overview as site_overview
from .backup import making
from .routes import BLUEPRINTS


def _add_setup_step() -> None:
    """The list of a new site's admins has the backups."""
    add_step(
        "backup",
        SetupStep(
            4,
            _l("Set up backups"),
            _l("Run “flask backup” every night, and copy the archive to another machine."),
            lambda _user: site_flags.is_set(making.DONE),
        ),
    )


def register(app: Flask) -> None:
    """The feature's pages, commands and jobs are part of the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    help_pages.register()
    _add_setup_step()
    cli.init_app(app)
    cli.add_audit_command(app)
