"""The home page, and the pages of an event, a group and a vote."""

from ..bench import Bench
from ..data import events, votes
from ..results import Result, cpu, database_cpu, share, statements
from . import row
from .busy import busy

VISITOR = share(0.35)
SIGNED_IN = (share(0.08), statements(5), cpu(4))
EVENT = f"/events/{events.slug_of(events.VILLAGE)}"
TITLE = "The quiet walk no. 000000"


@row("home, visitor", VISITOR)
def home(bench: Bench) -> Result:
    """The visitors' home page."""
    return bench.page(bench.large, "/", "Folkmoot")


busy("home, visitor", "/")


@row("home, signed in", *SIGNED_IN)
def home_signed_in(bench: Bench) -> Result:
    """The home page of someone with four groups, five answers, four votes and ten notifications."""
    return bench.page(bench.large, "/", "/groups/group-1", bench.large.reader)


@row("event page, visitor", VISITOR)
def event(bench: Bench) -> Result:
    """An event with 50 answers."""
    return bench.page(bench.large, EVENT, TITLE)


busy("event page, visitor", EVENT)


@row("event page, signed in", *SIGNED_IN, database_cpu(1))
def event_signed_in(bench: Bench) -> Result:
    """The same for a member of its group, who can answer and sees the attendees."""
    return bench.page(bench.large, EVENT, TITLE, bench.large.reader)


busy("event page, signed in", EVENT, cpu(4), database_cpu(1), is_signed_in=True)


@row("group page, signed in")
def group_signed_in(bench: Bench) -> Result:
    """A group of the reader."""
    return bench.page(bench.large, "/groups/group-1", "/groups/group-1", bench.large.reader)


@row("vote page, signed in")
def vote_signed_in(bench: Bench) -> Result:
    """A vote in which the reader can vote."""
    path = f"/votes/{votes.slug_of(votes.HOT)}"
    return bench.page(bench.large, path, f"{path}/ballot", bench.large.reader)
