"""gunicorn.conf.py, as gunicorn itself reads it."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.processes import ROOT
from webapp.config import load

from .deployed_site import command

pytestmark = pytest.mark.any_database

WANTED = (
    "worker_class_str",
    "workers",
    "threads",
    "max_requests",
    "max_requests_jitter",
    "graceful_timeout",
    "forwarded_allow_ips",
)
SAY = """
import sys
from gunicorn.app.wsgiapp import WSGIApplication
sys.argv = sys.argv[1:]
config = WSGIApplication("%(prog)s").cfg
print(repr({name: getattr(config, name) for name in {names}} | {{"control": config.control_socket_disable}}))
"""  # noqa: E501


def settings(name: str, **environment: str) -> dict[str, object]:
    """Return the configuration with which gunicorn would run, started by the Procfile's command."""
    code = SAY.replace("{names}", repr(WANTED)).replace("{{", "{").replace("}}", "}")
    done = subprocess.run(
        [sys.executable, "-c", code, *command(name, 8000)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = eval(done.stdout)
    return found


READING = """
import os, runpy, sys
from pathlib import Path
file = Path(sys.argv[1]) / ".env"
for words in sys.argv[2:]:
    file.write_text(words)
    runpy.run_path(str(file.with_name("gunicorn.conf.py")))["read_settings"]()
    print([os.environ.get(name) for name in ("SECRET_KEY", "SITE_NAME", "MINIMUM_AGE")])
"""


def test_each_reload_reads_the_current_settings(tmp_path):
    """HUP and USR2 read this file again; test_reloading.py sends both to a real server."""
    shutil.copy(ROOT / "gunicorn.conf.py", tmp_path)
    before, after = (
        "SECRET_KEY=old\nSITE_NAME=One\nMINIMUM_AGE=18",
        "SECRET_KEY=new\nMINIMUM_AGE=21",
    )
    environment = {"PATH": os.environ["PATH"], "MINIMUM_AGE": "16", "INSTANCE": str(tmp_path)}
    command_line = [sys.executable, "-c", READING, tmp_path, before, after]
    done = subprocess.run(command_line, env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["['old', 'One', '16']", "['new', None, '16']"]


def test_commands_print_the_port_of_the_running_server(tmp_path):
    """`flask create-admin` and `make demo` get no port."""
    environment = {"INSTANCE": str(tmp_path), "PORT": "9017", "PATH": os.environ["PATH"]}
    starting = "import runpy; c = runpy.run_path('gunicorn.conf.py'); c['note_address'](c['bind'])"
    subprocess.run([sys.executable, "-c", starting], cwd=ROOT, env=environment, check=True)

    assert load({"INSTANCE": str(tmp_path)})["SITE_URL"] == "http://127.0.0.1:9017"


@pytest.mark.parametrize("name", ["web", "live"])
def test_gunicorn_trusts_no_forwarded_headers_and_opens_no_control_socket(name):
    found = settings(name, REDIS_URL="redis://localhost")

    assert found["forwarded_allow_ips"] == []
    assert found["control"] is True
    assert found["graceful_timeout"] < 30


def test_web_workers_are_restarted_at_different_times():
    found = settings("web", REDIS_URL="redis://localhost", WEB_CONCURRENCY="3")

    assert found["workers"] == 3
    assert 0 < found["max_requests_jitter"] <= found["max_requests"]


def test_an_all_in_one_server_is_a_single_process_without_restarts():
    found = settings("web", WEB_CONCURRENCY="3")

    assert (found["workers"], found["max_requests"]) == (1, 0)


def test_streams_run_in_one_gevent_process_without_restarts():
    found = settings("live", REDIS_URL="redis://localhost", WEB_CONCURRENCY="3")

    assert (found["worker_class_str"], found["workers"], found["max_requests"]) == ("gevent", 1, 0)


def test_the_database_pool_has_a_connection_for_each_thread(tmp_path):
    threads = [settings("web", REDIS_URL=url)["threads"] for url in ("", "redis://localhost")]
    pool = load({"INSTANCE": str(tmp_path), "DATABASE_URL": "postgresql:///folkmoot"})[
        "SQLALCHEMY_ENGINE_OPTIONS"
    ]

    assert pool["pool_size"] + pool["max_overflow"] == max(threads)
