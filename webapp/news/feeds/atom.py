"""Atom (RFC 4287)."""

from xml.etree.ElementTree import Element

from ..models import ATOM
from .said import MOST_ENTRIES, Entry, Feed, link, moment
from .xml import escape, first, inside, words


def feed_of(root: Element, base: str) -> Feed | None:
    """The feed; None when the tree is no Atom."""
    prefix, _, name = root.tag.rpartition(":")
    if name != "feed":
        return None
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{prefix}:").removeprefix("xhtml:")
    home = link(base, _link(root))
    entries = [one for one in root if one.tag == "entry"][:MOST_ENTRIES]
    return Feed(
        ATOM,
        home or base,
        _html(root, "title"),
        home,
        [_entry(entry, home or base) for entry in entries],
    )


def _entry(entry: Element, base: str) -> Entry:
    url = link(base, _link(entry))
    author = next((one for one in entry if one.tag == "author"), None)
    return Entry(
        id=first(entry, "id") or url,
        title=_html(entry, "title"),
        url=url,
        author=first(author, "name") if author is not None else "",
        html=_html(entry, "content") or _html(entry, "summary"),
        published=moment(first(entry, "published", "updated", "issued", "modified")),
    )


def _link(element: Element) -> str:
    """The page that it is about: without `rel` a link leads there, too."""
    links = [one for one in element if one.tag == "link"]
    about = (one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate")
    return next(about, "")


def _html(element: Element, name: str) -> str:
    """A text construct as HTML, in whichever of the three ways it is written."""
    child = next((one for one in element if one.tag == name), None)
    if child is None:
        return ""
    kind = child.get("type", "text").lower()
    if kind == "xhtml":
        return inside(child)
    return words(child) if "html" in kind else escape(words(child))
