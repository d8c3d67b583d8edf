"""HUP renews the workers of a real server: new ones are ready before old ones stop, and stay
away if they can't start.
"""

import os
import signal

import pytest

from tests.processes import children, eventually

from .releases import Server, lay_out

pytestmark = [pytest.mark.any_database, pytest.mark.long(12)]


@pytest.fixture
def server(request, tmp_path):
    folder = lay_out(tmp_path / "srv", "v1.0.0")
    (folder / ".env").write_text("SITE_NAME=One\n")
    with Server(folder, getattr(request, "param", "web")).running() as running:
        yield running


def hup(server, settings, until):
    """Write these settings, send HUP, and wait until the log contains this; return what was logged
    since.
    """
    start = len(server.log.read_text())
    (server.folder / ".env").write_text(settings)
    os.kill(server.process.pid, signal.SIGHUP)
    assert eventually(lambda: until in server.log.read_text()[start:]), server.log.read_text()
    return server.log.read_text()[start:]


def test_hup_replaces_workers_only_by_workers_that_are_ready(server):
    [first] = children(server.process.pid)
    for settings, reason in (
        ("SITE_NAME=Two\nSIGN_UP=nonsense\n", "SIGN_UP must be one of"),
        ("SITE_NAME=Two\nREDIS_URL=redis://127.0.0.1:1\nWEB_CONCURRENCY=many\n", "invalid literal"),
    ):
        said = hup(server, settings, "The running ones keep their settings.")
        assert reason in said
        assert eventually(lambda: children(server.process.pid) == [first])
        assert server.says(server=server.process.pid, SITE_NAME="'One'")

    os.kill(first, signal.SIGKILL)  # another worker gets the settings of the running ones
    assert server.says(SITE_NAME="'One'", REDIS_URL="''"), server.log.read_text()
    [second] = children(server.process.pid)

    said = hup(server, "SITE_NAME=Three\n", f"Worker exiting (pid: {second})")
    assert said.index("A worker is ready") < said.index(f"Worker exiting (pid: {second})")
    assert server.says(server=server.process.pid, SITE_NAME="'Three'")
    assert eventually(lambda: second not in children(server.process.pid))


@pytest.mark.parametrize("server", ["live"], indirect=True)  # it starts more slowly
def test_of_two_hups_in_a_row_the_second_wins(server):
    """The second comes while the worker of the first one starts."""
    [first] = children(server.process.pid)
    hup(server, "SITE_NAME=Two\n", "Booting worker")
    said = hup(server, "SITE_NAME=Three\n", f"Worker exiting (pid: {first})")

    assert "Another HUP" in said
    assert "No new workers" not in said, "it is no error"
    assert server.says(server=server.process.pid, SITE_NAME="'Three'")
    assert eventually(lambda: len(children(server.process.pid)) == 1)
    assert children(server.process.pid) != [first]
