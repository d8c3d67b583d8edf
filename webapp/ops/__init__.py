"""Health checks, commands, backups, data retention and demo data."""

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l

from ..core.db import site_flags
from ..core.ui.help import SITE, HelpTopic, add
from ..core.ui.to_do import TodoRule
from ..home.site_setup import add_step
from . import cli, jobs as jobs, site_overview as site_overview
from .backup import making
from .routes import BLUEPRINTS


def _add_setup_step() -> None:
    """Add backups to the setup list of a new site's admins."""
    add_step(
        TodoRule(
            "backup",
            lambda _open: _("Set up backups"),
            lambda _user: ~site_flags.is_set(making.DONE),
            endpoint="",
            hint=_l("Run “flask backup” every night, and copy the archive to another machine."),
            rank=4,
        )
    )


def _add_help() -> None:
    summary = _l("Workers, failed jobs and undelivered emails: what they mean, and what to do.")
    add(
        HelpTopic(
            "queue-and-outbox",
            _l("Jobs and email"),
            summary,
            "queue/help/queue-and-outbox.html",
            SITE,
        )
    )


def register(app: Flask) -> None:
    """Register the feature's pages, commands and jobs."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _add_help()
    _add_setup_step()
    cli.init_app(app)
    cli.add_audit_command(app)
