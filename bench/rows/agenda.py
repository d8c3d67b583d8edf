"""An agenda of 300 sessions on one day: read by a visitor, and by someone who is going."""

from ..bench import Bench
from ..data import events
from ..results import Result, cpu, share, statements
from . import row
from .busy import busy

AGENDA = f"/events/{events.slug_of(events.VILLAGE)}/agenda"
SAYS = "What we know of subject no. 299"


@row("agenda of 300 sessions, visitor", share(0.25))
def visitor(bench: Bench) -> Result:
    """Everything on one page, for it is one day."""
    return bench.page(bench.large, AGENDA, SAYS)


busy("agenda of 300 sessions, visitor", AGENDA)


@row("agenda of 300 sessions, signed in", statements(6), cpu(60))
def signed_in(bench: Bench) -> Result:
    """The same with the reader's own seats in it."""
    return bench.page(bench.large, AGENDA, SAYS, bench.large.reader)
