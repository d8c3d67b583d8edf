"""Which routes the crawls came to, and who looks at a page of each, over all roles and processes."""

import hashlib
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from werkzeug.routing import Map

from ..crawl import NO_PAGES

#: Whoever comes to most begins first.
ROLES = ("organizer", "visitor", "admin", "member")


class Reach:
    """A folder with a list of routes for each role whose crawl has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "looked").mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> bool:
        """Whether nobody has taken this name before; it is taken now."""
        try:
            (self.folder / "looked" / name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def holds_something_new(self, html: str) -> bool:
        """Whether an element of the page is like none before it; all of its are known now."""
        kinds = {kind_of(tag) for tag in BeautifulSoup(html, "html.parser").find_all(True)}
        return bool([kind for kind in kinds if self.take(hashlib.sha256(kind.encode()).hexdigest())])

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


def kind_of(tag: Tag) -> str:
    """What styles and checks of accessibility go by: its name, classes, role, type, and which ARIA attributes it has."""
    spoken = sorted(name for name in tag.attrs if name.startswith("aria-") or name in ("disabled", "required"))
    return " ".join([tag.name, *sorted(tag.get_attribute_list("class", [])), str(tag.get("role")), str(tag.get("type")), *spoken])
