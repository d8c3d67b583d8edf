"""Fixtures: this worker's database, its application, and the fixed cast: Ana owns, Ben is a member,
Cem is a stranger.
"""

import gc
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from jinja2 import FileSystemBytecodeCache

from webapp import create_app
from webapp.accounts import credentials
from webapp.core import site_settings
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.core.http.page_cache import CachedPages
from webapp.core.jobs import queue
from webapp.notifications.models import NOW
from webapp.notifications.notification_types import NOTIFICATION_TYPES

from . import (
    databases,
    factories,
    migrated,
    parts,
    shared_fixtures,
    slow_tests_first,
    strict_templates,
)
from .browser_like import Browser

hypothesis.settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, print_blob=True
)
hypothesis.settings.load_profile("ci")

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
_cleaned = count(1)
UNGUARDED = (
    "test_control_without",
    "test_control_a_lock_let_go",
    "test_control_with_the_lock_let_go",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--saying mark.browser,mark.services`: skip files that contain none of these words.
    `--but-for any_database`: skip files that have this mark as a whole.
    """
    parser.addoption(
        "--saying", default="", help="read only files in which one of these words stands"
    )
    parser.addoption("--but-for", default="", help="read no file that is marked so as a whole")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip files by searching their text: importing all files to run a few takes longer than some
    parts of the suite.
    """
    words, mark = (
        [word for word in config.getoption("saying").split(",") if word],
        config.getoption("but_for"),
    )
    if not (words or mark) or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text()
    is_marked = bool(mark) and re.search(rf"^pytestmark = .*\b{mark}\b", text, re.M)
    return True if is_marked or (words and not any(word in text for word in words)) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run page tests on SQLite only, unless they are marked `both_databases`; on PostgreSQL the
    demo's pages are walked.

    With `--dist loadgroup`, each file is a group unless it says otherwise. A control test without a
    guard shows what can go wrong, which may need up to three tries. No other test is retried.
    """
    for item in items:
        if item.name.startswith(UNGUARDED):
            item.add_marker(pytest.mark.flaky(reruns=2))
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
        asks_for_pages = {"browser", "visitor"} & set(getattr(item, "fixturenames", ()))
        if asks_for_pages and not item.get_closest_marker("both_databases"):
            item.add_marker("any_database")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail tests that need PostgreSQL when running on SQLite; tests of services have their own
    server.
    """
    marks = {mark.name for mark in item.iter_markers()}
    if DATABASE == "sqlite" and "postgresql" in marks and "services" not in marks:
        pytest.fail(f"This test needs TEST_DATABASE=postgresql. {parts.HOW}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Freeze what was collected, so that the garbage collector ignores it, and run it less often.
    That saves a tenth of the CPU time, measured with 120 page tests (23.4 instead of 26.0 seconds):
    parsed pages and rows are many small objects with references to each other.
    """
    gc.disable()  # modules and tests stay: looking for garbage among them takes a fifth of the time
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Create the folder shared by all processes of this run.
    Raises UsageError if the requested database isn't available.
    """
    config.pluginmanager.register(slow_tests_first)
    if not hasattr(config, "workerinput"):
        shared_fixtures.begin()
    if DATABASE not in ("sqlite", "postgresql"):
        raise pytest.UsageError(f"TEST_DATABASE is sqlite or postgresql, not {DATABASE}.")
    address = os.environ.get("TEST_POSTGRESQL_URL", "")
    if DATABASE == "postgresql" and (missing := parts.why_missing("TEST_POSTGRESQL_URL", address)):
        raise pytest.UsageError(missing)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Delete the shared folder."""
    if not hasattr(config, "workerinput"):
        shared_fixtures.end()


@pytest.fixture(scope="session")
def shared() -> Path:
    """A folder shared by all workers of this run."""
    return shared_fixtures.folder()


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Share compiled templates between all applications and processes of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Flask,
            "jinja_options",
            {"bytecode_cache": FileSystemBytecodeCache(str(shared_fixtures.templates()))},
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def light_hashes() -> Iterator[pytest.MonkeyPatch]:
    """Hash passwords with minimal cost; tests about hashing use `real_hashes`."""
    with pytest.MonkeyPatch.context() as patch:
        _hash_lightly(patch)
        yield patch


@pytest.fixture
def real_hashes(light_hashes: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash passwords as on a site."""
    light_hashes.undo()
    yield
    _hash_lightly(light_hashes)


def _hash_lightly(patch: pytest.MonkeyPatch) -> None:
    """Still with other parameters than `factories.password_hash`, so that its hash counts as
    outdated here as well.
    """
    light = PasswordHasher(time_cost=1, memory_cost=128, parallelism=1)
    patch.setattr(credentials, "_hasher", light)
    patch.setattr(credentials, "DUMMY", light.hash(""))


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database for this worker, of the kind in TEST_DATABASE. A missing server
    is a failure.
    """
    with databases.fresh(DATABASE, tmp_path_factory.mktemp("database")) as address:
        yield address


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database for this test alone."""
    with databases.fresh(DATABASE, tmp_path) as address:
        yield address


@pytest.fixture
def migrated_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on its own database, whose tables were created by the migrations."""
    with databases.fresh(DATABASE, tmp_path, migrated.database(DATABASE)) as address:
        app = create_app(DATABASE_URL=address, INSTANCE=str(tmp_path), REDIS_URL="", TESTING=True)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as in development, on this worker's database, with all tables."""
    app = create_app(
        DATABASE_URL=database_url,
        INSTANCE=str(tmp_path_factory.mktemp("instance")),
        SITE_URL="http://127.0.0.1:8000",
        SECRET_KEY="a key for tests only, long enough and plain",
        REDIS_URL="",
        MAIL_SERVER="",
        LIMIT_READING=0,
        LIMIT_CHANGES=0,
        TESTING=True,
    )
    app.config["PROPAGATE_EXCEPTIONS"] = False
    strict_templates.make_strict(app)
    with app.app_context():
        db.create_all()
    return app


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test that used the application, empty all tables, the job queue and the rate
    limits.
    """
    yield
    if "app" not in request.fixturenames:
        return
    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        db.session.remove()
        with db.engine.begin() as connection:
            empty(connection)
        if DATABASE == "postgresql" and next(_cleaned) % 20 == 0:
            vacuum(db.engine)
    app.extensions["queue"].clear()
    site_settings.forget(app)
    app.extensions["limits"].reset()
    factories.forget()


def vacuum(engine: sa.Engine) -> None:
    """Remove dead rows: autovacuum is off, and otherwise every test scans what all tests before it
    left (half of the run's time).
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")


def empty(connection: sa.Connection) -> None:
    """Empty all tables.
    One query says which have rows: most tests write into a few of a hundred.
    """
    question, deletes = emptying(connection.dialect)
    filled = connection.exec_driver_sql(question).one()
    for order in [order for order, is_filled in zip(deletes, filled, strict=True) if is_filled]:
        connection.exec_driver_sql(order)


@cache
def emptying(dialect: sa.Dialect) -> tuple[str, list[str]]:
    """Return a query that says of each table whether it has rows, and the statements that empty
    them, in the order of their foreign keys.
    """
    deletes = [
        str(table.delete().compile(dialect=dialect))
        for table in reversed(db.metadata.sorted_tables)
    ]
    question = ", ".join(f"EXISTS ({order.replace('DELETE', 'SELECT 1', 1)})" for order in deletes)
    return f"SELECT {question}", deletes


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, as jobs and commands have, for calling rules."""
    token = reading.set(False)
    with app.app_context():
        yield
        db.session.rollback()
    reading.reset(token)


@pytest.fixture
def browser(app: Flask) -> Any:
    """A function that returns a browser: `browser()` for a visitor, `browser(ana)` signed in."""
    return lambda user=None: Browser.of(app, user)


@pytest.fixture
def visitor(browser: Any) -> Browser:
    """A browser in which nobody is signed in."""
    return browser()


@pytest.fixture
def emailed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that makes a notification type email people at once by default."""

    def email_at_once(kind: str) -> None:
        it = replace(NOTIFICATION_TYPES[kind], usual=NOW)
        monkeypatch.setitem(NOTIFICATION_TYPES, kind, it)

    return email_at_once


@pytest.fixture
def emails(app: Flask) -> Callable[[], list[EmailMessage]]:
    """A function that delivers committed emails and returns all emails of this test, oldest
    first.
    """
    waiting, mailbox = app.extensions["queue"], app.extensions["mailbox"]
    waiting.clear()
    mailbox.clear()

    def delivered() -> list[EmailMessage]:
        if has_app_context():
            db.session.rollback()  # otherwise it would block jobs from writing to SQLite
        queue.drain(app, raising=True)
        return [email.message for email in reversed(mailbox.newest())]

    return delivered


@pytest.fixture
def ana(context: None) -> Any:
    """Ana Souza, who owns what the tests create."""
    return factories.user("Ana", "Souza")


@pytest.fixture
def ben(context: None) -> Any:
    """Ben Okafor, a member."""
    return factories.user("Ben", "Okafor")


@pytest.fixture
def cem(context: None) -> Any:
    """Cem Yılmaz, a stranger."""
    return factories.user("Cem", "Yılmaz")


@pytest.fixture
def dia(context: None) -> Any:
    """Dia Rao, a site admin."""
    return factories.user("Dia", "Rao", is_admin=True)


@pytest.fixture
def signals(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The signals sent to open pages so far, in order; `clear()` it before the action."""
    sent: list[str] = []
    hub = app.extensions["live"]
    publish = hub.publish
    monkeypatch.setattr(hub, "publish", lambda name: (sent.append(name), publish(name)))
    return sent


@pytest.fixture
def undisturbed(app: Flask) -> Callable[[Callable[[], Any]], Any]:
    """A function that returns the result of `act()` with an empty page cache and without commits
    meanwhile. On PostgreSQL it retries if other workers commit.
    """
    front = app.extensions["page_cache"]
    state = front.state

    def done(act: Callable[[], Any]) -> Any:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            front.pages = CachedPages(front.pages.most)
            before = state.now()
            result = act()
            if state.now() == before:
                return result
        raise AssertionError("someone always commits")

    return done


@pytest.fixture
def statements_of(app: Flask) -> Iterator[Callable[[Callable[[], Any]], int]]:
    """A function that counts statements: `statements_of(lambda: page.get("/inbox"))`."""
    sent: list[str] = []

    def record(connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    def count(act: Callable[[], Any]) -> int:
        sent.clear()
        act()
        return len(sent)

    sa.event.listen(sa.Engine, "before_cursor_execute", record)
    yield count
    sa.event.remove(sa.Engine, "before_cursor_execute", record)
