"""Every page that somebody comes to by following links: one of each route."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RequestRedirect

from .people import Person

#: Routes of GET that are no pages, or have none of their own: files, streams, ways to elsewhere.
NO_PAGES = re.compile(
    r"^(health|streams|metrics|session_checks|frames|calendars|feeds|files)\.|\.export$|^people\.picture$|^group_pictures\.show$|^guest_pages\.file$|^inbox\.show$|^rsvps\.show$"
)

FILES = re.compile(r"\.(csv|ics|xml|json|txt|zip)$")

#: Of these a person looks at several: they differ by who looks after them, and by their state.
SEVERAL = {"events.show": 4, "threads.show": 8, "groups.show": 3, "votes.show": 4, "members.edit": 4, "invitations.show": 4}


class Crawl:
    """The pages that a person has not yet looked at; `found` are the routes that they came to."""

    def __init__(self, person: Person, urls: Map) -> None:
        self.person = person
        self.routes: MapAdapter = urls.bind(urlsplit(person.site.url).netloc)
        self.found: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._waiting: list[str] = []

    def paths(self, *first: str) -> Iterator[str]:
        """One path after the other; the links of the page that is open when the next is asked for are followed, too."""
        self._offer(first)
        while self._waiting:
            yield self._waiting.pop(0)
            self._offer(self._links())

    def _links(self) -> list[str]:
        page = self.person.page
        hrefs = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        return [urljoin(page.url, href) for href in hrefs]

    def _offer(self, links: tuple[str, ...] | list[str]) -> None:
        for link in links:
            parts = urlsplit(link)
            if parts.netloc and parts.netloc != urlsplit(self.person.site.url).netloc:
                continue
            endpoint = self.endpoint(parts.path)
            if endpoint is None or parts.path in self._seen or NO_PAGES.search(endpoint) or FILES.search(parts.path):
                continue
            if self.found[endpoint] >= SEVERAL.get(endpoint, 1):
                continue
            self.found[endpoint] += 1
            self._seen.add(parts.path)
            self._waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def endpoint(self, path: str) -> str | None:
        """The route that answers GET at this path."""
        try:
            return self.routes.match(path, "GET")[0]  # type: ignore[no-any-return]
        except RequestRedirect:
            return None
        except HTTPException:
            return None
