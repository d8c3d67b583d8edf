"""The first page: what this is, for a visitor; what is next, for anyone who is signed in."""

from flask import Flask

from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """The feature's pages are part of the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
