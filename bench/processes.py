"""What the kernel says of a running process: its children, its time on the processor, its
memory.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that this one has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def seconds_used(pids: list[int]) -> float:
    """Seconds of processor that these processes have used so far."""
    return sum(sum(_ticks(pid)[:2]) for pid in pids) / TICK


def seconds_left(pid: int) -> float:
    """Seconds of processor that those of its children had used which have ended."""
    return sum(_ticks(pid)[2:]) / TICK


def seconds_of_family(pid: int) -> float:
    """Seconds of processor that a process and its children have used so far, including children
    that have ended.
    """
    return seconds_used([pid, *children(pid)]) + seconds_left(pid)


def _ticks(pid: int) -> list[int]:
    """A process's time, its kernel's time for it, and both of its children that ended; nothing
    of a process that is gone.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(field) for field in fields[11:15]]


def megabytes_of_family(pid: int) -> float:
    """PSS of a process and its children."""
    total = 0.0
    for member in (pid, *children(pid)):
        with suppress(FileNotFoundError, ProcessLookupError):
            total += megabytes(member)[1]
    return total


def megabytes(pid: int) -> tuple[float, float]:
    """(RSS, PSS) of a process: all that it sees, and its fair share of what it shares with
    others.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1000 for line in lines[1:]}
    return sizes["Rss"], sizes["Pss"]


def end(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """The process has ended: asked first, then made to."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    if process.poll() is None:
        process.kill()
        process.wait()


def eventually(true: object, seconds: float = 30) -> bool:
    """Whether the function `true` says so before so many seconds are over."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
