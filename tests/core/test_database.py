"""Waiting for a database connection or a lock ends; what rows are made of."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts.models import User
from webapp.config import load
from webapp.core.db.postgresql import PlanKeepingConnection
from webapp.core.db.session import constant, fetch_columns
from webapp.core.extensions import db
from webapp.core.observability.metrics import REGISTRY


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


def lose_idle_connections(engine, number=3):
    """End this many idle connections of the pool, as a restart of PostgreSQL does."""
    engine.dispose()
    held = [engine.connect() for _ in range(number)]
    pids = [one.connection.driver_connection.info.backend_pid for one in held]
    for one in held:
        one.close()
    apart = sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with apart.connect() as other:
        left = sa.text("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(:pids)")
        for pid in pids:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
        assert other.scalar(left, {"pids": pids}) == 0


@pytest.mark.postgresql
def test_connections_lost_while_idle_are_replaced_before_their_use(context):
    db.session.remove()
    with db.engine.connect():
        pass
    before = REGISTRY.get_sample_value("folkmoot_database_connections")
    lose_idle_connections(db.engine)
    found = [db.engine.connect() for _ in range(4)]
    try:
        assert [one.scalar(sa.text("SELECT 1")) for one in found] == [1, 1, 1, 1]
    finally:
        for one in found:
            one.close()
    assert REGISTRY.get_sample_value("folkmoot_database_connections") == before is not None


@pytest.mark.postgresql
def test_control_without_the_look_a_lost_connection_fails_once(context, monkeypatch):
    db.session.remove()
    monkeypatch.setattr(PlanKeepingConnection, "is_lost", lambda connection: False)
    lose_idle_connections(db.engine)
    with pytest.raises(sa.exc.OperationalError), db.engine.connect() as connection:
        connection.scalar(sa.text("SELECT 1"))


@pytest.mark.postgresql
@pytest.mark.parametrize("path", ["/events", "/account", f"/live?t=event:{UUID(int=1)}"])
def test_the_first_request_after_a_restart_of_postgresql_works(browser, ana, path):
    tab = browser(ana)
    before = tab.get(path).status_code
    db.session.remove()
    lose_idle_connections(db.engine)

    assert (before, tab.get(path).status_code) in {(200, 200), (204, 204)}


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
