"""The documented upgrade while people read: from one release's folder to the next, on a real
gunicorn behind nginx.
"""

import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests import parts
from tests.processes import eventually

from .deployed_site import NAME, nginx
from .releases import Server, lay_out
from .test_walk import PAGE

pytestmark = [pytest.mark.services, pytest.mark.any_database]

READERS = 2
SETTINGS = {
    "SITE_URL": f"https://{NAME}",
    "TRUSTED_PROXIES": "1",
    "LIMIT_READING": "0",
    "WEB_CONCURRENCY": "2",
}
LAST = "</head>"


def renew(release):
    """Give the release a stylesheet that no other has, and that every page loads."""
    (release / "static" / "css" / "newest.css").write_text("h1 { color: inherit }")
    layout = release / "templates" / "layout" / "page.html"
    text = layout.read_text()
    assert LAST in text
    layout.write_text(
        text.replace(
            LAST, '<link rel="stylesheet" href="{{ static_url(\'css/newest.css\') }}">' + LAST
        )
    )


def switch(folder):
    """Point the link to the next release, with the page's own command."""
    [line] = re.findall(r"^sudo (ln -sfn releases/v1\.1\.0 .*)$", PAGE.read_text(), re.M)
    command = line.replace("sudo ", "").replace("/srv/folkmoot", str(folder))
    subprocess.run(["sh", "-c", command], check=True)


class Readers:
    """People who read all the time, and their responses: (status, release) of each page, and of its
    newest stylesheet.
    """

    def __init__(self, proxy):
        self.proxy = proxy
        self.answers = []
        self.ending = threading.Event()

    def read(self):
        while not self.ending.is_set():
            page = self.proxy.ask("/events", Cookie="known=yes")
            self.answers.append((page.status, page.headers["X-Release"]))
            for path in re.findall(r'href="(/static/css/newest[^"]+)"', page.text):
                self.answers.append((self.proxy.ask(path).status, ""))

    def statuses(self):
        return {status for status, _release in self.answers}

    def pages_of(self, release):
        return sum(found == release for _status, found in self.answers)


@contextmanager
def read(proxy):
    """Let people read during the block."""
    readers = Readers(proxy)
    with ThreadPoolExecutor() as pool:
        reading = [pool.submit(readers.read) for _ in range(READERS)]
        try:
            yield readers
        finally:
            readers.ending.set()
    for each in reading:
        each.result()


@contextmanager
def serving(tmp_path):
    """Two releases behind nginx, the first of which is running."""
    folder = lay_out(tmp_path / "srv", "v1.0.0", "v1.1.0")
    redis = parts.redis_url(parts.OTHER)
    with (
        Server(folder, REDIS_URL=redis, **SETTINGS).running() as server,
        nginx(tmp_path / "proxy", [server.port], [server.port]) as proxy,
    ):
        yield server, proxy


def test_an_upgrade_fails_and_delays_no_request(tmp_path):
    with serving(tmp_path) as (server, proxy):
        renew(server.folder / "releases" / "v1.1.0")
        with read(proxy) as readers:
            switch(server.folder)
            # Rendered for the first time: templates are read when they are needed.
            assert (proxy.ask("/help").status, proxy.ask("/groups").status) == (200, 200)

            assert server.reload().returncode == 0, server.log.read_text()

            seen = readers.pages_of("v1.1.0")
            assert server.says(release="v1.1.0")
            assert eventually(
                lambda: readers.pages_of("v1.1.0") >= seen + READERS or readers.statuses() != {200},
                90,
            )
        assert readers.statuses() == {200}
        events = [
            line
            for line in server.log.read_text().splitlines()
            if "Worker exiting" in line or "v1.1.0" in line
        ]
        assert ["v1.1.0" in line for line in events[:3]] == [True, True, False], (
            "the old workers left before the new ones came"
        )


@pytest.mark.deep
def test_control_changing_the_running_release_in_place_breaks_pages(tmp_path):
    with serving(tmp_path) as (server, proxy):
        renew(server.folder / "releases" / "v1.0.0")

        assert proxy.ask("/help").status == 500
