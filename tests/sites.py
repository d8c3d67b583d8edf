"""Sites in their own processes, for tests about several processes together."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from scripts.services import free_port
from tests import migrated
from tests.browser import servers
from tests.browser.mailboxes import Folder
from tests.browser.servers import Site


@contextmanager
def site(folder: Path, web: bool = True, **settings: str) -> Iterator[Site]:
    """Run a site with these settings. Its database has all tables, and its web server runs until
    the end.
    """
    port, folder = free_port(), folder / f"site-{free_port()}"
    folder.mkdir(parents=True)
    made = Site(f"http://127.0.0.1:{port}", Folder(folder), folder, {})
    made.settings = servers.common(folder, port) | {"SITE_URL": made.url} | settings
    if "DATABASE_URL" not in settings:
        migrated.into(Path(made.settings["INSTANCE"]))
    try:
        if web:
            made.run("web", *servers.WEB)
            made.wait_until_ready()
        yield made
    finally:
        made.stop()


class Answer:
    """A response: `status`, `headers`, `text`."""

    def __init__(self, answer: Any) -> None:
        self.status: int = answer.status
        self.headers = answer.headers
        self.text: str = answer.read().decode()

    @property
    def json(self) -> Any:
        """The text, parsed as JSON."""
        return json.loads(self.text)


class Client:
    """A client with cookies at a site."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, **headers: str) -> Answer:
        """Send a GET request, following redirects."""
        return self._ask(urllib.request.Request(self.url + path, headers=_named(headers)))

    def submit(self, path: str, **values: str) -> Answer:
        """Submit the form of the page at this path with these values."""
        page = BeautifulSoup(self.get(path).text, "html.parser")
        form = next(
            form for form in page.select("main form") if form.find("input", {"name": "csrf_token"})
        )
        fields = {
            str(field["name"]): str(field.get("value", ""))
            for field in form.find_all("input")
            if field.get("name")
        }
        return self._ask(
            urllib.request.Request(self.url + path, urlencode(fields | values).encode())
        )

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=20) as answer:
                return Answer(answer)
        except urllib.error.HTTPError as error:
            return Answer(error)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
