"""Warn if the database is set up to log secret ballots: at startup, and in the doctor."""

from collections.abc import Iterator
from contextlib import suppress

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from ..core.extensions import db

log = structlog.get_logger(__name__)
_STATEMENTS = "its log records what is written to it, including secret ballots"
#: PostgreSQL settings, also of extensions: the values that keep secret ballots and their times
#: private, and what others do.
TELLING = {
    "log_statement": ({"none", "ddl"}, _STATEMENTS),
    "log_min_duration_statement": ({"-1"}, _STATEMENTS),
    "log_min_duration_sample": ({"-1"}, _STATEMENTS),
    "log_transaction_sample_rate": ({"0"}, _STATEMENTS),
    "log_parameter_max_length_on_error": ({"0"}, _STATEMENTS),
    "auto_explain.log_min_duration": ({"-1"}, _STATEMENTS),
    "pgaudit.log": ({"none", "", "ddl", "role"}, _STATEMENTS),
    "track_commit_timestamp": (
        {"off"},
        "it keeps when each row was written, including each secret ballot",
    ),
}


def findings(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield settings that reveal too much: name, value, and what that means.

    One statement.
    """
    names = sa.text(
        "SELECT name, current_setting(name) FROM pg_settings WHERE name IN :names ORDER BY name"
    )
    rows = connection.execute(
        names.bindparams(sa.bindparam("names", list(TELLING), expanding=True))
    )
    for name, found in rows:
        usual, what = TELLING[name]
        if found not in usual:
            yield name, found, what


def warn(app: Flask) -> None:
    """Log each such setting. Ignore an unreachable database."""
    with app.app_context(), suppress(SQLAlchemyError):
        if db.engine.dialect.name != "postgresql":
            return
        with db.engine.connect() as connection:
            for name, found, what in findings(connection):
                log.warning("secret_votes_may_be_told", setting=name, stands=found, means=what)
