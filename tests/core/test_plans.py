"""On PostgreSQL: statements stay prepared after a rollback, and the plans that are kept for them
suit any value.
"""

import psycopg
import pytest
import sqlalchemy as sa

from tests import factories
from webapp.attendance.reads import answers
from webapp.core.extensions import db

pytestmark = pytest.mark.postgresql


def prepared_count() -> int:
    return db.session.scalar(sa.text("SELECT count(*) FROM pg_prepared_statements"))


def ask_often() -> None:
    for _ in range(8):  # psycopg prepares what it has seen five times
        db.session.scalar(sa.text("SELECT slug FROM event WHERE slug = :slug"), {"slug": "none"})


@pytest.mark.parametrize("is_ours", [True, False], ids=["ours", "control: psycopg's own"])
@pytest.mark.parametrize("is_broken", [True, False], ids=["after an error", "after a read"])
def test_statements_stay_prepared_after_a_rollback(context, monkeypatch, is_ours, is_broken):
    db.session.rollback()
    if not is_ours:
        connection = db.session.connection().connection.driver_connection
        monkeypatch.setattr(type(connection), "rollback", psycopg.Connection.rollback)
    ask_often()
    before = prepared_count()
    if is_broken:
        with pytest.raises(sa.exc.DBAPIError):
            db.session.execute(sa.text("SELECT 1 / 0"))

    db.session.rollback()

    assert before >= 1
    assert (prepared_count() >= before) == is_ours


def test_a_rollback_undoes_what_was_written(context):
    db.session.rollback()
    db.session.execute(sa.text("CREATE TEMPORARY TABLE note (body text)"))
    db.session.commit()
    db.session.execute(sa.text("INSERT INTO note VALUES ('undone')"))

    db.session.rollback()

    assert db.session.scalar(sa.text("SELECT count(*) FROM note")) == 0
    db.session.execute(sa.text("DROP TABLE note"))
    db.session.commit()


def test_a_lost_connection_is_noticed_at_the_rollback(context):
    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    db.session.rollback()

    assert db.session.scalar(sa.text("SELECT 1")) == 1


def test_a_statement_whose_table_has_changed_fails_at_most_once(context):
    """As beside a migration, which another process runs."""
    db.session.execute(sa.text("CREATE TABLE note (body text)"))
    db.session.commit()
    try:
        for _ in range(8):
            db.session.scalar(sa.text("SELECT body FROM note"))
        connection = db.session.connection().connection.driver_connection
        connection.pgconn.exec_(b"ALTER TABLE note ALTER body TYPE varchar(400)")
        with pytest.raises(sa.exc.DBAPIError):
            db.session.scalar(sa.text("SELECT body FROM note"))
        db.session.rollback()

        assert db.session.scalar(sa.text("SELECT body FROM note")) is None
    finally:
        db.session.rollback()
        db.session.execute(sa.text("DROP TABLE note"))
        db.session.commit()


def test_the_kept_plan_of_an_events_answers_reads_attendees_in_order(context, ana):
    event = factories.event(ana)
    db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    db.session.execute(sa.text("SET LOCAL plan_cache_mode = force_generic_plan"))
    found = []

    @sa.event.listens_for(db.engine, "before_cursor_execute", named=True)
    def explain(statement, parameters, **_more):
        found.append((statement, parameters))

    try:
        answers.answers_to(event, ana)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", explain)
    ((statement, parameters),) = found
    cursor = db.session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN {statement}", parameters)

    plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "ix_rsvp_going" in plan
