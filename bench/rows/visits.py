"""What a browser downloads, and how soon a site started by hand serves its first page."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from scripts import services

from .. import processes
from ..bench import Bench, Place
from ..listeners import listening
from ..load import Failed
from ..results import Result, figure
from ..servers import ROOT, answers
from ..sites import DEVELOPER
from . import row
from .pages import EVENT
from .streams import EVENT_ID, opened

WEIGHT = (
    figure("first", 60, "≤ 60 kB first"),
    figure("next", 15, "≤ 15 kB next"),
    figure("requests", 8, "≤ 8 requests"),
)
#: So many streams at the same time reach every worker, and also fit into a single one.
LISTENERS = 12
#: The paths of uploaded pictures. They count as bytes but not as requests, because their number
#: depends on the event rather than on the page.
CHOSEN = re.compile(r"/pictures?/")


@row("weight of an event page, visitor", *WEIGHT)
def visitor(bench: Bench) -> Result:
    """The event's page first, then the list of events."""
    return weighed(bench.large, signed_in=False)


@row("weight of an event page, signed in", *WEIGHT)
def member(bench: Bench) -> Result:
    """The same for a member, with the requests of a live page."""
    return weighed(bench.large, signed_in=True)


def weighed(place: Place, signed_in: bool) -> Result:
    """Measure the kilobytes over the wire, headers and bodies, of a browser's first page and its
    next.
    """
    if signed_in:
        _everyone_listened(place)
    with sync_playwright() as playwright:
        unboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=unboxed)
        _visits(browser, place, signed_in)  # the first visit fills the server's caches
        first, then = _visits(browser, place, signed_in)
        browser.close()
    weight, further = (sum(size for size, _url in visit) / 1000 for visit in (first, then))
    pictures = sum(bool(CHOSEN.search(url)) for _size, url in first)
    requests = len(first) - pictures
    result = Result("", figures={"first": weight, "next": further, "requests": requests})
    extra = f" and {pictures} pictures" if pictures else ""
    result.note = (
        f"{weight:.1f} kB in {requests} requests{extra}, then {further:.1f} kB in {len(then)}"
    )
    return result


def _everyone_listened(place: Place) -> None:
    """Open streams on each worker once, because the first stream of a process triggers a full
    refresh.
    """
    with listening(
        place.port, opened(place, place.port, place.drivers[:LISTENERS], f"event:{EVENT_ID}")
    ):
        pass


def _visits(browser: Browser, place: Place, signed_in: bool) -> list[list[tuple[float, str]]]:
    """Return the (bytes over the wire, URL) of each response, page by page."""
    context = browser.new_context()
    if signed_in:
        name, _, value = place.reader.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": place.site.address}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    fetched: list[tuple[float, str]] = []
    urls: dict[str, str] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda sent: urls.update({sent["requestId"]: sent["request"]["url"]}),
    )
    session.on("Network.loadingFinished", lambda done: _weigh(fetched, done, urls))
    session.send("Network.enable")
    visits = []
    for path in (EVENT, "/events"):
        fetched.clear()
        answer = page.goto(place.site.address + path)
        if answer is None or not answer.ok:
            raise Failed(f"the browser does not get {path}")
        page.wait_for_timeout(700)
        visits.append(list(fetched))
    context.close()
    return visits


def _weigh(fetched: list[tuple[float, str]], done: Any, urls: dict[str, str]) -> None:
    if done["encodedDataLength"]:  # 0 if the browser has it in its cache
        fetched.append((done["encodedDataLength"], urls.get(done["requestId"], "")))


@row("make run, the second time", figure("seconds", 3, "serving within 3 s"), databases=("sqlite",))
def start(bench: Bench) -> Result:
    """Start the site with an existing database, and wait for the first page."""
    folder = bench.folder / "started"
    folder.mkdir()
    _started(folder)
    seconds = _started(folder)
    return Result("", figures={"seconds": seconds}, note=f"first page after {seconds:.1f} s")


def _started(folder: Path) -> float:
    """Return the seconds from `make run` until its first page."""
    port = services.free_port()
    environment = os.environ | DEVELOPER | {"PORT": str(port), "INSTANCE": str(folder)}
    command = ["make", "--silent", "--old-file=.venv/.installed", "run", f"PORT={port}"]
    began = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **quiet)
    try:
        if not processes.eventually(lambda: answers(f"http://127.0.0.1:{port}/"), 60):
            raise Failed("`make run` serves nothing")
        return time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(40)


@row("memory of a web worker, at the end", figure("pss", 110, "≤ 110 MB PSS"))
def memory(bench: Bench) -> Result:
    """The largest worker, after all rows above."""
    rss, pss = bench.large.server.megabytes()
    return Result("", rss=rss, pss=pss, figures={"pss": pss})
