"""The sizes of communities.

What the rows measure is the same in each size; only the amount of data around it differs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Size:
    """How many rows there are of each kind. `answers` is the exact number of answers to all events
    together.
    """

    name: str
    people: int
    groups: int
    events: int
    answers: int
    #: people with a sign-in, whom the load may act as; they are the members of the big group, and
    #: the voters of its hot vote
    drivers: int
    #: answers to the popular event
    crowd: int
    #: events without answers, and votes without ballots, to which the load writes
    spread: int
    #: voters of each such vote
    roll: int
    inbox_each: int = 10
    #: notifications in each of the ten full inboxes
    inbox_full: int = 40
    #: ballots in each open and each closed vote of `votes_of_every_kind`
    ballots_per_vote: int = 0


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
    ballots_per_vote=30,
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
#: A hundred times as many groups, and a big group of ten thousand. All of them except the reader
#: have voted in its votes.
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
    ballots_per_vote=9_999,
)

#: Answers to the event that the rows of event pages measure.
VILLAGE = 50
#: Seats of the event that everyone answers. So few that a slow machine also fills them and starts
#: the waiting list.
HOT_SEATS = 20
GROUPS_EACH = 4
#: Upcoming events that the reader answered.
READERS_ANSWERS = 5


def today() -> datetime:
    """Return the time around which a community is created: the last midnight in UTC."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
