"""The constant response: the most that this server can answer."""

from .. import load
from ..bench import Bench, Watch
from ..floor import PATH
from ..results import Result
from . import row


@row("constant response (c)")
def constant(bench: Bench) -> Result:
    """200 bytes, returned before the application is called."""
    place = bench.large
    watch = Watch(place.server)
    found = load.read(place.site.address + PATH, {}, bench.seconds)
    return watch.result(found, found.rate)


@row("/health/live")
def alive(bench: Bench) -> Result:
    """The application's smallest response: the overhead of every page."""
    return bench.page(bench.large, "/health/live", "alive")
