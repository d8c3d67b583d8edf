"""Who is in the way when the tables are made anew, and what is written down of that."""

import threading

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from webapp.core.extensions import db
from webapp.core.queue import JOBS, SCHEDULES
from webapp.ops import discretion
from webapp.voting import votes
from webapp.voting.secret import clearing

from . import boxes


@pytest.fixture
def over(ana, at):
    """A vote that has closed."""
    it = boxes.box(ana)
    boxes.all_cast(it)
    boxes.closed(it.vote, at)
    return it


def run():
    """The job, as often as it takes: whoever writes beside us, in another database even, makes it wait for the next turn."""
    for _turn in range(12):
        JOBS["voting.clear"]()
        if not clearing.due():
            return


def test_it_is_done_once_and_again_when_the_vote_is_deleted(over, ana):
    assert SCHEDULES["voting.clear"] == 60
    run()
    assert over.vote.cleared_at is not None
    assert clearing.due() == []

    votes.delete(over.vote, by=ana)
    db.session.commit()
    assert clearing.due() == [over.vote.id]


def test_a_cancelled_one_is_cleared_up_after_and_an_open_one_is_not(ana):
    it, other = boxes.box(ana), boxes.box(ana)
    boxes.all_cast(it)
    assert clearing.due() == []
    votes.cancel(it.vote, by=ana)
    db.session.commit()

    run()
    assert it.vote.cleared_at is not None
    assert other.vote.cleared_at is None


@pytest.mark.postgresql
def test_somebody_who_still_sees_the_rows_or_holds_a_table_is_waited_for(over, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        return
    db.session.commit()
    monkeypatch.setattr(clearing, "LOOKS", 2)
    monkeypatch.setattr(clearing, "PATIENCE", "100ms")
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(sa.text("SELECT count(*) FROM vote"))
        run()
        assert over.vote.cleared_at is None
        reader.rollback()
        db.session.commit()

        reader.execution_options(isolation_level="READ COMMITTED").exec_driver_sql("LOCK TABLE secret_ballot IN SHARE MODE")
        monkeypatch.setattr(clearing, "_nobody_looks_back", lambda connection: True)
        run()
        assert over.vote.cleared_at is None
        reader.rollback()
    db.session.commit()
    run()
    assert over.vote.cleared_at is not None


def test_sqlites_log_is_cut_off_later_while_somebody_reads(over, monkeypatch):
    if db.engine.dialect.name != "sqlite":
        return
    db.session.commit()
    monkeypatch.setattr(clearing, "SQLITE_PATIENCE", 50)
    reading, done, engine = threading.Event(), threading.Event(), db.engine

    def reader():
        connection = engine.raw_connection()
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM secret_ballot").fetchone()
        reading.set()
        done.wait(10)
        connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=reader)
    thread.start()
    reading.wait(10)
    run()
    assert over.vote.cleared_at is None
    db.session.commit()
    done.set()
    thread.join()

    run()
    assert over.vote.cleared_at is not None


class Answering:
    """A database with these settings."""

    def __init__(self, **settings):
        self.settings = settings

    def execute(self, statement):
        assert "pg_settings" in str(statement)
        return list(self.settings.items())


@pytest.mark.any_database
def test_settings_that_write_down_ballots_or_when_they_came_are_told():
    quiet = {"log_statement": "ddl", "log_min_duration_statement": "-1", "track_commit_timestamp": "off"}
    quiet |= {"log_parameter_max_length_on_error": "0", "auto_explain.log_min_duration": "-1", "pgaudit.log": "none"}
    assert list(discretion.telling(Answering(**quiet))) == []

    loud = {"log_statement": "mod", "log_min_duration_statement": "250ms", "track_commit_timestamp": "on"}
    loud |= {"log_parameter_max_length_on_error": "-1", "auto_explain.log_min_duration": "0", "pgaudit.log": "write"}
    assert [name for name, _found, _what in discretion.telling(Answering(**loud))] == list(loud)


@pytest.mark.postgresql
def test_postgresql_is_asked_and_what_it_tells_stands_in_the_log(app, ana, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        return
    told = discretion.telling
    with db.engine.connect() as connection:
        before = {name for name, _found, _what in told(connection)}
        connection.exec_driver_sql("SET log_min_duration_statement = '250ms'")
        (loud,) = [one for one in told(connection) if one[0] not in before]
        connection.rollback()
    assert loud[:2] == ("log_min_duration_statement", "250ms")

    monkeypatch.setattr(discretion, "telling", lambda connection: [loud])
    with capture_logs() as said:
        discretion.warn(app)
    assert [(line["event"], line["log_level"], line["setting"]) for line in said] == [
        ("secret_votes_may_be_told", "warning", "log_min_duration_statement")
    ]


@pytest.mark.any_database
def test_of_sqlite_nothing_is_said(app, ana):
    with capture_logs() as said:
        discretion.warn(app)
    assert said == []
