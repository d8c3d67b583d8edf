"""The web server stops, renews its workers, or makes way for a second server, while people use
it.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests import factories
from tests.deploy.releases import is_alive
from tests.processes import children, eventually
from webapp.core.extensions import db

from .asking import NOBODY, load, longest, statuses
from .crowd import MANY, lost
from .fault_site import fault_site

pytestmark = pytest.mark.faults

CROWDS = 4
SLOW = 0.05
TIMES = 3
MEANWHILE = f"{CROWDS} {MANY}"


class Server:
    """A gunicorn that gets signals; after USR2 it's another process than the one started."""

    def __init__(self, here):
        self.log, self.process = here.folder / "web.log", here.running["web"]
        self.pid = self.process.pid
        here.site.processes.clear()  # here it may end

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)

    def kill_workers(self):
        for child in children(self.pid):
            os.kill(child, signal.SIGKILL)

    def renew_workers(self):
        """Wait until all workers have been replaced."""
        before = set(children(self.pid))
        os.kill(self.pid, signal.SIGHUP)
        assert eventually(lambda: not before & set(children(self.pid))), self.log.read_text()

    def make_way(self):
        """Let a second server replace this one; it could be replaced likewise."""
        before, promoted = set(children(self.pid)), self.promotions()
        os.kill(self.pid, signal.SIGUSR2)
        assert eventually(lambda: set(children(self.pid)) - before), self.log.read_text()
        [second] = set(children(self.pid)) - before
        assert eventually(self.has_left), self.log.read_text()
        self.pid = second
        assert eventually(lambda: self.promotions() > promoted), self.log.read_text()

    def has_left(self):
        """Whether its process has ended."""
        return (
            self.process.poll() is not None
            if self.pid == self.process.pid
            else not is_alive(self.pid)
        )

    def promotions(self):
        """Return how many servers have noticed that the one before them has ended."""
        return self.log.read_text().count("Master has been promoted")


def notified(place, tell, times=1):
    """Return (all responses, those to requests that were running when it got the signal, writes
    lost).
    """
    with fault_site(place, "web", SLOW=str(SLOW)) as here:
        event = factories.event(factories.user())
        crowds = [here.crowd(event, patience=120) for _ in range(CROWDS)]
        server = Server(here)
        db.session.remove()
        try:
            with load(*(act for crowd in crowds for act in crowd.acts)) as answers:
                time.sleep(2)
                moments = []
                for _ in range(times):
                    moments.append(time.monotonic())
                    tell(server)
                    if times > 1:
                        wait_for_answers(answers)
                time.sleep(2)
            inflight = [
                a
                for a in answers
                if any(a.asked_at < m - SLOW / 2 and a.asked_at + a.seconds > m for m in moments)
            ]
            return answers, inflight, lost(crowds)
        finally:
            server.stop()
            assert eventually(server.has_left, 40)


@contextmanager
def neighbour():
    """Run a program that computes as fast as it can on every core."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _core in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def wait_for_answers(answers):
    """Wait until the new processes respond; only then may they get the next signal."""
    since = time.monotonic()
    assert eventually(
        lambda: any(answer.asked_at > since and answer.is_fine for answer in answers), 60
    )


def failed(answers):
    """Return the number of failed responses."""
    return sum(not answer.is_fine for answer in answers)


def test_stopping_the_server_under_load_loses_no_request(row, folder):
    row.fault = "SIGTERM under load"
    row.expected = "requests in flight finish, and nothing that was answered with success is lost"
    row.made = (
        f"SIGTERM to gunicorn while {MEANWHILE}; a connection a request, each taking "
        f"{SLOW * 1000:.0f} ms or more"
    )
    _answers, inflight, missing = notified(folder / "with", Server.stop)
    row.figure = f"in flight {len(inflight)}, failed {failed(inflight)}, writes lost {missing}"
    _control, killed, _missing = notified(folder / "without", Server.kill_workers)
    row.control = f"-9 to the workers instead: in flight {len(killed)}, failed {failed(killed)}"

    assert len(inflight) >= CROWDS
    assert all(answer.is_fine for answer in inflight), statuses(inflight)
    assert missing == 0
    assert any(answer.status == NOBODY for answer in killed)


@pytest.mark.parametrize("how", ["a reload", "new workers"])
def test_restarting_the_server_under_load_loses_no_request(row, folder, how):
    signal_name, tell = {
        "a reload": ("SIGUSR2", Server.make_way),
        "new workers": ("SIGHUP", Server.renew_workers),
    }[how]
    row.fault = f"{how} under load ({signal_name})"
    row.expected = "every request is answered, by old workers or by new ones"
    row.made = (
        f"{signal_name} to gunicorn, {TIMES} times, while {MEANWHILE}; beside a program that "
        "computes on every core"
    )
    with neighbour():
        answers, _inflight, missing = notified(folder / "with", tell, TIMES)
    row.figure = (
        f"{statuses(answers)}, failed {failed(answers)}, writes lost {missing}, slowest "
        f"{longest(answers):.1f} s"
    )
    control, *_ = notified(folder / "without", Server.kill_workers)
    row.control = f"-9 to the workers instead: {statuses(control)}"

    assert all(answer.is_fine for answer in answers), {
        a.error or a.status for a in answers if not a.is_fine
    }
    assert missing == 0
    assert not all(answer.is_fine for answer in control)
