"""The floor: what this server answers at most."""

from .. import load
from ..bench import Bench, Watch
from ..floor import PATH
from ..results import Result
from . import row


@row("constant response (c)")
def constant(bench: Bench) -> Result:
    """200 bytes, before the application is asked."""
    place = bench.large
    watch = Watch(place.server)
    found = load.read(place.site.address + PATH, {}, bench.seconds)
    return watch.result(found, found.rate)


@row("/health/live")
def alive(bench: Bench) -> Result:
    """The smallest answer of the application itself: what all that stands around a page costs."""
    return bench.page(bench.large, "/health/live", "alive")
