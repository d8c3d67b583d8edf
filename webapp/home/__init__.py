"""The first page: an introduction for visitors, an overview for members."""

from flask import Flask

from ..core import hooks
from . import site_card, site_setup
from .routes import BLUEPRINTS


def register(app: Flask) -> None:
    """Register the feature's pages and setup steps."""
    site_setup.register_site_steps()
    hooks.files_named.subscribe(site_card.add_card)
    app.jinja_env.globals["site_card"] = site_card.url
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
