"""Which routes the crawls came to, and who looks at a page of each, over all roles and processes."""

from pathlib import Path

from werkzeug.routing import Map

from ..crawl import NO_PAGES

#: Whoever comes to most begins first.
ROLES = ("organizer", "visitor", "admin", "member")


class Reach:
    """A folder with a list of routes for each role whose crawl has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "looked").mkdir(parents=True, exist_ok=True)

    def take(self, route: str) -> bool:
        """Whether nobody has taken this route before; it is taken now."""
        try:
            (self.folder / "looked" / route).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def note(self, role: str, routes: set[str]) -> None:
        """The crawl of this role has ended, and came to these."""
        unfinished = self.folder / f".{role}"
        unfinished.write_text("\n".join(routes))
        unfinished.rename(self.folder / role)

    def missing(self, urls: Map) -> set[str]:
        """Pages that no role came to; none while a role's crawl has not ended."""
        ended = {path.name: path.read_text() for path in self.folder.iterdir() if path.name in ROLES}
        if set(ended) != set(ROLES):
            return set()
        pages = {
            rule.endpoint for rule in urls.iter_rules() if "GET" in (rule.methods or ()) and not NO_PAGES.search(rule.endpoint)
        }
        return pages - set("\n".join(ended.values()).split())
