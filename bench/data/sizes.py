"""How large a community is.

Everything that the rows of the bench look at is the same in each, but for its surroundings.
"""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Size:
    """How many there are of each; `answers` is the exact number of answers to all events
    together.
    """

    name: str
    people: int
    groups: int
    events: int
    answers: int
    #: people with a sign-in, whom the load may act as; they make the big group and its hot vote
    drivers: int
    #: answers to the event that many come to
    crowd: int
    #: events without any answer, and votes without any ballot, to which the load writes
    spread: int
    #: lines of the roll of each such vote
    roll: int
    inbox_each: int = 10
    #: lines in each of the ten full inboxes
    inbox_full: int = 40
    #: ballots in a vote of each kind that is open, and in one that is closed
    polled: int = 0


SMALL = Size(
    "small",
    people=200,
    groups=10,
    events=100,
    answers=500,
    drivers=100,
    crowd=80,
    spread=10,
    roll=40,
    polled=30,
)
LARGE = Size(
    "large",
    people=20_000,
    groups=1_000,
    events=100_000,
    answers=500_000,
    drivers=5_000,
    crowd=5_000,
    spread=300,
    roll=100,
    inbox_full=3_000,
)
#: A hundred times as many groups, and ten thousand in the big one, of whom all but the reader have
#: voted in its votes.
WIDE = Size(
    "wide",
    people=10_100,
    groups=100_000,
    events=1_000,
    answers=5_000,
    drivers=10_000,
    crowd=80,
    spread=10,
    roll=40,
    inbox_each=3,
    polled=9_999,
)

#: Answers to the event that the pages' rows look at.
VILLAGE = 50
#: Seats of the event that everyone wants: so few that a slow machine fills them too, and goes on
#: to the queue.
HOT_SEATS = 20
GROUPS_EACH = 4
#: Coming events that the reader answered.
READERS_ANSWERS = 5


def today() -> datetime:
    """The moment around which a community is made: the last midnight."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
