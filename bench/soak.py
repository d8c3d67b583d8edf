"""The soak: a crowd that clicks, writes and listens for ten minutes, while processes are killed.

make soak                                        ten minutes, 40 people, 20 streams
make soak ARGS="--minutes 2 --people 20"         shorter, with fewer

Ends with 1 when a request failed that was not cut off by a kill, when an answer that the site had
accepted is lost, or when the database contradicts itself. Times and memory are printed, not judged.
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from scripts import services
from webapp.core.extensions import db

from . import machine, processes
from .__main__ import running
from .bench import Bench, Place
from .data import checking, events, groups, talk, votes
from .data.people import handle_of
from .listeners import listening
from .load import answer_to, post
from .rows.streams import live, opened
from .servers import ROOT, Server
from .sites import Site, Visitor, python

#: Seconds between two clicks of a person.
PAUSE = (0.2, 1.0)
#: Of a hundred clicks: a visitor's page, a signed-in page; the others write.
VISITS, PAGES = 45, 45
#: When processes are killed, as a part of the whole; and for how many seconds afterwards requests
#: may be cut off.
KILLED_AT, CUT_OFF = 0.75, 5
THREAD = talk.path_of(talk.SHORT).rpartition("/")[2]
#: Seconds within which everything that was queued is done.
PATIENCE = 180


class Click(NamedTuple):
    """One request: what kind of click it was, when, how long it took, and how it ended: a status,
    or 0 where the connection was cut off.
    """

    kind: str
    at: float
    ms: float
    status: int


class Crowd:
    """People who click, and what became of it."""

    def __init__(self, place: Place, people: int) -> None:
        self.place = place
        self.people = place.drivers[:people]
        self.clicks: list[Click] = []
        #: (person, event) -> the last answer that was accepted; None where the site may have one
        #: that nobody was told of
        self.answers: dict[tuple[int, str], str | None] = {}
        self.replies = self.maybe_replies = 0
        self.chance = random.Random(20)

    async def click_until(self, end: float) -> None:
        """Everyone clicks until then."""
        await asyncio.gather(*(self._person(number, end) for number in range(len(self.people))))

    async def _person(self, number: int, end: float) -> None:
        await asyncio.sleep(self.chance.uniform(0, PAUSE[1]))
        connection = None
        while time.monotonic() < end:
            chosen = self.chance.randrange(100)
            if chosen < VISITS:
                kind, request, wanted = "visit", self._page(None), 200
            elif chosen < VISITS + PAGES:
                kind, request, wanted = "page", self._page(self.people[number]), 200
            else:
                kind, request, wanted = *self._write(number), 303
            started = time.monotonic()
            status, connection = await _asked(connection, self.place.port, request)
            self.clicks.append(Click(kind, started, (time.monotonic() - started) * 1000, status))
            self._note(kind, number, request, status == wanted)
            await asyncio.sleep(self.chance.uniform(*PAUSE))

    def _page(self, visitor: Visitor | None) -> bytes:
        size = self.place.site.size
        event = events.SPREAD + self.chance.randrange(size.spread)
        group = self.chance.randrange(size.groups)
        paths = ["/", "/events", "/groups", f"/events/{events.slug_of(event)}", "/groups/group-0"]
        if visitor is not None:
            paths += ["/votes", "/inbox", talk.path_of(talk.SHORT)]
            paths.append(f"/votes/{votes.slug_of(votes.HOT)}")
        elif not groups.is_closed(group):
            paths.append(f"/groups/group-{group}")
        headers = self.place.headers(visitor)
        lines = [f"GET {self.chance.choice(paths)} HTTP/1.1"]
        return "\r\n".join(
            [*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        ).encode()

    def _write(self, number: int) -> tuple[str, bytes]:
        """An answer to an event twice as often as a reply; each person answers for themselves."""
        visitor, size = self.people[number], self.place.site.size
        headers = self.place.headers(visitor)
        if self.chance.randrange(3) == 0:
            body = f"csrf_token={visitor.csrf}&body=It+still+squeaks."
            return "reply", post(f"{talk.path_of(talk.SHORT)}/replies", body, headers)
        slug = events.slug_of(events.SPREAD + self.chance.randrange(size.spread))
        going = self.chance.choice(("going", "not_going"))
        body = f"csrf_token={visitor.csrf}&answer={going}&party=1"
        return "answer", post(f"/events/{slug}/rsvp", body, headers)

    def _note(self, kind: str, number: int, request: bytes, is_accepted: bool) -> None:
        if kind == "reply":
            self.replies += is_accepted
            self.maybe_replies += not is_accepted
        elif kind == "answer":
            slug = request.split(b"/", 3)[2].decode()
            said = request.rpartition(b"answer=")[2].partition(b"&")[0].decode()
            self.answers[number, slug] = said if is_accepted else None


async def _asked(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None, port: int, request: bytes
) -> tuple[int, tuple[asyncio.StreamReader, asyncio.StreamWriter] | None]:
    """The status of the answer, 0 where there was none; and the connection, while it stands.

    As browsers do, asks again on a new connection where an old one had been closed meanwhile.
    """
    for is_new in (connection is None, True):
        try:
            reader, writer = connection or await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            status, closes = await answer_to(reader)
        except (OSError, asyncio.IncompleteReadError) as broken:
            got_some = isinstance(broken, asyncio.IncompleteReadError) and broken.partial
            connection = None
            if is_new or got_some:
                break
            continue
        if closes:
            writer.close()
        return status, None if closes else (reader, writer)
    return 0, None


class Staff:
    """The site's worker and clock, started again as a process manager does."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """`flask worker` or `flask clock` runs."""
        log = (self.site.folder / f"log-{name}").open("ab")
        self.running[name] = subprocess.Popen(
            python("flask", "--app", "wsgi", name),
            cwd=ROOT,
            env=os.environ | self.site.settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """It is killed with all its children, and another one starts."""
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.start(name)

    def end(self) -> None:
        """Nobody works any more."""
        for process in self.running.values():
            processes.end(process)


@contextmanager
def staffed(site: Site) -> Iterator[Staff]:
    """A worker and a clock are at work."""
    staff = Staff(site)
    try:
        for name in ("worker", "clock"):
            staff.start(name)
        yield staff
    finally:
        staff.end()


class Memory:
    """What each part of the site holds, minute by minute."""

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
    """The command line; 1 when the site broke a promise."""
    words = arguments()
    print(", ".join(f"{name}: {value}" for name, value in machine.description().items()))
    with (
        services.heeding_signals(),
        tempfile.TemporaryDirectory(prefix="folkmoot-soak-") as folder,
        running("postgresql", 0, Path(folder)) as bench,
    ):
        problems = soaked(bench, words.minutes * 60, words.people, words.streams)
    print(
        *(problems or ["Nothing failed, nothing was lost, nothing contradicts itself."]), sep="\n"
    )
    return int(bool(problems))


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="make soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=40, help="who click")
    parser.add_argument("--streams", type=int, default=20, help="pages that are told of news")
    return parser.parse_args()


def soaked(bench: Bench, seconds: float, people: int, streams: int) -> list[str]:
    """What went wrong, in sentences."""
    place = bench.large
    crowd = Crowd(place, people)
    with ExitStack() as stack:
        staff = stack.enter_context(staffed(place.site))
        port, live_server = stack.enter_context(live(place))
        hot = place.drivers[people : people + streams]
        topic = f"thread:{THREAD}"
        listeners = stack.enter_context(listening(port, opened(place, port, hot, topic)))
        end = time.monotonic() + seconds
        killed = asyncio.run(_run(crowd, end, seconds, place.server, live_server, staff))
        heard = sum(map(len, listeners.heard.values()))
        still_open = listeners.open
        took = _drained(place.site)
        problems = failed(crowd.clicks, killed) + lost(crowd)
    if still_open < streams or (crowd.replies and not heard):
        problems.append(f"{still_open} of {streams} streams were open, and heard {heard} times")
    sent = place.site.ask("SELECT count(*) FROM outgoing_email WHERE state = 'sent'")
    print(f"{heard} signals heard; {sent} emails sent, the last {took:.0f} s after the last click")
    if took >= PATIENCE:
        problems.append("work is left in the queue, or emails are unsent")
    with place.site.app.app_context(), db.engine.connect() as connection:
        return problems + checking.problems(connection)


async def _run(
    crowd: Crowd, end: float, seconds: float, web: Server, live: Server, staff: Staff
) -> float:
    """The crowd clicks; returns when the processes were killed."""

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
            print("a web process and the worker were killed")
        if now - start > minute * 60 and not task.done():
            tell()
            minute += 1
    await task
    tell()
    return killed


def _family(pid: int) -> list[int]:
    return [pid, *processes.children(pid)]


def _minute(crowd: Crowd, since: float) -> str:
    """How many clicks of the last minute there were, and how long they took."""
    times = defaultdict(list)
    for click in crowd.clicks:
        if click.at >= since and click.status:
            times["all"].append(click.ms)
            times[click.kind].append(click.ms)
    return "  ".join(
        f"{kind} {len(found)} p50 {_at(found, 0.5):.0f} p95 {_at(found, 0.95):.0f} ms"
        for kind, found in sorted(times.items())
    )


def _at(times: list[float], part: float) -> float:
    return sorted(times)[int(len(times) * part)]


def failed(clicks: list[Click], killed: float) -> list[str]:
    """What was answered otherwise than with a page or a redirect."""
    cut_off = [click for click in clicks if not click.status]
    beside = [
        click for click in cut_off if not killed <= click.at + click.ms / 1000 < killed + CUT_OFF
    ]
    wrong = Counter(
        (click.kind, click.status)
        for click in clicks
        if click.status not in (0, 200 if click.kind in ("visit", "page") else 303)
    )
    print(f"{len(clicks)} clicks, {len(cut_off)} cut off when processes were killed")
    problems = [f"{kind}: {number} times {status}" for (kind, status), number in wrong.items()]
    return problems + (
        [f"{len(beside)} requests were cut off while nobody was killed"] * bool(beside)
    )


def lost(crowd: Crowd) -> list[str]:
    """What the site had accepted, and does not know."""
    ask, problems = crowd.place.site.ask, []
    of_event = (
        'SELECT rsvp.state FROM rsvp JOIN event ON event.id = rsvp.event_id JOIN "user" u ON '
        "u.id = rsvp.user_id WHERE event.slug = :slug AND u.handle = :handle"
    )
    for (number, slug), said in crowd.answers.items():
        found = ask(of_event, slug=slug, handle=handle_of(number + 1)) or "none"
        if said is not None and found != said:
            problems.append(f"{slug}: person {number} said {said}, the site has {found}")
    replies = ask(
        "SELECT count(*) FROM reply WHERE thread_id = CAST(:thread AS uuid)", thread=THREAD
    ) - (talk.REPLIES[talk.SHORT] + 1)
    if not crowd.replies <= replies <= crowd.replies + crowd.maybe_replies:
        problems.append(f"{crowd.replies} replies were accepted, {replies} are there")
    print(f"{len(crowd.answers)} answers and {crowd.replies} replies were looked for")
    return problems


def _drained(site: Site) -> float:
    """Seconds until no email waits any more, PATIENCE at most."""
    started = time.monotonic()
    waiting = "SELECT count(*) FROM outgoing_email WHERE state IN ('queued', 'sending')"
    processes.eventually(lambda: not site.ask(waiting), PATIENCE)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
