"""Waiting for a database connection or a lock ends; what rows are made of."""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts.models import User
from webapp.config import load
from webapp.core.db.session import constant, fetch_columns
from webapp.core.extensions import db


def test_waiting_for_a_connection_ends_after_ten_seconds():
    options = load({}, DATABASE_URL="postgresql+psycopg://x@127.0.0.1/x")[
        "SQLALCHEMY_ENGINE_OPTIONS"
    ]

    assert options["pool_timeout"] <= 10
    assert options["connect_args"]["connect_timeout"] <= 5


def test_every_thread_of_a_small_site_has_a_connection(app, context):
    if db.engine.dialect.name == "sqlite":
        assert db.engine.pool.size() + db.engine.pool._max_overflow >= 32


@pytest.mark.postgresql
def test_waiting_for_a_lock_ends_after_ten_seconds(app, context):
    if db.engine.dialect.name == "postgresql":
        assert db.session.scalar(sa.text("SHOW lock_timeout")) == "10s"


def test_no_query_runs_after_the_commit(app, browser, ana):
    """A completed change must not fail because the database goes down while the response is
    written.
    """
    event = factories.event(ana)
    page, path = browser(ana), f"{event.path}/rsvp"
    token = page.csrf_token()
    db.session.remove()
    happened = []

    def say(*args):
        happened.append("asked")

    sa.event.listen(db.engine, "before_cursor_execute", say)
    sa.event.listen(db.engine, "commit", lambda connection: happened.append("committed"))
    try:
        assert (
            page._ask("POST", path, data={"answer": "going", "csrf_token": token}).status_code
            == 303
        )
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", say)

    assert "asked" in happened
    assert happened[-1] == "committed"


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/events/a-picnic/rsvp")])
def test_a_request_without_a_connection_gets_a_retry_time(
    app, browser, ana, monkeypatch, method, path
):
    factories.event(ana, slug="a-picnic")
    page = browser(ana)
    token = page.csrf_token()
    db.session.remove()

    def none_left(*args):
        raise sa.exc.TimeoutError("QueuePool limit reached")

    monkeypatch.setattr(db.engine.pool, "connect", none_left)
    options = {"data": {"answer": "going", "csrf_token": token}} if method == "POST" else {}
    answer = page._ask(method, path, **options)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.any_database
def test_equal_ids_are_the_same_object_only_on_sqlite(ana):
    first, second = (db.session.execute(sa.select(User.id)).scalar_one() for _ in range(2))
    assert first == second == ana.id
    assert (first is second) is (db.engine.dialect.name == "sqlite")


@pytest.mark.any_database
def test_column_rows_see_changes_not_flushed_yet(ana):
    ana.first_name = "Anastasia"
    (row,) = fetch_columns(sa.select(User.first_name).where(User.id == ana.id), {})
    assert row.first_name == "Anastasia"


@pytest.mark.any_database
def test_a_constant_is_part_of_the_statements_text():
    statement = sa.select(sa.literal_column("1")).where(constant("open") == constant("open"))
    assert "'open' = 'open'" in str(statement)
    assert "LIMIT 3" in str(statement.limit(constant(3)))
    with pytest.raises(TypeError):
        constant(sa.bindparam("most"))
