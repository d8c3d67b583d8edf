"""Health, the command line, backups, what is kept how long, demo data."""

from flask import Flask

from . import cli, help_pages
from . import jobs as jobs
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """The feature's pages, commands and jobs are part of the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    help_pages.register()
    cli.init_app(app)
    cli.add_audit_command(app)
