"""Every remedy that the doctor prints is carried out and clears its finding, or has a reason here
why no test can do that.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from redis import Redis

from tests import factories, parts
from tests.ops.examining import _inside as _inside, of, setting as setting
from webapp import config, create_app
from webapp.core.db import site_flags
from webapp.core.db.site_flags import SiteFlag
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.mail import outbox, pause
from webapp.mail.models import DEAD
from webapp.ops.backup import making
from webapp.ops.doctor import database, machine, services, site, work
from webapp.ops.doctor.findings import BAD, GOOD, ODD

#: The beginning of a finding -> what carries out its remedy.
FOLLOWED = {
    "settings: development, although people": "test_the_production_settings_remedy_starts_the_site",
    "settings: other local users": (
        "test_doctor.py, test_the_permissions_remedy_keeps_files_readable_for_the_site_only"
    ),
    "permissions: other local users": "test_the_site_works_with_a_private_instance_folder",
    "proxies: the address is": "test_the_proxies_remedy_fixes_the_proxy_count",
    "proxies: production without a": "test_the_proxies_remedy_fixes_the_proxy_count",
    "proxies: {} trusted on": "test_the_proxies_remedy_fixes_the_proxy_count",
    "static files: {} are": "test_starting_the_site_builds_the_static_files",
    "database: {} is at": "test_the_database_remedy_creates_the_tables",
    "database: its transaction isolation": "test_the_isolation_remedy_restores_the_expected_level",
    "database: with {} =": (
        "test_doctor.py, test_the_remedy_for_a_database_that_logs_ballots_is_valid_sql"
    ),
    "email: emails and the": "test_the_email_remedy_turns_encryption_on",
    "email: paused by a": "test_the_commands_in_remedies_fix_their_findings",
    "email: {} not delivered": "test_the_commands_in_remedies_fix_their_findings",
    "backup: none has ever": "test_the_commands_in_remedies_fix_their_findings",
    "backup: the latest was": "test_the_commands_in_remedies_fix_their_findings",
    "purge: last run {}": "test_the_commands_in_remedies_fix_their_findings",
    "redis: when full it": "test_the_redis_remedy_stops_eviction",
}
#: The other findings, with what people do about them.
ELSEWHERE = {
    "address: SITE_URL is more": "chooses another name for the site",
    "address: {} is not": "sets a proxy up",
    "address: nothing responds at": "starts the site, or mends the network",
    "address: the site redirects": "changes the proxy, as test_doctor.py makes it answer",
    "address: something else responds": "changes the proxy",
    "proxies: the proxy doesn't": "sets nginx up, as deploy/test_walk.py does",
    "proxies: the proxy refused": "changes the proxy",
    "disk: {} MB free": "makes room",
    "database: {} is not": "starts PostgreSQL",
    "database: {} was made": "gives the site an empty database",
    "database: SQLite's {} is": "moves the file to another disk",
    "database: the SQLite file": "restores a backup: test_restore.py",
    "database: SQLite is used,": "moves to PostgreSQL: test_backup.py",
    "database: PostgreSQL {} is": "installs another PostgreSQL",
    "database: its encoding is": "makes another database: test_backup.py",
    "database: it is read-only": "names the primary",
    "clocks: this machine and": "sets a clock",
    "{}, {}: can't be": "reads the log: the doctor itself failed",
    "email: {} rejects the": "asks the mail server's people",
    "email: no TLS with": "asks the mail server's people",
    "email: {} supports no": "asks the mail server's people",
    "email: {} is not": "asks the mail server's people",
    "email: sent from {},": "writes DNS records",
    "email: one was due": "starts a worker: mail/test_worker.py",
    "files: a restore is": "restores again: test_killed_restore.py",
    "files: {} can't be": "changes the rights of a folder or of a bucket",
    "redis: not responding ({})": "starts Redis",
    "redis: {}% of its": "gives Redis more memory",
    "work: the clock and": "starts the worker and the clock: mail/test_worker.py",
    "votes: secret ballots couldn't": "ends what holds the tables: voting/secret/test_files.py",
}


def findings() -> Iterator[str]:
    """Yield the beginning of each finding with a remedy: its first four words, with {} for
    values.
    """
    for path in sorted(Path(machine.__file__).parent.glob("*.py")):
        for look in ast.walk(ast.parse(path.read_text())):
            if isinstance(look, ast.FunctionDef):
                yield from (" ".join(_text(said)[:4]) for said in _said_in(look))


def _said_in(look: ast.FunctionDef) -> Iterator[ast.AST]:
    named = {
        target.id: node.value
        for node in ast.walk(look)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(look):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"bad", "odd"}:
            said = node.args[0]
            yield named[said.id] if isinstance(said, ast.Name) else said


def _text(said: ast.AST) -> list[str]:
    pieces = said.values if isinstance(said, ast.JoinedStr) else [said]
    return "".join(
        piece.value if isinstance(piece, ast.Constant) else "{}" for piece in pieces
    ).split()


def test_every_remedy_is_tested_or_has_a_reason_not_to_be():
    assert set(findings()) == {*FOLLOWED, *ELSEWHERE}
    assert not set(FOLLOWED) & set(ELSEWHERE)
    here = Path(__file__).read_text()
    there = Path(__file__).with_name("test_doctor.py").read_text()
    for where in FOLLOWED.values():
        file, _comma, name = where.rpartition(", ")
        assert f"def {name}(" in (there if file else here), where


def test_document_sections_named_in_remedies_exist():
    folder = Path(machine.__file__).parent
    code = re.sub(r'"\s*\n\s*"', "", "".join(path.read_text() for path in folder.glob("*.py")))
    named = re.findall(r"(docs/\w+\.md), “([^”]+)”", code)

    assert named
    for page, section in named:
        text = Path(config.ROOT, page).read_text()
        assert re.search(rf"^#+ (\d+\. )?{section}$", text, re.M), (page, section)


def remedy_of(look: Any, state: str) -> str:
    """Return the remedy of the only finding of this state."""
    [found] = [one for one in look() if one.state == state]
    return found.remedy


def test_the_production_settings_remedy_starts_the_site(setting, monkeypatch, tmp_path):
    monkeypatch.setattr(site, "ROOT", tmp_path)
    setting(PRODUCTION=False, SITE_URL="https://moot.example.org")
    remedy = remedy_of(site.settings, BAD)
    known = {
        "SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "SITE_URL": "https://moot.example.org",
        "MAIL_SERVER": "mail.example.org",
    }
    named = {name: value for name, value in known.items() if name in remedy}
    said = dict(re.findall(r"\b(ENVIRONMENT)=(\w+)", remedy))

    setting(**config.load({**said, **named, "INSTANCE": str(tmp_path)}))

    assert of(site.settings)[0] == GOOD


def test_the_site_works_with_a_private_instance_folder(setting, tmp_path):
    tmp_path.chmod(0o755)
    app = create_app(INSTANCE=str(tmp_path), REDIS_URL="", DATABASE_URL="", TESTING=True)
    setting(INSTANCE=tmp_path)

    subprocess.run(["sh", "-ec", remedy_of(machine.permissions, ODD)], check=True)

    assert of(machine.permissions)[0] == GOOD
    assert app.test_client().get("/health").status_code == 200
    assert create_app(INSTANCE=str(tmp_path), REDIS_URL="").secret_key == app.secret_key


@pytest.mark.parametrize(
    ("url", "production", "number", "state"),
    [
        ("https://moot.example.org", True, 0, BAD),
        ("http://127.0.0.1:8000", True, 0, ODD),
        ("http://127.0.0.1:8000", False, 1, ODD),
    ],
)
def test_the_proxies_remedy_fixes_the_proxy_count(setting, url, production, number, state):
    setting(
        SITE_URL=url,
        SECURE=url.startswith("https"),
        PRODUCTION=production,
        TRUSTED_PROXIES=number,
    )
    [notified] = re.findall(r"TRUSTED_PROXIES=(\d)", remedy_of(site.proxies, state))

    setting(TRUSTED_PROXIES=int(notified))

    assert of(site.proxies)[0] == GOOD


def test_starting_the_site_builds_the_static_files(app, setting, tmp_path):
    fresh = create_app(INSTANCE=str(tmp_path), REDIS_URL="", TESTING=True)
    assets = fresh.extensions["assets"]
    assert all((assets.target / name).is_file() for name in assets.names.values())


def test_the_database_remedy_creates_the_tables(empty_database, tmp_path):
    fresh = create_app(DATABASE_URL=empty_database, INSTANCE=str(tmp_path), REDIS_URL="")
    with fresh.app_context():
        follow(fresh, remedy_of(database.reachable, BAD))

        assert of(database.reachable)[0] == GOOD
        db.engine.dispose()


def follow(app: Any, remedy: str) -> None:
    """Carry out every command in the remedy, in order."""
    commands = re.findall(r"`flask ([^`]+)`", remedy)
    assert commands
    for command in commands:
        done = app.test_cli_runner().invoke(args=command.split())
        assert done.exit_code == 0, done.output


@pytest.mark.postgresql
def test_the_isolation_remedy_restores_the_expected_level(app):
    name = db.engine.url.database
    db.session.rollback()
    try:
        alter(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
        remedy = remedy_of(database.settings, BAD)
        alter(re.findall(r"ALTER DATABASE [^;]+;", remedy)[0])
        assert of(database.settings)[0] == GOOD
    finally:
        alter(f"ALTER DATABASE {name} RESET ALL")


def alter(statement: str) -> None:
    """Change the database, and close earlier connections, which don't know of it."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
    db.engine.dispose()


