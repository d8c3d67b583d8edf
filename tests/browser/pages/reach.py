"""The routes that crawls have reached, and which role checks which page, over all roles and
processes.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from werkzeug.routing import Map

from ..crawl import NO_PAGES

#: The role that reaches most pages starts first.
ROLES = ("organizer", "visitor", "admin", "member")


class Reach:
    """A folder with a list of routes for each role whose crawl has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "looked").mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> bool:
        """Take this name; return whether nobody had taken it before."""
        try:
            self._place(name).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def fewest(self, kinds: dict[str, set[str]]) -> Iterator[str]:
        """Yield pages until all kinds of elements have been shown, those with most new kinds first.

        A page that is yielded takes its kinds, so that other roles, which run at the same time,
        skip them.
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
        """Store the routes that this role's crawl has reached."""
        unfinished = self.folder / f".{role}"
        unfinished.write_text("\n".join(routes))
        unfinished.rename(self.folder / role)

    def missing(self, urls: Map) -> set[str]:
        """Return the pages that no role has reached; none until all roles' crawls have ended."""
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
    """Return the kinds of all elements of the page."""
    return {kind for tag in page.find_all(True) for kind in kinds_of(tag)}


def kinds_of(tag: Tag) -> set[str]:
    """Return the kinds of an element: its tag with role, type and ARIA attributes, which checks
    depend on, and its tag with each class, which styles depend on.
    """
    spoken = sorted(
        name for name in tag.attrs if name.startswith("aria-") or name in ("disabled", "required")
    )
    parsed = " ".join([tag.name, str(tag.get("role")), str(tag.get("type")), *spoken])
    return {parsed, *(f"{tag.name}.{name}" for name in tag.get_attribute_list("class", []))}
