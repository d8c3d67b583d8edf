"""The first page: what this is, for a visitor; what is next, for anyone who is signed in."""

from flask import Flask

from . import site_setup
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """The feature's pages and the steps of setting up are part of the application."""
    site_setup.register_site_steps()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
