"""Which routes the crawls came to, over all roles and processes."""

from pathlib import Path

from werkzeug.routing import Map

from ..crawl import NO_PAGES

ROLES = ("visitor", "member", "organizer", "admin")


class Reach:
    """A folder with a list of routes for each role whose crawl has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def note(self, role: str, routes: set[str]) -> None:
        """The crawl of this role has ended, and came to these."""
        unfinished = self.folder / f".{role}"
        unfinished.write_text("\n".join(routes))
        unfinished.rename(self.folder / role)

    def by(self, role: str) -> set[str]:
        """Those that this role came to; none before its crawl has ended."""
        path = self.folder / role
        return set(path.read_text().split()) if path.exists() else set()

    def missing(self, urls: Map) -> set[str]:
        """Pages that no role came to; none while a role's crawl has not ended."""
        ended = {path.name: path.read_text() for path in self.folder.iterdir() if path.name in ROLES}
        if set(ended) != set(ROLES):
            return set()
        pages = {
            rule.endpoint for rule in urls.iter_rules() if "GET" in (rule.methods or ()) and not NO_PAGES.search(rule.endpoint)
        }
        return pages - set("\n".join(ended.values()).split())
