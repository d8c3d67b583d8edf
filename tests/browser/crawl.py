"""Follow links from page to page, visiting one page of each route."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RequestRedirect

from .people import Person

#: GET routes that aren't pages: files, streams and redirects.
NO_PAGES = {
    "agenda.file",
    "agenda.speaker_picture",
    "attendees.export",
    "bookings.show",
    "calendars.event",
    "calendars.group",
    "calendars.show",
    "dev_mailbox_html.show",
    "event_comments.image",
    "event_files.show",
    "event_gallery.image",
    "event_pictures.show",
    "events.show_link",
    "group_pictures.show",
    "guest_agenda.file",
    "guest_pages.export",
    "guest_pages.file",
    "health.live",
    "health.ready",
    "health.show",
    "home.show_picture",
    "inbox.show",
    "logo.show",
    "members.export",
    "metrics.show",
    "people.picture",
    "reply_pictures.image",
    "rsvps.show",
    "secret_ballots.show",
    "session_checks.show",
    "streams.show",
    "vote_comments.image",
    "vote_downloads.ballots",
    "vote_downloads.bundle",
    "vote_downloads.election",
    "vote_downloads.outcome",
    "vote_downloads.rounds",
    "web_manifest.show",
    "your_data.export",
}
FILES = re.compile(r"\.(blt|csv|ics|xml|json|txt|zip)$")

#: How many pages of these routes to visit, because they differ by manager and state.
SEVERAL = {
    "events.show": 4,
    "threads.show": 8,
    "groups.show": 3,
    "votes.show": 4,
    "members.edit": 4,
    "invitations.show": 4,
}
#: Pages that differ for each person, besides those in SEVERAL.
OWN = {"home.show", "events.index", "groups.index", "votes.index", "people.show"}


class Crawl:
    """The pages that a person hasn't visited yet; `found` counts the pages of each route."""

    def __init__(self, person: Person, urls: Map) -> None:
        self.person = person
        self.routes: MapAdapter = urls.bind(urlsplit(person.site.url).netloc)
        self.found: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._waiting: list[str] = []

    def paths(self, *first: str) -> Iterator[str]:
        """Yield one path after the other until `follow` adds no more."""
        self.follow("/", first)
        while self._waiting:
            yield self._waiting.pop(0)

    def follow(self, page: str, links: Iterable[str]) -> None:
        """Add the links of the page at this path."""
        for link in links:
            parts = urlsplit(urljoin(f"{self.person.site.url}{page}", link))
            if parts.netloc and parts.netloc != urlsplit(self.person.site.url).netloc:
                continue
            endpoint = self.endpoint(parts.path)
            if (
                endpoint is None
                or parts.path in self._seen
                or endpoint in NO_PAGES
                or FILES.search(parts.path)
            ):
                continue
            if self.found[endpoint] >= SEVERAL.get(endpoint, 1):
                continue
            self.found[endpoint] += 1
            self._seen.add(parts.path)
            self._waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def differs(self, path: str) -> bool:
        """Whether pages of this route differ for each person."""
        return self.endpoint(urlsplit(path).path) in OWN | set(SEVERAL)

    def endpoint(self, path: str) -> str | None:
        """Return the endpoint that handles GET at this path."""
        try:
            return self.routes.match(path, "GET")[0]  # type: ignore[no-any-return]
        except RequestRedirect:
            return None
        except HTTPException:
            return None
