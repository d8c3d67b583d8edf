"""A bounded executor for expensive work: how many calls run at once, which are refused, and how
much memory remains in use.
"""

import subprocess
import sys
import textwrap
import threading
import time

import pytest

from webapp.core.jobs.bounded_executor import BoundedExecutor, Busy


class Work:
    """Work that runs until it is released, and counts how many threads do it at the same time."""

    def __init__(self):
        self.now = self.most = 0
        self.lock, self.gate = threading.Lock(), threading.Event()

    def __call__(self):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.gate.wait(60)
        with self.lock:
            self.now -= 1


def crowd(few, work, number):
    """Start this many callers, each of which waits or is refused; return (threads, their
    results).
    """
    notified = []

    def come():
        try:
            notified.append(few.call(work))
        except Busy:
            notified.append("busy")

    threads = [threading.Thread(target=come) for _ in range(number)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 30
    while (
        few._inside < number or work.now < few._pool._max_workers
    ) and time.monotonic() < deadline:
        time.sleep(0.005)
    return threads, notified


def test_calls_beyond_the_running_and_waiting_limits_are_refused():
    few, work = BoundedExecutor(2, 3), Work()
    threads, notified = crowd(few, work, 5)
    with pytest.raises(Busy):
        few.call(work)
    work.gate.set()
    for thread in threads:
        thread.join()

    assert (work.most, notified) == (2, [None] * 5)
    assert few.call(lambda: "free again") == "free again"


def test_waiting_calls_give_up_after_a_timeout(monkeypatch):
    monkeypatch.setattr("webapp.core.jobs.bounded_executor.PATIENCE", 0.05)
    few, work = BoundedExecutor(1, 3), Work()
    threads, notified = crowd(few, work, 3)
    for thread in threads:
        thread.join(5)
    work.gate.set()

    assert notified == ["busy"] * 3
    assert work.most == 1, "who has given up is not worked for"


def test_exceptions_reach_the_caller():
    with pytest.raises(ZeroDivisionError):
        BoundedExecutor(1, 1).call(lambda: 1 / 0)


GROWTH = """
    import threading
    from webapp.accounts import credentials

    def resident():
        return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS"))) // 1000

    before, gate = resident(), threading.Barrier(24)

    def sign_in():
        gate.wait()
        for _ in range(2):
            try:
                {call}
            except credentials.BoundedExecutor.__init__.__globals__["Busy"]:
                pass
        gate.wait()  # every thread lives until all are done, as a web worker's do
        if threading.current_thread() is threads[0]:
            print(resident() - before)
        gate.wait()

    threads = [threading.Thread(target=sign_in) for _ in range(24)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""  # noqa: E501


@pytest.mark.any_database
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells how much a process holds")
@pytest.mark.parametrize(
    ("call", "holds"),
    [("credentials.hash_password('x')", False), ("credentials._hasher.hash('x')", True)],
)
def test_many_sign_ins_at_once_leave_little_memory_in_use(call, holds):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(GROWTH.format(call=call))],
        capture_output=True,
        text=True,
    )

    assert (int(done.stdout) > 60) == holds, f"{done.stdout} MB more {done.stderr}"
