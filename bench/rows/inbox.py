"""The inbox of someone with thousands of notifications: its pages, the unread count that every open
page requests, and marking all as read.
"""

from collections.abc import Iterator

from .. import load
from ..bench import Bench, Place
from ..data import inbox
from ..data.values import row_id
from ..load import Failed, post
from ..results import Result, figure, share, statements
from ..sites import Visitor
from . import row
from .sizes import AS_FAST, compared

PAGE = (share(0.08), statements(2))
SAYS, UNREAD = "has a new time or place", "99+"


def owner(place: Place) -> Visitor:
    """Return someone whose inbox is full."""
    return place.site.visitor(inbox.FULL[0])


@row("inbox of 3,000 lines", *PAGE)
def full(bench: Bench) -> Result:
    """The newest thirty; every third notification is unread."""
    return bench.page(bench.large, "/inbox", SAYS, owner(bench.large))


@row("inbox of 3,000 lines, the unread ones", *PAGE)
def unread(bench: Bench) -> Result:
    """The newest thirty of the thousand unread ones."""
    return bench.page(bench.large, "/inbox?show=unread", SAYS, owner(bench.large))


@row("inbox of 3,000 lines, not 40", AS_FAST)
def fuller(bench: Bench) -> Result:
    """The first page of both."""
    return compared(bench, (bench.large, "/inbox", SAYS), (bench.small, "/inbox", SAYS), owner)


@row("unread lines of 3,000, counted for an open page", share(0.08), statements(1))
def counted(bench: Bench) -> Result:
    """What each open page requests when the inbox has changed. Above 99 the count isn't exact."""
    return bench.page(bench.large, "/inbox", UNREAD, owner(bench.large), part="span#unread")


@row("mark all as read, 3 lines of 10", share(0.08), statements(2))
def few_read(bench: Bench) -> Result:
    """Let each person mark all as read, many at the same time; check that nothing is left
    unread.
    """
    return _read(
        bench,
        range(inbox.FULL.stop, bench.large.site.size.drivers - len(inbox.FULL)),
        load.CONNECTIONS,
    )


@row(
    "mark all as read, 1,000 lines of 3,000, not 3 of 10",
    statements(2),
    figure("times", 10, "≤ 10 times"),
)
def many_read(bench: Bench) -> Result:
    """Nine people with full inboxes, one after the other, compared with ten with few
    notifications.
    """
    drivers = bench.large.site.size.drivers
    result = _read(bench, inbox.FULL[1:], 1)
    few = _read(bench, range(drivers - len(inbox.FULL), drivers), 1)
    times = (result.p50 or 0) / (few.p50 or 1)
    result.figures = {"times": times}
    result.note = f"{times:.1f} times as long ({few.p50:.1f} ms)"
    return result


def _read(bench: Bench, people: range, connections: int) -> Result:
    """Let each of these people mark all as read, as many as there is time for.

    Raise Failed if anything is left unread.
    """
    place = bench.large
    if not _unread(place, people):
        raise Failed("there is nothing to read")
    result, sent = bench.changes(place, _readings(place, people), connections)
    left = _unread(place, people[:sent])
    if left:
        raise Failed(f"{sent} people have read everything, but for {left} lines")
    return result


def _readings(place: Place, people: range) -> Iterator[bytes]:
    for person in people:
        visitor = place.drivers[person - 1]
        yield post("/inbox/reading", f"csrf_token={visitor.csrf}", place.headers(visitor))


def _unread(place: Place, people: range) -> int:
    unread = (
        "SELECT count(*) FROM notification WHERE read_at IS NULL AND user_id BETWEEN :first AND "
        ":last"
    )
    return int(
        place.site.ask(unread, first=row_id("user", people[0]), last=row_id("user", people[-1]))
    )
