"""The first page: an introduction for visitors, an overview for members."""

from flask import Flask

from . import site_setup
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """Register the feature's pages and setup steps."""
    site_setup.register_site_steps()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