def test_the_email_remedy_turns_encryption_on(setting):
    setting(MAIL_USE_TLS=False, MAIL_USE_SSL=False)
    remedy = remedy_of(lambda: services._unencrypted("mail.example.org"), BAD)

    for name in re.findall(r"(MAIL_USE_\w+)=yes", remedy):
        setting(MAIL_USE_TLS=False, MAIL_USE_SSL=False)
        setting(**{name: True})
        assert list(services._unencrypted("mail.example.org")) == []


def is_paused() -> None:
    outbox.enqueue_email("mail/test", to="ana@example.org")
    pause.pause("restored")


def is_dead() -> None:
    email = outbox.enqueue_email("mail/test", to="ana@example.org")
    email.state, email.ended_at = DEAD, clock.now()


def is_old() -> None:
    factories.user().created_at = clock.now() - timedelta(days=9)


def was_done(name: str) -> Any:
    """Make the site and this mark old."""

    def done() -> None:
        is_old()
        site_flags.set_now(name)
        old = clock.now() - timedelta(days=9)
        db.session.execute(sa.update(SiteFlag).where(SiteFlag.name == name).values(at=old))

    return done


@pytest.mark.parametrize(
    ("look", "happens"),
    [
        (work.emails, is_paused),
        (work.emails, is_dead),
        (work.backups, is_old),
        (work.backups, was_done(making.DONE)),
        (work.purging, is_old),
    ],
)
def test_the_commands_in_remedies_fix_their_findings(app, setting, tmp_path, look, happens):
    setting(INSTANCE=tmp_path)
    happens()
    db.session.commit()

    remedy = remedy_of(look, ODD)
    db.session.rollback()
    follow(app, remedy)

    assert of(look)[0] == GOOD


@pytest.mark.services
def test_the_redis_remedy_stops_eviction(setting):
    url = parts.redis_url(parts.OTHER)
    setting(REDIS_URL=url)
    with Redis.from_url(url) as redis:
        redis.config_set("maxmemory-policy", "allkeys-lru")
        try:
            words = remedy_of(services.redis_reachable, ODD)
            [(name, value)] = re.findall(r"Set (\S+) (\w+)", words)
            redis.config_set(name, value)
            assert of(services.redis_reachable)[0] == GOOD
        finally:
            redis.config_set("maxmemory-policy", "noeviction")
