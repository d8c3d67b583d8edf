"""The pages of moderation."""

from uuid import UUID

from flask import Flask, url_for

from .. import labels
from ..reportable_types import THINGS
from . import cases, reports, site


def register(app: Flask) -> None:
    """Register all pages, and labels for templates."""
    blueprints = (
        reports.bp,
        cases.bp,
        site.site_cases_bp,
        site.bp,
        site.names_bp,
        cases.decisions_bp,
        cases.objections,
        cases.mine_bp,
    )
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(moderation_words=labels, things=THINGS, report_url=_report_url)


def _report_url(kind: str, thing_id: UUID) -> str:
    return url_for("reports.new", kind=kind, thing_id=thing_id)
