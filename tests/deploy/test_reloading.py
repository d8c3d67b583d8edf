"""Changed settings apply after a reload: on HUP, which renews the workers, and on USR2, which
starts a second server.
"""

import os
import signal

import pytest

from tests import parts
from tests.processes import children, eventually
from webapp.config import SETTINGS

from .releases import Server, lay_out

pytestmark = [pytest.mark.services, pytest.mark.any_database, pytest.mark.deep]

FIRST, SECOND = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "9a8b7c6d5e4f30211203f4e5d6c7b8a9"


def write(folder, **settings):
    """Write these settings, and no others, to `.env`."""
    (folder / ".env").write_text("".join(f'{name}="{value}"\n' for name, value in settings.items()))


@pytest.fixture
def folder(tmp_path):
    return lay_out(tmp_path / "srv", "v1.0.0")


def test_changed_settings_apply_after_hup_and_after_a_reload(folder):
    write(folder, SECRET_KEY=FIRST, SITE_NAME="One", MINIMUM_AGE="18", PORT="1", VARIABLE="one")
    two_workers = {"WEB_CONCURRENCY": "2", "REDIS_URL": parts.redis_url(parts.OTHER)}
    with Server(folder, PORT="2", **two_workers).running() as server:
        first = server.process.pid
        assert server.says(
            SECRET_KEY=repr(FIRST), SITE_NAME="'One'", MINIMUM_AGE="18", PORT="2", VARIABLE="one"
        )

        write(folder, SECRET_KEY=SECOND, SECRET_KEY_PREVIOUS=FIRST, SITE_NAME="Two", PORT="1")
        os.kill(first, signal.SIGHUP)
        changed = {
            "SECRET_KEY": repr(SECOND),
            "SECRET_KEY_PREVIOUS": repr(FIRST),
            "SITE_NAME": "'Two'",
            "MINIMUM_AGE": "16",
        }
        assert server.says(server=first, PORT="2", VARIABLE=None, **changed), server.log.read_text()

        write(folder, SECRET_KEY=SECOND)
        done = server.reload()
        assert done.returncode == 0, server.log.read_text()
        assert server.says(
            SECRET_KEY=repr(SECOND), SECRET_KEY_PREVIOUS="''", SITE_NAME="'Folkmoot'", PORT="2"
        )
        assert server.status()["server"] != first
        assert server.news_for_systemd()[-1] == f"MAINPID={server.status()['server']}"


def test_a_new_server_that_cannot_start_leaves_the_old_one_serving(folder):
    write(folder, SITE_NAME="One")
    with Server(folder).running() as server:
        write(folder, SITE_NAME="Two", SIGN_UP="nonsense")
        server.process.send_signal(signal.SIGUSR2)
        assert eventually(lambda: "SIGN_UP must be one of" in server.log.read_text())
        assert eventually(lambda: len(children(server.process.pid)) == 1), (
            "its worker alone is left"
        )
        assert server.says(server=server.process.pid, SITE_NAME="'One'")

        write(folder, SITE_NAME="Three")
        assert server.reload().returncode == 0
        assert server.says(SITE_NAME="'Three'")


#: Another valid value for settings that wouldn't accept the usual one.
VALUES = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": SECOND,
    "SECRET_KEY_PREVIOUS": FIRST,
    "SITE_URL": "https://moot.example.org",
    "MAIL_SERVER": "mail.example.org",
    "DATABASE_URL": "postgresql://127.0.0.1:1/nobody",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "FILES_URL": "s3://folkmoot",
    "S3_ENDPOINT": "https://s3.example.org",
    "COMPANION_PATHS": "/wiki/",
    "NEWS_PORTS": "8443",
    "SIGN_UP": "invitation",
    "GROUP_CREATION": "admins",
    "LOG_FORMAT": "json",
}


def another(setting):
    """Return a value that differs from the setting's default."""
    if setting.name in VALUES:
        return VALUES[setting.name]
    if setting.default in ("yes", "no"):
        return {"yes": "no", "no": "yes"}[setting.default]
    return str(int(setting.default) + 1) if setting.default.isdigit() else "7"


def test_every_setting_can_be_changed_by_a_reload(folder):
    """On HUP, and by a second server after it: settings removed from `.env` get their defaults
    back.
    """
    stay = {"INSTANCE", "DEBUG"}  # the test's own folder; and production refuses DEBUG
    changed = {setting.name: another(setting) for setting in SETTINGS if setting.name not in stay}
    with Server(folder).running() as server:
        before = server.status()

        write(folder, **changed)
        os.kill(server.process.pid, signal.SIGHUP)
        assert eventually(lambda: unchanged(before, server.status(), changed) == []), unchanged(
            before, server.status(), changed
        )

        write(folder)
        assert server.reload().returncode == 0
        after = server.status()
        assert {name: after[name] for name in changed} == {name: before[name] for name in changed}


def unchanged(before, now, names):
    """Return which of these settings haven't changed."""
    return [name for name in names if now is None or now[name] == before[name]]
