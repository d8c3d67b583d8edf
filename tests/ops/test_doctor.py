"""What the doctor finds, each finding provoked; and that it reveals no secrets."""

import os
import pwd
import re
import socket
import subprocess
import tempfile
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from scripts.services import free_port
from tests.mail.conftest import post_office as post_office
from tests.ops.examining import _inside as _inside, of, setting as setting
from webapp.core.extensions import db
from webapp.ops.doctor import database, examination, file_access, machine, services, site, work
from webapp.ops.doctor.findings import BAD, GOOD, ODD, Finding

# --- the site


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"PRODUCTION": True}, GOOD),
        ({"PRODUCTION": False, "SITE_URL": "http://localhost:8000"}, GOOD),
        ({"PRODUCTION": False, "SITE_URL": "https://moot.example.org"}, BAD),
    ],
)
def test_a_development_site_that_others_can_reach_is_bad(
    setting, tmp_path, monkeypatch, values, state
):
    monkeypatch.setattr(site, "ROOT", tmp_path)
    setting(**values)
    assert of(site.settings)[0] == state


def test_an_env_file_that_others_can_read_is_odd(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "ROOT", tmp_path)
    (tmp_path / ".env").write_text("SECRET_KEY=1")
    (tmp_path / ".env").chmod(0o644)
    assert [found.state for found in site.settings()] == [GOOD, ODD]
    (tmp_path / ".env").chmod(0o600)
    assert [found.state for found in site.settings()] == [GOOD]


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://moot.example.org", GOOD),
        ("http://127.0.0.1:8000", GOOD),
        ("http://moot.example.org", BAD),
        ("https://example.org/moot", BAD),
    ],
)
def test_the_site_url_must_be_https_and_only_a_host(setting, url, state):
    setting(SITE_URL=url, SECURE=url.startswith("https"))
    assert of(site.address)[0] == state


