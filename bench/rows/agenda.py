"""An agenda of 300 sessions on one day, as a visitor and as someone who is going."""

from ..bench import Bench
from ..data import events
from ..results import Result, cpu, share, statements
from . import row
from .busy import busy

AGENDA = f"/events/{events.slug_of(events.VILLAGE)}/agenda"
SAYS = "What we know of subject no. 299"


@row("agenda of 300 sessions, visitor", share(0.25))
def visitor(bench: Bench) -> Result:
    """All sessions on one page, because they are on one day."""
    return bench.page(bench.large, AGENDA, SAYS)


busy("agenda of 300 sessions, visitor", AGENDA)


@row("agenda of 300 sessions, signed in", statements(6), cpu(60))
def signed_in(bench: Bench) -> Result:
    """The same page with the reader's own bookings."""
    return bench.page(bench.large, AGENDA, SAYS, bench.large.reader)
