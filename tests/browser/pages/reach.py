"""Which routes the crawls came to, and who looks at a page of each, over all roles and
processes.
"""

import hashlib
from collections.abc import Iterator
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
            self._place(name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def fewest(self, kinds: dict[str, set[str]]) -> Iterator[str]:
        """Those of the pages, by their kinds of elements, that show all kinds which nobody has
        shown: what shows most is next.

        Whoever takes a page is the one to show its kinds, while other roles go through theirs.
        """
        left = {
            path: {kind for kind in own if not self._place(kind).exists()}
            for path, own in kinds.items()
        }
        while left:
            path = max(left, key=lambda path: len(left[path]))
            shown = left.pop(path)
            if {kind for kind in shown if self.take(kind)}:
                yield path
            left = {path: own - shown for path, own in left.items() if own - shown}

    def _place(self, name: str) -> Path:
        return self.folder / "looked" / hashlib.sha256(name.encode()).hexdigest()

    def note(self, role: str, routes: set[str]) -> None:
        """The crawl of this role has ended, and came to these."""
        unfinished = self.folder / f".{role}"
        unfinished.write_text("\n".join(routes))
        unfinished.rename(self.folder / role)

    def missing(self, urls: Map) -> set[str]:
        """Pages that no role came to; none while a role's crawl has not ended."""
        ended = {
            path.name: path.read_text() for path in self.folder.iterdir() if path.name in ROLES
        }
        if set(ended) != set(ROLES):
            return set()
        pages = {
            rule.endpoint
            for rule in urls.iter_rules()
            if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
        }
        return pages - set("\n".join(ended.values()).split())


def kinds_in(page: BeautifulSoup) -> set[str]:
    """The kinds of a page's elements."""
    return {kind for tag in page.find_all(True) for kind in kinds_of(tag)}


def kinds_of(tag: Tag) -> set[str]:
    """What checks go by: its name, role, type, and which ARIA attributes it has; and what styles
    go by: its classes.
    """
    spoken = sorted(
        name for name in tag.attrs if name.startswith("aria-") or name in ("disabled", "required")
    )
    parsed = " ".join([tag.name, str(tag.get("role")), str(tag.get("type")), *spoken])
    return {parsed, *(f"{tag.name}.{name}" for name in tag.get_attribute_list("class", []))}
