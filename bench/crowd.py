"""A crowd that uses a site: 45% visitors' pages, 45% signed-in pages, 10% writes."""

import asyncio
import random
import time
from collections import Counter
from typing import NamedTuple

from . import forms
from .bench import Place
from .data import events, groups, talk, votes
from .data.people import handle_of
from .data.values import row_id
from .load import Load, answer_to, get
from .sites import Visitor

#: Seconds between two clicks of one person, at least and at most.
PAUSE = (0.2, 1.0)
NO_PAUSE = (0.0, 0.0)
#: Out of a hundred clicks: visitors' pages and signed-in pages. The others are writes.
VISITS, PAGES = 45, 45
THREAD = row_id("thread", talk.SHORT)
#: The expected status of each kind of click.
WANTED = {"visit": 200, "page": 200, "answer": 303, "ballot": 303, "reply": 303}
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Click(NamedTuple):
    """One request: its kind, its start (seconds of the monotonic clock), its duration and its
    status.

    The status is 0 if the connection was cut off.
    """

    kind: str
    at: float
    ms: float
    status: int


class Crowd:
    """People who click, and the results of their clicks.

    `port` is another server of the same site.
    """

    def __init__(
        self,
        place: Place,
        people: int,
        pause: tuple[float, float] = PAUSE,
        port: int = 0,
    ) -> None:
        self.place = place
        self.people = place.drivers[:people]
        self.pause = pause
        self.port = port or place.port
        self.clicks: list[Click] = []
        #: (person, event) -> the last accepted answer; None if the response was an error or
        #: missing, so that the site may or may not have saved the answer
        self.answers: dict[tuple[int, str], str | None] = {}
        #: person -> their last accepted choice in the hot vote; None as above
        self.ballots: dict[int, str | None] = {}
        self.replies = self.maybe_replies = 0
        self.replies_before = self.count_replies()
        self.chance = random.Random(20)

    async def click_until(self, end: float) -> None:
        """Let everyone click until this time of the monotonic clock."""
        await asyncio.gather(*(self._person(number, end) for number in range(len(self.people))))

    def click_for(self, seconds: float) -> Load:
        """Let everyone click for this many seconds; return the figures of these clicks."""
        first, started = len(self.clicks), time.monotonic()
        asyncio.run(self.click_until(started + seconds))
        return load_of(self.clicks[first:], time.monotonic() - started)

    def count_replies(self) -> int:
        """Return the number of posts in the thread, including the first."""
        counted = "SELECT count(*) FROM reply WHERE thread_id = :thread"
        return int(self.place.site.ask(counted, thread=THREAD))

    async def _person(self, number: int, end: float) -> None:
        await asyncio.sleep(self.chance.uniform(0, self.pause[1]))
        connection = None
        while time.monotonic() < end:
            chosen = self.chance.randrange(100)
            if chosen < VISITS:
                kind, request = "visit", self._page(None)
            elif chosen < VISITS + PAGES:
                kind, request = "page", self._page(self.people[number])
            else:
                kind, request = self._write(number)
            started = time.monotonic()
            status, connection = await _asked(connection, self.port, request)
            self.clicks.append(Click(kind, started, (time.monotonic() - started) * 1000, status))
            self._note(kind, number, request, status == WANTED[kind])
            await asyncio.sleep(self.chance.uniform(*self.pause))

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
        return get(self.chance.choice(paths), self.place.headers(visitor))

    def _write(self, number: int) -> tuple[str, bytes]:
        """Return a random write of this person (an answer, a ballot or a reply) as (kind,
        request).
        """
        kind = self.chance.choice(("answer", "ballot", "reply"))
        if kind == "reply":
            return kind, forms.reply(self.place, number)
        if kind == "ballot":
            choice = 1 + self.chance.randrange(len(votes.OPTIONS))
            return kind, forms.ballot(self.place, number, votes.HOT, choice)
        event = events.SPREAD + self.chance.randrange(self.place.site.size.spread)
        answer = self.chance.choice(("going", "not_going"))
        return kind, forms.rsvp(self.place, number, event, answer)

    def _note(self, kind: str, number: int, request: bytes, is_accepted: bool) -> None:
        if kind == "reply":
            self.replies += is_accepted
            self.maybe_replies += not is_accepted
        elif kind == "ballot":
            self.ballots[number] = _field(request, "choice") if is_accepted else None
        elif kind == "answer":
            slug = request.split(b"/", 3)[2].decode()
            self.answers[number, slug] = _field(request, "answer") if is_accepted else None


def _field(request: bytes, name: str) -> str:
    """Return the value of the field `name` in a form."""
    return request.rpartition(f"{name}=".encode())[2].partition(b"&")[0].decode()


async def _asked(
    connection: Connection | None, port: int, request: bytes
) -> tuple[int, Connection | None]:
    """Send a request; return the status, or 0 without a response, and the connection if it's open.

    Like browsers, retry on a new connection if the server has closed the old one meanwhile.
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


def load_of(clicks: list[Click], seconds: float) -> Load:
    """Return the figures of these clicks."""
    times = [click.ms for click in clicks]
    statuses = Counter(click.status for click in clicks)
    return Load(len(clicks), seconds, at(times, 0.5), at(times, 0.99), statuses)


def at(times: list[float], part: float) -> float:
    """Return the percentile of the times: `part` 0.95 is the 95th."""
    return sorted(times)[int(len(times) * part)]


def wrong_statuses(clicks: list[Click]) -> list[str]:
    """Return a sentence for each kind of click and unexpected status."""
    wrong = Counter(
        (click.kind, click.status)
        for click in clicks
        if click.status not in (0, WANTED[click.kind])
    )
    return [f"{kind}: {number} times {status}" for (kind, status), number in wrong.items()]


def lost(crowd: Crowd) -> list[str]:
    """Return a sentence for each kind of write that the site accepted and then lost."""
    ask, problems = crowd.place.site.ask, []
    of_event = (
        'SELECT rsvp.state FROM rsvp JOIN event ON event.id = rsvp.event_id JOIN "user" u ON '
        "u.id = rsvp.user_id WHERE event.slug = :slug AND u.handle = :handle"
    )
    in_vote = (
        'SELECT ballot.choice FROM ballot JOIN vote ON vote.id = ballot.vote_id JOIN "user" u ON '
        "u.id = ballot.user_id WHERE vote.slug = :slug AND u.handle = :handle"
    )
    wanted = [
        (of_event, slug, number, expected) for (number, slug), expected in crowd.answers.items()
    ]
    hot = votes.slug_of(votes.HOT)
    wanted += [(in_vote, hot, number, expected) for number, expected in crowd.ballots.items()]
    for statement, slug, number, expected in wanted:
        if expected is None:
            continue
        found = ask(statement, slug=slug, handle=handle_of(number + 1)) or "none"
        if found != expected:
            problems.append(f"{slug}: person {number} said {expected}, the site has {found}")
    replies = crowd.count_replies() - crowd.replies_before
    if not crowd.replies <= replies <= crowd.replies + crowd.maybe_replies:
        problems.append(f"{crowd.replies} replies were accepted, {replies} are there")
    return problems
