"""Child processes, processor time and memory of running processes, from /proc."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """Return the ids of the process's children."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def seconds_used(pids: list[int]) -> float:
    """Return the seconds of processor time that these processes have used so far.

    Processes that have ended count as none.
    """
    total = 0.0
    for pid in pids:
        with suppress(OSError):
            total += time.clock_gettime(_clock_of(pid))
    return total


def _clock_of(pid: int) -> int:
    """Return the process's clock, as clock_getcpuclockid(3) does. /proc counts in 10 ms."""
    return ~pid << 3 | 2


def seconds_left(pid: int) -> float:
    """Return the seconds of processor time of the process's children that have ended."""
    return sum(_ticks_left(pid)) / TICK


def seconds_of_family(pid: int) -> float:
    """Return the seconds of processor time of a process and all its children, including those that
    have ended.
    """
    return seconds_used([pid, *children(pid)]) + seconds_left(pid)


def _ticks_left(pid: int) -> list[int]:
    """Return clock ticks: user and system time of the process's children that have ended.

    Empty if the process no longer exists.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(field) for field in fields[13:15]]


def megabytes_of_family(pid: int) -> float:
    """Return the memory (PSS) of a process and its children in megabytes."""
    total = 0.0
    for member in (pid, *children(pid)):
        with suppress(FileNotFoundError, ProcessLookupError):
            total += megabytes(member)[1]
    return total


def megabytes(pid: int) -> tuple[float, float]:
    """Return (RSS, PSS) of a process in megabytes.

    RSS counts shared pages fully, PSS divides them by the number of processes that share them.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines[1:]}
    return sizes["Rss"], sizes["Pss"]


def end(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """Stop the process: SIGTERM first, SIGKILL after `patience` seconds."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    if process.poll() is None:
        process.kill()
        process.wait()


def eventually(true: object, seconds: float = 30) -> bool:
    """Whether `true()` becomes true within this many seconds."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
