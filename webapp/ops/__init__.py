"""Health, the command line, demo data."""

from flask import Flask

from . import auditing, cli
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """The feature's pages and commands are part of the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    cli.init_app(app)
    auditing.init_app(app)
