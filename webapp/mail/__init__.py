"""Email: the outbox, and its delivery."""

from flask import Flask

from ..core import hooks
from . import cli, models as models, personal_data
from .jobs import delivery as delivery, rendering, smtp
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """Register the feature's commands, jobs and hooks, and in development the mailbox's pages."""
    smtp.init_app(app)
    cli.init_app(app)
    app.jinja_env.filters["subject_line"] = rendering.subject_line
    hooks.user_exported.subscribe(personal_data.export)
    hooks.user_erased.subscribe(personal_data.erase)
    if app.config["DEV_MAIL"]:
        for blueprint in BLUEPRINTS:
            app.register_blueprint(blueprint)
