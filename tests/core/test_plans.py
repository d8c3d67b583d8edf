"""On PostgreSQL: statements stay prepared after a rollback, and the plans that are kept for them
suit any value.
"""

import re

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
    db.engine.dispose()  # a new connection: one has at most a hundred prepared statements
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


def test_statements_of_a_changed_table_fail_at_most_once(context):
    """As beside a migration, which another process runs."""
    asked = [sa.text(f"SELECT body AS {name} FROM note") for name in ("one", "two")]
    db.session.execute(sa.text("CREATE TABLE note (body text)"))
    db.session.commit()
    try:
        for statement in asked * 8:
            db.session.scalar(statement)
        db.session.rollback()
        db.session.connection()  # so that another connection is taken for the change
        with db.engine.begin() as other:
            other.execute(sa.text("ALTER TABLE note ALTER body TYPE varchar(400)"))
        with pytest.raises(sa.exc.DBAPIError, match="cached plan"):
            db.session.scalar(asked[0])
        db.session.rollback()

        assert [db.session.scalar(statement) for statement in asked] == [None, None]
    finally:
        db.session.rollback()
        db.session.execute(sa.text("DROP TABLE note"))
        db.session.commit()


def test_the_plan_for_any_event_finds_attendees_in_order(ana):
    event, sent = factories.event(ana), []
    db.session.refresh(event)  # with the seats that are offered

    @sa.event.listens_for(db.engine, "before_cursor_execute", named=True)
    def note(statement, parameters, **_more):
        sent.append((statement, parameters))

    answers.answers_to(event, ana)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    statement, given = sent[-1]
    names = list(given)
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
    connection = db.session.connection().connection.driver_connection
    connection.execute("SET LOCAL enable_seqscan = off")  # the table is nearly empty
    connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    connection.execute(f"PREPARE answers AS {numbered}")

    places = ", ".join(["%s"] * len(names))
    explain = f"EXPLAIN EXECUTE answers ({places})"
    plan = psycopg.ClientCursor(connection).execute(explain, [*given.values()]).fetchall()
    connection.execute("DEALLOCATE answers")

    assert "ix_rsvp_going" in str(plan)


def test_connections_of_eight_threads_stay_open(context):
    db.session.remove()
    pool = db.engine.pool
    for connection in [db.engine.connect() for _ in range(8)]:
        connection.close()

    assert pool.checkedin() == 8
    with db.engine.connect() as first:
        used_last = first.connection.driver_connection
    with db.engine.connect() as again:
        assert again.connection.driver_connection is used_last


@pytest.mark.parametrize("path", ["/", "/events", "{event}", "/inbox"])
def test_pages_that_are_read_often_have_no_parameter_as_limit(app, browser, ana, path):
    event, tab, sent = factories.event(ana), browser(ana), []

    @sa.event.listens_for(db.engine, "before_cursor_execute", named=True)
    def note(statement, **_more):
        sent.append(statement)

    try:
        assert tab.get(path.format(event=event.path)).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)

    assert any("LIMIT" in statement for statement in sent)
    assert [statement for statement in sent if re.search(r"(LIMIT|OFFSET) [?%]", statement)] == []