@pytest.mark.parametrize(
    ("url", "number", "production", "state"),
    [
        ("https://moot.example.org", 1, True, GOOD),
        ("https://moot.example.org", 0, True, BAD),
        ("http://127.0.0.1:8000", 0, False, GOOD),
        ("http://127.0.0.1:8000", 1, False, ODD),
        ("http://127.0.0.1:8000", 0, True, ODD),
    ],
)
def test_https_and_production_need_a_proxy(setting, url, number, production, state):
    secure = url.startswith("https")
    setting(SITE_URL=url, SECURE=secure, TRUSTED_PROXIES=number, PRODUCTION=production)
    assert of(site.proxies)[0] == state


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """A function that starts a server with this response for everyone, and returns its URL."""
    servers = []

    def serve(status: int, location: str = "") -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                self.send_response(status)
                self.send_header("Location", location or f"http://{self.headers['Host']}/sign-in")
                self.end_headers()

            def log_message(self, *words: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_site_must_answer_at_its_own_url(setting, answering):
    setting(SITE_URL=answering(200))
    assert of(site.answers)[0] == GOOD
    setting(SITE_URL=answering(308))
    state, words = of(site.answers)
    assert (state, "itself endlessly" in words) == (BAD, True)
    setting(SITE_URL=answering(404, "/"))
    state, words = of(site.answers)
    assert (state, "something else" in words) == (BAD, True)
    setting(SITE_URL=f"http://127.0.0.1:{free_port()}")
    assert of(site.answers)[0] == ODD


def test_a_proxy_that_passes_on_half_a_request_is_reported(setting, answering):
    setting(SITE_URL=answering(200), PRODUCTION=True, TRUSTED_PROXIES=1)
    state, words = of(site.buffering)
    assert (state, "doesn't buffer requests" in words) == (ODD, True)


def test_a_proxy_that_refuses_half_a_request_is_inconclusive(setting, answering):
    setting(SITE_URL=answering(403), PRODUCTION=True, TRUSTED_PROXIES=1)
    state, words = of(site.buffering)
    assert (state, "403" in words) == (ODD, True)


def test_a_proxy_that_waits_for_the_whole_request_is_fine(setting, monkeypatch):
    monkeypatch.setattr(site, "WITHHOLDING", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        setting(SITE_URL=url, PRODUCTION=True, TRUSTED_PROXIES=1)
        assert of(site.buffering)[0] == GOOD
    assert list(site.buffering()) == [], "nothing answers there any more, which another line says"


# --- the machine


def test_a_static_file_that_is_not_built_is_reported(app, monkeypatch):
    assert of(machine.static_files)[0] == GOOD
    assets = app.extensions["assets"]
    monkeypatch.setattr(assets, "names", {**assets.names, "css/new.css": "css/new.0000000000.css"})
    state, words = of(machine.static_files)
    assert (state, "css/new.0000000000.css" in words) == (BAD, True)


@pytest.mark.parametrize(("megabytes", "state"), [(5000, GOOD), (900, ODD), (100, BAD)])
def test_a_disk_that_is_almost_full_is_reported(monkeypatch, megabytes, state):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(
        machine.shutil, "disk_usage", lambda folder: usage(0, 0, megabytes * 1024 * 1024)
    )
    assert of(machine.disk)[0] == state


def test_each_volume_that_the_site_fills_is_measured(setting, tmp_path):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        setting(INSTANCE=tmp_path)
        (tmp_path / "backups").mkdir()
        (tmp_path / "files").symlink_to(elsewhere)
        assert Path(elsewhere).stat().st_dev != tmp_path.stat().st_dev
        assert {tmp_path, tmp_path / "files"} <= set(machine.volumes())
        assert tmp_path / "backups" not in machine.volumes()


@pytest.fixture
def only_ours(monkeypatch) -> None:
    """Make the group of files contain only us and root."""
    monkeypatch.setattr(file_access, "_members", lambda group: {0, os.getuid()})


def test_the_documented_permissions_are_all_right(setting, only_ours, tmp_path, monkeypatch):
    setting(INSTANCE=tmp_path, PRODUCTION=True)
    monkeypatch.setattr(site, "ROOT", tmp_path)
    (tmp_path / ".env").write_text("SECRET_KEY=1")
    (tmp_path / ".env").chmod(0o640)
    tmp_path.chmod(0o750)

    assert [found.state for found in [*site.settings(), *machine.permissions()]] == [GOOD, GOOD]


@pytest.mark.parametrize(("mode", "is_shared"), [(0o644, False), (0o604, False), (0o640, True)])
def test_the_permissions_remedy_keeps_files_readable_for_the_site_only(
    setting, tmp_path, monkeypatch, mode, is_shared
):
    others = {0, os.getuid()} | ({4_000_000} if is_shared else set())
    monkeypatch.setattr(file_access, "_members", lambda group: others)
    monkeypatch.setattr(site, "ROOT", tmp_path)
    tmp_path.chmod(0o700)
    setting(INSTANCE=tmp_path, PRODUCTION=True)
    (tmp_path / ".env").write_text("SECRET_KEY=1")
    (tmp_path / ".env").chmod(mode)

    notified = [found for found in site.settings() if found.state == ODD]
    subprocess.run(["sh", "-ec", notified[0].remedy], check=True)

    assert [found.state for found in site.settings()] == [GOOD]
    found = (tmp_path / ".env").stat()
    assert (found.st_uid, found.st_mode & 0o400) == (tmp_path.stat().st_uid, 0o400)


def test_group_members_include_primary_and_secondary_members():
    first = {one.pw_uid for one in pwd.getpwall() if one.pw_gid == os.getgid()}
    assert file_access._members(os.getgid()) >= first


def test_files_in_the_instance_folder_must_be_unreadable_for_others(setting, tmp_path):
    setting(INSTANCE=tmp_path)
    tmp_path.chmod(0o700)
    assert of(machine.permissions)[0] == GOOD
    tmp_path.chmod(0o755)
    assert of(machine.permissions)[0] == ODD
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o644)
    state, words = of(machine.permissions)
    assert (state, "secret" in words, "chmod 700" in words) == (BAD, True, True)


def test_every_command_in_a_remedy_exists(app):
    folder = Path(machine.__file__).parent
    named = set(
        re.findall(r"`flask ([a-z-]+)", "".join(path.read_text() for path in folder.glob("*.py")))
    )
    assert named
    assert named - {"db"} <= set(app.cli.commands)


@pytest.mark.postgresql
def test_the_remedy_for_a_database_that_logs_ballots_is_valid_sql(app):
    def alter(statement: str) -> None:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
        db.engine.dispose()

    name = db.engine.url.database
    db.session.rollback()
    try:
        alter(f"ALTER DATABASE {name} SET log_min_duration_statement = 100")
        state, words = of(database.discretion)
        assert state == ODD
        alter(re.findall(r"ALTER DATABASE [^;]+;", words)[0])
        assert of(database.discretion)[0] == GOOD
    finally:
        alter(f"ALTER DATABASE {name} RESET ALL")


# --- the whole


def test_a_check_that_fails_is_reported_by_its_error_class_only():
    def breaks() -> Any:
        raise KeyError("canary-word")

    def fine() -> Any:
        yield Finding(GOOD, "fine")

    first, second = examination.findings([breaks, fine])
    assert (first.state, "KeyError" in first.what, "canary-word" in first.what) == (
        BAD,
        True,
        False,
    )
    assert second.state == GOOD


def test_every_check_of_the_doctor_is_run():
    parts = (site, machine, database, services, services, services, work)
    public = {
        value
        for part in parts
        for name, value in vars(part).items()
        if callable(value)
        and getattr(value, "__module__", "") == part.__name__
        and not name.startswith("_")
    }
    assert public - {machine.volumes} == set(examination.LOOKS)


def test_the_command_exits_with_1_when_something_is_bad(app, monkeypatch):
    notified = [Finding(GOOD, "fine"), Finding(ODD, "odd", "think")]
    monkeypatch.setattr(examination, "findings", lambda: iter(notified))
    said = app.test_cli_runner().invoke(args=["doctor"])
    assert said.exit_code == 0
    assert said.output == "✓ fine\n! odd\n    → think\n\n2 checks: 0 failed, 1 with warnings.\n"

    notified.append(Finding(BAD, "bad", "mend"))
    said = app.test_cli_runner().invoke(args=["doctor"])
    assert said.exit_code == 1
    assert "✗ bad\n    → mend\n" in said.output


def test_the_doctor_prints_no_secret_and_changes_nothing(app, setting, monkeypatch):
    secrets = {
        "SECRET_KEY": "canary-key",
        "MAIL_PASSWORD": "canary-password",
        "MAIL_USERNAME": "canary-user",
    }
    url = f"redis://:canary-redis@127.0.0.1:{free_port()}/0"
    setting(
        **secrets,
        REDIS_URL=url,
        DEV_MAIL=False,
        MAIL_SERVER="127.0.0.1",
        SITE_URL=f"http://127.0.0.1:{free_port()}",
    )
    before = rows()
    said = app.test_cli_runner().invoke(args=["doctor"])

    assert said.exit_code == 1
    assert "canary" not in said.output
    assert rows() == before


def rows() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            t.name: connection.scalar(sa.select(sa.func.count()).select_from(t))
            for t in db.metadata.sorted_tables
        }


@pytest.mark.any_database
def test_all_invalid_settings_are_reported_at_once(tmp_path):
    """In that case there is no application to examine: the command prints the errors of the
    start.
    """
    import subprocess
    import sys

    environment = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "production",
        "INSTANCE": str(tmp_path),
        "SECRET_KEY": "canary",
    }
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)

    assert done.returncode != 0
    for name in ("SECRET_KEY must have", "SITE_URL must be", "MAIL_SERVER must be"):
        assert name in done.stderr
    assert done.stderr.startswith("Error: Folkmoot cannot start:")
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr.replace("SECRET_KEY", "")
