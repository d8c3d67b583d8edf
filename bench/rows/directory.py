"""The directory of 100,000 groups, and the member list of a group of 10,000."""

from ..bench import Bench, Place
from ..data import groups
from ..results import Result, figure, statements
from . import row
from .pages import SIGNED_IN
from .sizes import compared

WITHIN = (statements(5), figure("times", 2, "≤ 2 times the list"))
GROUP = 'href="/groups/group-'
MEMBERS = "/groups/group-0/members"


def searched(bench: Bench, query: str, says: str) -> Result:
    """Measure a search, compared with the list of all groups."""
    place: Place = bench.wide
    return compared(bench, (place, f"/groups?{query}", says), (place, "/groups", GROUP))


@row("directory, 100,000 groups, signed in", *SIGNED_IN)
def first(bench: Bench) -> Result:
    """The twenty largest groups."""
    return bench.page(bench.wide, "/groups", GROUP, bench.wide.reader)


@row("directory search, common word", *WITHIN)
def common(bench: Bench) -> Result:
    """A word in the name of one group in eight."""
    return searched(bench, f"q={groups.COMMON}", GROUP)


@row("directory search, every group has it", *WITHIN)
def every(bench: Bench) -> Result:
    """A word in the summary of every group, and in no name."""
    return searched(bench, f"q={groups.EVERY}", GROUP)


@row("directory search, rare word", *WITHIN)
def rare(bench: Bench) -> Result:
    """A word of three groups."""
    return searched(bench, f"q={groups.RARE}", groups.RARE)


@row("directory search, prefix", *WITHIN)
def prefix(bench: Bench) -> Result:
    """The beginning of the same word."""
    return searched(bench, f"q={groups.RARE[:4]}", groups.RARE)


@row("directory search, none", *WITHIN)
def none(bench: Bench) -> Result:
    """A word of no group."""
    return searched(bench, "q=xylophonic", "No groups found")


@row("directory search, words, topic and place", *WITHIN)
def together(bench: Bench) -> Result:
    """A common word, with one place in five and one topic in eight."""
    return searched(bench, f"q={groups.COMMON}&place=porto&topic=books", GROUP)


@row("members page of 10,000, first", statements(5))
def members(bench: Bench) -> Result:
    """Members by role and then by name."""
    return bench.page(bench.wide, MEMBERS, "10000 members", bench.wide.reader)


@row("members page of 10,000, search", statements(5))
def found(bench: Bench) -> Result:
    """One of 10,000 members, by name."""
    return bench.page(bench.wide, f"{MEMBERS}?q=almeida1200", "Almeida1200", bench.wide.reader)
