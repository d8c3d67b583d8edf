"""Nobody waits for the database without end, neither for a connection nor for someone else's
lock; and what its rows are made of.
"""

import pytest
import sqlalchemy as sa

from tests import factories
from webapp.accounts.models import User
from webapp.config import load
from webapp.core.db.session import fetch_columns
from webapp.core.extensions import db


def test_a_connection_is_waited_for_ten_seconds_at_most():
    options = load({}, DATABASE_URL="postgresql+psycopg://x@127.0.0.1/x")[
        "SQLALCHEMY_ENGINE_OPTIONS"
    ]

    assert options["pool_timeout"] <= 10
    assert options["connect_args"]["connect_timeout"] <= 5


def test_every_thread_of_a_small_site_has_a_connection(app, context):
    if db.engine.dialect.name == "sqlite":
        assert db.engine.pool.size() + db.engine.pool._max_overflow >= 32


@pytest.mark.postgresql
def test_a_lock_is_waited_for_ten_seconds_at_most(app, context):
    if db.engine.dialect.name == "postgresql":
        assert db.session.scalar(sa.text("SHOW lock_timeout")) == "10s"


def test_nothing_is_asked_once_the_change_is_committed(app, browser, ana):
    """What is done must not fail because the database goes away while the answer is written."""
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
def test_who_gets_no_connection_is_told_when_to_come_again(
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
def test_the_same_id_is_the_same_object_only_where_it_is_text(ana):
    first, second = (db.session.execute(sa.select(User.id)).scalar_one() for _ in range(2))
    assert first == second == ana.id
    assert (first is second) is (db.engine.dialect.name == "sqlite")


@pytest.mark.any_database
def test_rows_of_columns_see_what_was_not_written_yet(ana):
    ana.first_name = "Anastasia"
    (row,) = fetch_columns(sa.select(User.first_name).where(User.id == ana.id), {})
    assert row.first_name == "Anastasia"
