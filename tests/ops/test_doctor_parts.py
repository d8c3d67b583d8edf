"""What the doctor finds in the database, Redis, email and jobs, each finding provoked."""

from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import stamp
from redis import Redis

from scripts.services import free_port
from tests import factories, parts
from tests.mail.conftest import post_office as post_office
from tests.ops.examining import _inside as _inside, of, setting as setting
from webapp.core.db import site_flags
from webapp.core.db.site_flags import HEARTBEAT, SiteFlag
from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.core.time import clock
from webapp.mail import outbox, pause
from webapp.mail.models import DEAD
from webapp.ops.backup import making
from webapp.ops.doctor import database, services, work
from webapp.ops.doctor.findings import BAD, GOOD, ODD
from webapp.ops.retention import purge

# --- the database


@pytest.fixture
def revision(app) -> Iterator[Callable[[str | None], None]]:
    """A function that makes the database report this revision."""

    def say(name: str | None) -> None:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
            if name:
                connection.exec_driver_sql(
                    "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"
                )
                connection.execute(
                    sa.text("INSERT INTO alembic_version VALUES (:name)"), {"name": name}
                )

    db.session.rollback()
    yield say
    say(None)


def test_a_database_must_be_at_the_newest_revision(revision):
    stamp()
    assert of(database.reachable)[0] == GOOD
    for name, words in (
        (None, "flask db upgrade"),
        ("0060", "empty database"),
        ("9999_later", "newer Folkmoot"),
    ):
        revision(name)
        state, said = of(database.reachable)
        assert (state, words in said) == (BAD, True), name


def test_an_unreachable_database_is_reported_without_its_password(app, monkeypatch):
    port = free_port()
    engine = sa.create_engine(
        f"postgresql+psycopg://ana:canary-word@127.0.0.1:{port}/none",
        connect_args={"connect_timeout": 2},
    )
    monkeypatch.setattr(type(db), "engine", property(lambda self: engine))
    state, words = of(database.reachable)
    assert (state, "is not responding" in words) == (BAD, True)
    assert "canary-word" not in words


def test_the_settings_of_the_test_database_are_as_expected():
    assert of(database.settings)[0] == GOOD


class Saying:
    """A connection with predefined results."""

    def __init__(self, kind: str, answers: dict[str, Any]) -> None:
        self.dialect = namedtuple("dialect", "name")(kind)
        self.answers = answers

    def exec_driver_sql(self, statement: str) -> Any:
        value = self.answers[statement.removeprefix("SHOW ").removeprefix("PRAGMA ")]
        return namedtuple("result", "scalar")(lambda: value)


SQLITE = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "quick_check(1)": "ok"}
POSTGRESQL = {
    "server_version_num": "150000",
    "server_version": "15",
    "server_encoding": "UTF8",
    "transaction_isolation": "read committed",
    "transaction_read_only": "off",
}


@pytest.mark.parametrize(
    ("kind", "name", "value", "state"),
    [
        ("sqlite", "journal_mode", "delete", BAD),
        ("sqlite", "foreign_keys", 0, BAD),
        ("sqlite", "synchronous", 0, BAD),
        ("sqlite", "quick_check(1)", "row 3 missing", BAD),
        ("postgresql", "server_version_num", "130010", BAD),
        ("postgresql", "server_encoding", "SQL_ASCII", BAD),
        ("postgresql", "transaction_isolation", "serializable", BAD),
        ("postgresql", "transaction_read_only", "on", BAD),
    ],
)
def test_unexpected_database_settings_are_reported(kind, name, value, state):
    look, usual = (
        (database._sqlite, SQLITE) if kind == "sqlite" else (database._postgresql, POSTGRESQL)
    )
    assert list(look(Saying(kind, usual))) == []
    assert of(lambda: look(Saying(kind, {**usual, name: value})))[0] == state


def test_sqlite_behind_several_processes_is_odd(setting):
    setting(REDIS_URL="redis://127.0.0.1/0")
    assert of(lambda: database._sqlite(Saying("sqlite", SQLITE)))[0] == ODD


@pytest.mark.postgresql
@pytest.mark.parametrize(("apart", "state"), [(0, GOOD), (10, ODD), (90, BAD)])
def test_different_clocks_of_site_and_database_are_reported(monkeypatch, apart, state):
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=apart))
    assert of(database.clocks)[0] == state


# --- Redis


def test_redis_is_checked_only_if_configured(setting):
    assert of(services.redis_reachable)[0] == GOOD
    setting(REDIS_URL=f"redis://:canary-word@127.0.0.1:{free_port()}/0")
    state, words = of(services.redis_reachable)
    assert (state, "canary-word" in words) == (BAD, False)


@pytest.mark.services
def test_a_redis_that_evicts_keys_when_full_is_odd(setting):
    setting(REDIS_URL=parts.redis_url(parts.QUEUE))
    assert [found.state for found in services.redis_reachable()] == [GOOD]
    usual = {"maxmemory_policy": "noeviction", "maxmemory": 0, "used_memory": 95}
    assert list(services._memory(usual)) == []
    assert of(lambda: services._memory({**usual, "maxmemory_policy": "allkeys-lru"}))[0] == ODD
    assert of(lambda: services._memory({**usual, "maxmemory": 100}))[0] == BAD


# --- email


