"""The hosts' overview of an event: counts, answers over time, waiting list, and what needs
attention.
"""

from ..bench import Bench, Place
from ..data import events, groups
from ..results import Result, statements
from ..sites import Visitor
from . import row
from .sizes import AS_FAST, compared

CROWD = f"/events/{events.slug_of(events.CROWD)}/manage"
VILLAGE = f"/events/{events.slug_of(events.VILLAGE)}/manage"
SAYS = "Answers over time"


def host(place: Place) -> Visitor:
    """Return the owner of the group to which the measured events belong."""
    return place.site.visitor(groups.owner_of(0, place.site.size))


@row("hosts' overview, 5,000 answers", statements(8))
def crowd(bench: Bench) -> Result:
    """The popular event."""
    return bench.page(bench.large, CROWD, SAYS, host(bench.large))


@row("hosts' overview, 5,000 answers, not 50", AS_FAST)
def crowd_beside_village(bench: Bench) -> Result:
    """The same page, compared with that of an event with 50 answers."""
    return compared(bench, (bench.large, CROWD, SAYS), (bench.large, VILLAGE, SAYS), host)
