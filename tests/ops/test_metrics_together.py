"""The metrics of several processes add up, whichever of them is asked."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests import parts
from tests.processes import children, eventually
from tests.sites import Client, site

pytestmark = pytest.mark.services

TOKEN = "a token for tests"
EVENTS = 'folkmoot_requests_total{method="GET",route="events.index",status="200"}'


@pytest.fixture
def two(tmp_path):
    """A site whose web server has two processes."""
    with site(
        tmp_path, REDIS_URL=parts.redis_url(parts.OTHER), WEB_CONCURRENCY="2", METRICS_TOKEN=TOKEN
    ) as running:
        yield running


def workers(running):
    return children(running.processes[0].pid)


def number(running, name):
    text = Client(running.url).get("/metrics", Authorization=f"Bearer {TOKEN}").text
    found = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(name)]
    return float(found[0]) if found else 0.0


def files_of(pid):
    """Return the files into which this process writes its metrics."""
    listed = subprocess.run(
        ["ls", "-l", f"/proc/{pid}/map_files"], capture_output=True, text=True
    ).stdout
    return {
        Path(line.split(" -> ")[1]) for line in listed.splitlines() if "folkmoot-measures-" in line
    }


def test_metrics_add_up_across_processes_and_include_dead_ones(two):
    def both_have_answered():
        Client(two.url).get("/roles")
        return all(any("counter" in path.name for path in files_of(pid)) for pid in workers(two))

    assert eventually(both_have_answered)
    for _ in range(20):
        assert Client(two.url).get("/events").status == 200
    assert {number(two, EVENTS) for _ in range(10)} == {20}

    before = workers(two)
    os.kill(before[0], signal.SIGKILL)
    assert eventually(lambda: len(set(workers(two)) - set(before)) == 1)
    Client(two.url).get("/events")
    assert {number(two, EVENTS) for _ in range(10)} == {21}
    live = {path.name for path in next(iter(files_of(before[1]))).parent.glob("gauge_live*.db")}
    assert not any(str(before[0]) in name for name in live)


@pytest.mark.deep
def test_the_metrics_folder_is_deleted_with_the_server(tmp_path):
    with site(tmp_path, METRICS_TOKEN=TOKEN) as running:
        assert Client(running.url).get("/events").status == 200
        [folder] = {path.parent for path in files_of(workers(running)[0])}
        assert folder.is_dir()
    assert not folder.exists()
