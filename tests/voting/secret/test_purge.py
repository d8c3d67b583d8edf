"""Truncating SQLite's log after a mix, and PostgreSQL settings that would log secret ballots."""

import sqlite3
from contextlib import closing

import pytest
from structlog.testing import capture_logs

from webapp.core.db import site_flags
from webapp.core.extensions import db
from webapp.core.jobs.queue import JOBS, SCHEDULES
from webapp.ops import db_logging_check, health
from webapp.ops.doctor import work
from webapp.ops.health import checks, labels
from webapp.voting.secret import purge

from . import boxes, files


@pytest.mark.parametrize("job", ["voting.mix", "voting.clear"])
def test_a_log_in_use_is_reported_and_truncated_later(ana, monkeypatch, job):
    if db.engine.dialect.name != "sqlite":
        return
    boxes.all_cast(boxes.box(ana))
    monkeypatch.setattr(purge, "SQLITE_PATIENCE", 10)
    monkeypatch.setattr(checks.migrations, "is_behind", lambda connection: False)
    with closing(sqlite3.connect(files.path(), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM secret_ballot").fetchone()
        with capture_logs() as said:
            JOBS[job]()
        assert [
            line["log_level"] for line in said if line["event"] == "secret_ballots_not_mixed"
        ] == ["error"]
        first = site_flags.get(purge.FAILED).at
        JOBS[job]()
        assert site_flags.get(purge.FAILED).at == first, "it tells since when"

        (part,) = health.run_checks([checks.database])
        assert (part.state, part.problem) == (health.LATE, "ballots_unmixed")
        assert str(labels.PROBLEMS[part.problem])
        assert [finding.state for finding in work.ballots()] == ["bad"]
        db.session.commit()

    JOBS["voting.clear"]()
    assert site_flags.get(purge.FAILED) is None
    assert [finding.state for finding in work.ballots()] == ["good"]


def test_the_log_is_checked_every_minute_where_there_are_secret_votes(app, ana):
    assert SCHEDULES["voting.clear"] == 60
    if db.engine.dialect.name != "sqlite":
        return
    JOBS["voting.clear"]()
    assert files.log() != b"", "no secret vote: nothing to hide"

    boxes.all_cast(boxes.box(ana))
    JOBS["voting.clear"]()
    assert files.log() == b""


class Answering:
    """A database with these settings."""

    def __init__(self, **settings):
        self.settings = settings

    def execute(self, statement):
        assert "pg_settings" in str(statement)
        return list(self.settings.items())


@pytest.mark.any_database
def test_database_settings_that_log_ballots_are_reported():
    quiet = {
        "log_statement": "ddl",
        "log_min_duration_statement": "-1",
        "track_commit_timestamp": "off",
    }
    quiet |= {
        "log_parameter_max_length_on_error": "0",
        "auto_explain.log_min_duration": "-1",
        "pgaudit.log": "none",
    }
    assert list(db_logging_check.findings(Answering(**quiet))) == []

    loud = {
        "log_statement": "mod",
        "log_min_duration_statement": "250ms",
        "track_commit_timestamp": "on",
    }
    loud |= {
        "log_parameter_max_length_on_error": "-1",
        "auto_explain.log_min_duration": "0",
        "pgaudit.log": "write",
    }
    assert [name for name, _found, _what in db_logging_check.findings(Answering(**loud))] == list(
        loud
    )


@pytest.mark.postgresql
def test_risky_postgresql_settings_are_logged(app, ana, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        return
    findings = db_logging_check.findings
    with db.engine.connect() as connection:
        before = {name for name, _found, _what in findings(connection)}
        connection.exec_driver_sql("SET log_min_duration_statement = '250ms'")
        (loud,) = [one for one in findings(connection) if one[0] not in before]
        connection.rollback()
    assert loud[:2] == ("log_min_duration_statement", "250ms")

    monkeypatch.setattr(db_logging_check, "findings", lambda connection: [loud])
    with capture_logs() as said:
        db_logging_check.warn(app)
    assert [(line["event"], line["log_level"], line["setting"]) for line in said] == [
        ("secret_votes_may_be_told", "warning", "log_min_duration_statement")
    ]


@pytest.mark.any_database
def test_sqlite_needs_no_logging_warning(app, ana):
    with capture_logs() as said:
        db_logging_check.warn(app)
    assert said == []
