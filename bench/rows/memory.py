"""The memory of a small site's processes on PostgreSQL, after a crowd has used it."""

from scripts import services

from .. import processes
from ..bench import Bench
from ..crowd import NO_PAUSE, Crowd
from ..data import talk
from ..listeners import listening
from ..results import Result, figure
from ..servers import serving
from ..staff import drop_backlog, staffed, wait_until_done
from . import row
from .streams import live, opened

PEOPLE = 20
MOST = {"web": 110, "live": 60, "all": 400}
CLOCK_TOO = "worker --clock"
#: Web processes, as on a machine with two cores.
WORKERS = 2


@row(
    "memory of a small site's processes",
    *(figure(name, most, f"{name} ≤ {most} MB") for name, most in MOST.items()),
    databases=("postgresql",),
)
def memory(bench: Bench) -> Result:
    """Two web processes, one for streams, and the worker that is also the clock, as
    docs/deploying.md recommends for small machines, including their parent processes.
    """
    place, port = bench.small, services.free_port()
    drop_backlog(place.site)
    options = "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}"
    topic = talk.topic_of(talk.SHORT)
    with (
        staffed(place.site, CLOCK_TOO) as staff,
        serving(place.site, *options, port=port) as web,
        live(place) as (live_port, live_server),
        listening(live_port, opened(place, live_port, place.drivers[:PEOPLE], topic)),
    ):
        Crowd(place, PEOPLE, NO_PAUSE, port).click_for(bench.seconds * 2)
        wait_until_done(place.site)
        pids = {name: process.pid for name, process in staff.running.items()}
        pids |= {"all web": web.process.pid, "all live": live_server.process.pid}
        sizes = {name: processes.megabytes_of_family(pid) for name, pid in pids.items()}
        found = {
            "web": web.megabytes()[1],
            "live": live_server.megabytes()[1],
            "worker": sizes[CLOCK_TOO],
            "all": sum(sizes.values()),
        }
    summary = ", ".join(f"{name} {size:.0f} MB" for name, size in found.items())
    return Result("", pss=found["web"], figures=found, note=f"PSS: {summary}")
