"""Settings that admins change at run time: rows that override the environment's settings.

No page queries them. Their version comes with statements that run anyway: the one that loads the
signed-in account, and the one that checks a cached page. A process reads the rows only if the
version differs from what it knows. See `docs/decisions/0047-runtime-settings.md`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy.orm import Mapped, mapped_column

from .extensions import db
from .time import clock


class SiteSetting(db.Model):
    """One setting that admins have changed.

    If `value` is None the environment's setting applies. `number` counts the changes.
    """

    __tablename__ = "site_setting"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    number: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class _Value:
    """A setting's current value in templates. People typed it, so it is escaped like any text."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return str(value(self.name))

    def __bool__(self) -> bool:
        return bool(value(self.name))


class SettingsSnapshot(NamedTuple):
    """The settings that admins changed, and their version."""

    version: str
    values: Mapping[str, Any]


def init_app(app: Flask) -> None:
    """Start without changed settings; add `site_name`, `site_accent`, `site_logo` (a picture's id)
    and `site_sign_up` (who can sign up) to templates.
    """
    forget(app)
    app.jinja_env.globals["site_name"] = _Value("SITE_NAME")
    app.jinja_env.globals["site_accent"] = _Value("ACCENT")
    app.jinja_env.globals["site_logo"] = _Value("LOGO")
    app.jinja_env.globals["site_sign_up"] = _Value("SIGN_UP")


def forget(app: Flask) -> None:
    """Make this process forget the changed settings."""
    app.extensions["site"] = SettingsSnapshot("", {})


def version() -> sa.ScalarSelect[str]:
    """Return the settings' version as a subquery: different after each change, "" if none was ever
    made.
    """
    changes = sa.cast(sa.func.sum(SiteSetting.number), sa.String)
    latest = sa.cast(sa.func.max(SiteSetting.changed_at, type_=sa.DateTime()), sa.String)
    return sa.select(sa.func.coalesce(changes + "/" + latest, "")).scalar_subquery()


def value(name: str) -> Any:
    """Return a setting: the admins' value, otherwise the environment's, otherwise ""."""
    return now().values.get(name, current_app.config.get(name, ""))


def now() -> SettingsSnapshot:
    """Return the changed settings, the same throughout a request, a job or a command."""
    if "site" not in g:
        g.site = _found()
    settled: SettingsSnapshot = g.site
    return settled


def learn_version(version: str) -> None:
    """Remember the version that another statement of this request has read."""
    g.site_version = version


def use_known() -> None:
    """Use what this process knows, without reading the database."""
    g.setdefault("site", current_app.extensions["site"])


def hold() -> SettingsSnapshot:
    """Read the settings and lock them until the end of the transaction."""
    db.session.execute(
        sa.select(SiteSetting.name).order_by(SiteSetting.name).with_for_update()
    ).all()
    return _read()


def write(name: str, value: Any) -> None:
    """Set a setting; None restores the environment's value. The caller commits.

    Raises IntegrityError if someone else sets it for the first time at the same moment.
    """
    row = db.session.get(SiteSetting, name, with_for_update=True, populate_existing=True)
    if row is None:
        db.session.add(SiteSetting(name=name, value=value))
    else:
        row.value, row.number, row.changed_at = value, row.number + 1, clock.now()
    db.session.flush()
    g.pop("site", None)


def _found() -> SettingsSnapshot:
    """Return the known settings; read them again if the version differs, or outside a request."""
    known: SettingsSnapshot = current_app.extensions["site"]
    if has_request_context():
        version = _known_version()
        if version is None or version == known.version:
            return known
    found = _read()
    if has_request_context() and request.method in {"GET", "HEAD"}:
        current_app.extensions["site"] = found  # never what may still be rolled back
    return found


def _read() -> SettingsSnapshot:
    rows = db.session.execute(
        sa.select(SiteSetting.name, SiteSetting.value, version().label("version"))
    ).all()
    return SettingsSnapshot(
        rows[0].version if rows else "",
        {row.name: row.value for row in rows if row.value is not None},
    )


def _known_version() -> str | None:
    """Return the current version; None if the database doesn't answer."""
    if current_user.is_authenticated and "site_version" in g:
        return str(g.site_version)
    state = current_app.extensions["page_cache"].state_of(request.environ)
    return None if state is None else str(state.settled)
