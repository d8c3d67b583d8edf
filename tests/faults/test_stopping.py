"""The web server is told to stop, or to begin anew, while people use it."""

import os
import signal
import time

import pytest

from tests import factories
from tests.processes import children, eventually
from webapp.core.extensions import db

from .asking import NOBODY, load, longest, statuses
from .town import town

pytestmark = pytest.mark.faults

CLIENTS = 12
SLOW = 0.05


def stopped(place, how):
    """(every answer, those to questions that were put before the signal and not answered by
    then).
    """
    with town(place, "web", SLOW=str(SLOW)) as here:
        person = factories.user()
        event = factories.event(person)
        looking = here.readers(person, event, patience=120)
        here.site.processes.clear()  # it is to end, for once
        master = here.running["web"]
        db.session.remove()
        try:
            with load(*looking * (CLIENTS // 3)) as answers:
                time.sleep(2)
                moments = []
                for _ in range(3 if how == "reload" else 1):
                    before = children(master.pid)
                    moments.append(time.monotonic())
                    tell(master.pid, how)
                    time.sleep(2)
                    if how == "reload":
                        wait_for_others(master.pid, before, answers)
            inflight = [
                a
                for a in answers
                if any(a.asked_at < m - SLOW / 2 and a.asked_at + a.seconds > m for m in moments)
            ]
            return answers, inflight
        finally:
            master.send_signal(signal.SIGTERM)
            master.wait(40)


def wait_for_others(pid, before, answers):
    """None of the workers before is left, and those that came instead have begun to answer:
    before that nobody says HUP again.
    """
    assert eventually(lambda: not set(before) & set(children(pid)), 60)
    gone = time.monotonic()
    assert eventually(
        lambda: any(answer.asked_at > gone and answer.is_fine for answer in answers), 60
    )


def tell(pid, how):
    """The signal has gone out: TERM to the server, HUP for new workers, or -9 to the workers."""
    if how == "kill":
        for child in children(pid):
            os.kill(child, signal.SIGKILL)
    else:
        os.kill(pid, signal.SIGHUP if how == "reload" else signal.SIGTERM)


def test_it_is_told_to_stop(row, folder):
    row.fault = "SIGTERM under load"
    row.expected = "requests in flight finish"
    row.made = (
        f"SIGTERM to gunicorn under {CLIENTS} clients, a connection a request, each taking "
        f"{SLOW * 1000:.0f} ms or more"
    )
    _answers, inflight = stopped(folder / "with", "stop")
    row.figure = f"in flight {len(inflight)}, failed {sum(not a.is_fine for a in inflight)}"
    _control, killed = stopped(folder / "without", "kill")
    row.control = (
        f"-9 to the workers instead: in flight {len(killed)}, failed "
        f"{sum(not a.is_fine for a in killed)}"
    )

    assert len(inflight) >= CLIENTS / 3
    assert all(answer.is_fine for answer in inflight), statuses(inflight)
    assert any(answer.status == NOBODY for answer in killed)


def test_it_is_told_to_begin_anew(row, folder):
    row.fault = "a restart under load"
    row.expected = "every request is answered, by old workers or by new ones"
    row.made = f"SIGHUP to gunicorn, three times, under {CLIENTS} clients"
    answers, _inflight = stopped(folder / "with", "reload")
    row.figure = f"{statuses(answers)}, failed {sum(not answer.is_fine for answer in answers)}, "
    row.figure += f"slowest {longest(answers):.1f} s (new workers take a while to begin)"
    control, _inflight = stopped(folder / "without", "kill")
    row.control = f"-9 to the workers instead: {statuses(control)}"

    assert all(answer.is_fine for answer in answers), {a.error for a in answers if a.error}
    assert not all(answer.is_fine for answer in control)
