"""The pages of moderation."""

from flask import Flask

from .. import words
from ..things import THINGS
from . import cases, decisions, mine, reports, site_cases


def register(app: Flask) -> None:
    """Every page has its address; templates know the words for reasons and outcomes."""
    blueprints = (reports.bp, cases.bp, site_cases.bp, decisions.bp, decisions.objections, mine.bp)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(moderation_words=words, things=THINGS)