def test_a_responding_mail_server_is_good_and_gets_no_email(post_office):
    assert [found.state for found in services.server()] == [GOOD]
    assert post_office.emails == []


def test_an_unreachable_or_refusing_mail_server_or_one_without_tls_is_reported(
    post_office, app, setting, monkeypatch
):
    mailing = app.extensions["mail"]
    monkeypatch.setattr(mailing, "use_tls", True)
    state, words = of(services.server)
    assert (state, "TLS" in words) == (BAD, True)
    monkeypatch.setattr(mailing, "use_tls", False)
    monkeypatch.setattr(mailing, "username", "ana")
    monkeypatch.setattr(mailing, "password", "canary-word")
    state, words = of(services.server)
    assert (state, "canary-word" in words) == (BAD, False)
    monkeypatch.setattr(mailing, "port", free_port())
    state, words = of(services.server)
    assert (state, "is not responding" in words) == (BAD, True)


def test_a_mail_server_that_refuses_the_password_is_reported(post_office, monkeypatch):
    def refuses() -> None:
        raise services.smtplib.SMTPAuthenticationError(535, b"canary-word")

    monkeypatch.setattr(services.smtp_server, "check_login", refuses)
    state, words = of(services.server)
    assert (state, "MAIL_PASSWORD" in words, "canary-word" in words) == (BAD, True, False)


def test_an_invalid_mail_server_certificate_is_reported(post_office, monkeypatch):
    def refuses() -> None:
        raise services.ssl.SSLCertVerificationError("canary-word")

    monkeypatch.setattr(services.smtp_server, "check_login", refuses)
    state, words = of(services.server)
    assert (state, "certificate" in words, "canary-word" in words) == (BAD, True, False)


def test_unencrypted_email_to_another_machine_is_reported(setting):
    setting(MAIL_USE_TLS=False, MAIL_USE_SSL=False)
    assert list(services._unencrypted("127.0.0.1")) == []
    assert of(lambda: services._unencrypted("smtp.example.org"))[0] == BAD
    setting(MAIL_USE_TLS=True)
    assert list(services._unencrypted("smtp.example.org")) == []


@pytest.mark.parametrize(
    ("sender", "state"),
    [
        ("moot@moot.example.org", GOOD),
        ("moot@example.org", GOOD),
        ("moot@mail.moot.example.org", GOOD),
        ("moot@mail.example", ODD),
    ],
)
def test_a_sender_of_another_domain_is_odd(setting, sender, state):
    setting(
        DEV_MAIL=False, SITE_URL="https://moot.example.org", MAIL_DEFAULT_SENDER=("Moot", sender)
    )
    assert of(services.sender)[0] == state


# --- work


def mark(name: str, ago: timedelta) -> None:
    site_flags.set_now(name)
    db.session.execute(
        sa.update(SiteFlag).where(SiteFlag.name == name).values(at=clock.now() - ago)
    )


def test_a_missing_clock_or_worker_is_reported(app):
    state, words = of(work.alive)
    assert (state, "never" in words, "Start the web server" in words) == (BAD, True, True)
    queue.JOBS["ops.heartbeat"]()
    assert of(work.alive)[0] == GOOD
    mark(HEARTBEAT, timedelta(minutes=6))
    assert of(work.alive)[0] == BAD
    assert queue.SCHEDULES["ops.heartbeat"] == 60


@pytest.mark.services
def test_with_redis_the_missing_process_is_named(setting, monkeypatch):
    setting(REDIS_URL=parts.redis_url(parts.QUEUE))
    Redis.from_url(parts.redis_url(parts.QUEUE)).flushdb()
    assert "Start `flask worker`" in of(work.alive)[1]
    monkeypatch.setattr(work.Worker, "all", lambda connection: ["one"])
    assert "1 worker running: start `flask clock`" in of(work.alive)[1]
    setting(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.undo()
    setting(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert "Fix Redis first" in of(work.alive)[1]


def test_undelivered_late_and_paused_emails_are_reported(app):
    assert of(work.emails)[0] == GOOD
    email = outbox.enqueue_email("mail/test", to="ana@example.org")
    db.session.flush()
    assert of(work.emails)[0] == GOOD
    email.due_at = clock.now() - timedelta(minutes=31)
    db.session.flush()
    state, words = of(work.emails)
    assert (state, "31 minutes ago" in words) == (BAD, True)
    pause.pause("restored")
    state, words = of(work.emails)
    assert (state, "held-mail" in words) == (ODD, True)
    pause.release()
    email.state, email.ended_at = DEAD, clock.now()
    db.session.flush()
    state, words = of(work.emails)
    assert (state, "1 email not delivered" in words) == (ODD, True)


@pytest.mark.parametrize(
    ("look", "name", "old"),
    [(work.backups, making.DONE, timedelta(days=8)), (work.purging, purge.DONE, timedelta(days=4))],
)
def test_backup_and_purge_must_be_recent(look, name, old):
    assert of(look)[0] == GOOD, "on a site of today neither is late"
    factories.user().created_at = clock.now() - old
    db.session.flush()
    assert of(look)[0] == ODD
    mark(name, old)
    state, words = of(look)
    assert (state, f"{old.days} days ago" in words) == (ODD, True)
    mark(name, timedelta(hours=20))
    assert of(look)[0] == GOOD
