"""What the site's admins settle while it runs: rows in front of the settings that the environment
gives.

No page asks for them. Which of them hold comes as one word (`version`) with the statement that
finds the signed-in account, and with the question by which a visitor's page is known to be still
so; a process reads the rows only when it hears another word.
`docs/decisions/0047-runtime-settings.md`.
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
    """One thing that admins have settled.

    `value` None: it is as the environment says. `number` counts its changes.
    """

    __tablename__ = "site_setting"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    number: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class _Value:
    """What holds for this name, whenever a template says it; typed by people, so that it is
    escaped like any of their words.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return str(value(self.name))

    def __bool__(self) -> bool:
        return bool(value(self.name))


class SettingsSnapshot(NamedTuple):
    """What holds, and the word for it."""

    version: str
    values: Mapping[str, Any]


def init_app(app: Flask) -> None:
    """The application knows of nothing settled so far; templates have `site_name`, `site_accent`
    and `site_logo`, a picture's id.
    """
    forget(app)
    app.jinja_env.globals["site_name"] = _Value("SITE_NAME")
    app.jinja_env.globals["site_accent"] = _Value("ACCENT")
    app.jinja_env.globals["site_logo"] = _Value("LOGO")


def forget(app: Flask) -> None:
    """This process knows of nothing settled."""
    app.extensions["site"] = SettingsSnapshot("", {})


def version() -> sa.ScalarSelect[str]:
    """The word for what is settled, as a part of other statements: another one after every
    change; "" where nothing ever was.
    """
    changes = sa.cast(sa.func.sum(SiteSetting.number), sa.String)
    latest = sa.cast(sa.func.max(SiteSetting.changed_at, type_=sa.DateTime()), sa.String)
    return sa.select(sa.func.coalesce(changes + "/" + latest, "")).scalar_subquery()


def value(name: str) -> Any:
    """What holds for this name: as an admin has settled it, else as the environment says, else
    "".
    """
    return now().values.get(name, current_app.config.get(name, ""))


def now() -> SettingsSnapshot:
    """All that is settled, the same throughout a request, a job or a command."""
    if "site" not in g:
        g.site = _found()
    settled: SettingsSnapshot = g.site
    return settled


def learn_version(version: str) -> None:
    """This request has learned with another statement which version holds."""
    g.site_version = version


def ask_nobody() -> None:
    """What this process knows is enough for the answer that is made now: it touches no database."""
    g.setdefault("site", current_app.extensions["site"])


def hold() -> SettingsSnapshot:
    """All that is settled, fresh, and held against everyone else who settles until this
    transaction ends.
    """
    db.session.execute(
        sa.select(SiteSetting.name).order_by(SiteSetting.name).with_for_update()
    ).all()
    return _read()


def write(name: str, wanted: Any) -> None:
    """The setting has this value once the caller commits; None: as the environment says. Raises
    IntegrityError when someone else settles it for the first time at the same moment."""
    row = db.session.get(SiteSetting, name, with_for_update=True, populate_existing=True)
    if row is None:
        db.session.add(SiteSetting(name=name, value=wanted))
    else:
        row.value, row.number, row.changed_at = wanted, row.number + 1, clock.now()
    db.session.flush()
    g.pop("site", None)


def _found() -> SettingsSnapshot:
    """What this process knows, read again where something else is told, or nothing tells."""
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
    """The version that holds; None where the database does not say."""
    if current_user.is_authenticated and "site_version" in g:
        return str(g.site_version)
    state = current_app.extensions["validated"].state_of(request.environ)
    return None if state is None else str(state.settled)
