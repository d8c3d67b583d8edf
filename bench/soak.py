"""The soak test: a crowd reads, writes and listens for ten minutes, while processes are killed.

make soak                                        ten minutes, 40 people, 20 streams
make soak ARGS="--minutes 2 --people 20"         shorter, with fewer people

Exits with 1 if a request failed for another reason than a kill, if something that the site had
accepted is lost, or if the database contradicts itself. Times and memory are printed, not judged.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack, suppress
from pathlib import Path

from scripts import services
from webapp.core.extensions import db

from . import machine, processes
from .__main__ import running
from .bench import Bench
from .crowd import Click, Crowd, at, lost, wrong_statuses
from .data import checking, talk
from .listeners import listening
from .rows.streams import live, opened
from .servers import Server
from .sites import Site
from .staff import Staff, staffed

#: When processes are killed, as a share of the whole time, and for how many seconds afterwards
#: requests may be cut off.
KILLED_AT, CUT_OFF = 0.75, 5
#: Seconds within which everything queued must be done.
PATIENCE = 180


class Memory:
    """The memory of each part of the site, for printing."""

    def __init__(self, parts: dict[str, list[int]]) -> None:
        self.parts = parts

    def __str__(self) -> str:
        return "  ".join(f"{name} {self._total(pids):.0f} MB" for name, pids in self.parts.items())

    @staticmethod
    def _total(pids: list[int]) -> float:
        total = 0.0
        for pid in pids:
            with suppress(FileNotFoundError, ProcessLookupError):
                total += processes.megabytes(pid)[1]
        return total


def main() -> int:
    """Run the command line; return 1 if there were problems."""
    options = arguments()
    print(", ".join(f"{name}: {value}" for name, value in machine.description().items()))
    with (
        services.heeding_signals(),
        tempfile.TemporaryDirectory(prefix="folkmoot-soak-") as folder,
        running("postgresql", 0, Path(folder)) as bench,
    ):
        bench.server_options = ()  # replace workers as in production
        problems = soaked(bench, options.minutes * 60, options.people, options.streams)
    print(
        *(problems or ["No request failed, no write was lost, and all counters agree."]), sep="\n"
    )
    return int(bool(problems))


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="make soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=40, help="people who click")
    parser.add_argument("--streams", type=int, default=20, help="open pages with live updates")
    return parser.parse_args()


def soaked(bench: Bench, seconds: float, people: int, streams: int) -> list[str]:
    """Run the soak test; return a sentence for each problem."""
    place = bench.large
    crowd = Crowd(place, people)
    with ExitStack() as stack:
        staff = stack.enter_context(staffed(place.site))
        port, live_server = stack.enter_context(live(place))
        hot = place.drivers[people : people + streams]
        topic = talk.topic_of(talk.SHORT)
        listeners = stack.enter_context(listening(port, opened(place, port, hot, topic)))
        end = time.monotonic() + seconds
        killed = asyncio.run(_run(crowd, end, seconds, place.server, live_server, staff))
        heard = sum(map(len, listeners.heard.values()))
        still_open = listeners.open
        took = _drained(place.site)
        problems = failed(crowd.clicks, killed) + lost(crowd)
        kept = len(crowd.answers), len(crowd.ballots), crowd.replies
        print("Checked {} answers, {} ballots and {} replies in the database".format(*kept))
    if still_open < streams or (crowd.replies and not heard):
        problems.append(
            f"{still_open} of {streams} streams were still open; {heard} signals received"
        )
    sent = place.site.ask("SELECT count(*) FROM outgoing_email WHERE state = 'sent'")
    print(
        f"{heard} signals received; {sent} emails sent, the last {took:.0f} s after the last click"
    )
    if took >= PATIENCE:
        problems.append("Jobs are left in the queue, or emails are unsent")
    with place.site.app.app_context(), db.engine.connect() as connection:
        return problems + checking.problems(connection)


async def _run(
    crowd: Crowd, end: float, seconds: float, web: Server, live: Server, staff: Staff
) -> float:
    """Let the crowd click, kill processes meanwhile, and return the time of that.

    The time is in seconds of the monotonic clock.
    """

    def tell() -> None:
        parts = {
            "web": web.workers(),
            "live": live.workers(),
            "worker": _family(staff.running["worker"].pid),
        }
        print(f"{_minute(crowd, time.monotonic() - 60)}  {Memory(parts)}", flush=True)

    task = asyncio.create_task(crowd.click_until(end))
    start, killed, minute = end - seconds, 0.0, 1
    while not task.done():
        await asyncio.sleep(0.5)
        now = time.monotonic()
        if not killed and now - start > seconds * KILLED_AT:
            killed = now
            os.kill(web.workers()[0], signal.SIGKILL)
            await asyncio.to_thread(staff.kill, "worker")
            print("Killed a web process and the worker")
        if now - start > minute * 60 and not task.done():
            tell()
            minute += 1
    await task
    tell()
    return killed


def _family(pid: int) -> list[int]:
    return [pid, *processes.children(pid)]


def _minute(crowd: Crowd, since: float) -> str:
    """Return the number of clicks since then and their times, by kind, as text."""
    times = defaultdict(list)
    for click in crowd.clicks:
        if click.at >= since and click.status:
            times["all"].append(click.ms)
            times[click.kind].append(click.ms)
    return "  ".join(
        f"{kind} {len(found)} p50 {at(found, 0.5):.0f} p95 {at(found, 0.95):.0f} ms"
        for kind, found in sorted(times.items())
    )


def failed(clicks: list[Click], killed: float) -> list[str]:
    """Return a sentence for each unexpected status, and for requests cut off at other times."""
    cut_off = [click for click in clicks if not click.status]
    beside = [
        click for click in cut_off if not killed <= click.at + click.ms / 1000 < killed + CUT_OFF
    ]
    print(f"{len(clicks)} clicks, {len(cut_off)} cut off when processes were killed")
    return wrong_statuses(clicks) + (
        [f"{len(beside)} requests were cut off while nobody was killed"] * bool(beside)
    )


def _drained(site: Site) -> float:
    """Wait until all emails are sent; return the seconds that it took, PATIENCE at most."""
    started = time.monotonic()
    waiting = "SELECT count(*) FROM outgoing_email WHERE state IN ('queued', 'sending')"
    processes.eventually(lambda: not site.ask(waiting), PATIENCE)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
