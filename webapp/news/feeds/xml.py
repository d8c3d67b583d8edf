"""RSS and Atom (RFC 4287) from untrusted XML: no entities, no files, limited depth.

Names keep their prefixes ("content:encoded"): feeds use the usual ones and often forget to declare
them. RSS 0.9 and 1.0 list items beside the channel, 2.0 inside it.
"""

import html.entities
import re
from collections.abc import Callable
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from ..fetch_errors import FetchError
from ..models import ATOM, RSS
from .feed import MOST_ENTRIES, Feed, FeedEntry, link, moment

#: The deepest nesting, and the most elements.
DEEPEST, MOST = 60, 60_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: Characters that XML forbids but feeds contain.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")


def tree_of(text: str) -> Element:
    """Return the root of the tree.

    Common mistakes (HTML entities, a bare “&”) are corrected. Raises FetchError.
    """
    text = _DECLARATION.sub("", text, count=1)
    try:
        return _parsed(text)
    except expat.ExpatError:
        pass
    try:
        return _parsed(_mended(text))
    except expat.ExpatError:
        raise FetchError("broken") from None


def _mended(text: str) -> str:
    named = _NAMED.sub(
        lambda found: html.entities.html5.get(f"{found[1]};", ""), _IMPOSSIBLE.sub("", text)
    )
    return _BARE.sub("&amp;", named)


def _parsed(text: str) -> Element:
    growing = _Growing()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = growing.start
    parser.EndElementHandler = growing.end
    parser.CharacterDataHandler = growing.builder.data
    parser.EntityDeclHandler = parser.AttlistDeclHandler = _refuse
    parser.Parse(text.encode("utf-8", "replace"), True)
    return growing.builder.close()


def _refuse(*_declared: Any) -> None:
    """Refuse declarations: an entity may read local files or expand a billion times; a default
    attribute may add a megabyte to each element.
    """
    raise FetchError("broken")


class _Growing:
    """Builds the tree, up to a limit."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self._depth = self._number = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth, self._number = self._depth + 1, self._number + 1
        if self._depth > DEEPEST or self._number > MOST:
            raise FetchError("broken")
        self.builder.start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(name)


def words(element: Element | None) -> str:
    """Return all text in the element, without tags."""
    return "".join(element.itertext()).strip() if element is not None else ""


def first(element: Element, *names: str) -> str:
    """Return the text of the first child with one of these names that isn't empty."""
    for name in names:
        for child in element:
            if child.tag == name and (said := words(child)):
                return said
    return ""


def inside(element: Element) -> str:
    """Return the element's content with tags, as HTML."""
    return escape(element.text or "") + "".join(
        tostring(child, "unicode", "html") for child in element
    )


def atom_feed(root: Element, base: str) -> Feed | None:
    """Return the feed; None if the tree isn't Atom."""
    prefix, _, name = root.tag.rpartition(":")
    if name != "feed":
        return None
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{prefix}:").removeprefix("xhtml:")
    entries = [one for one in root if one.tag == "entry"]
    return _feed(
        ATOM, _atom_html(root, "title"), link(base, _atom_link(root)), base, entries, _atom_entry
    )


def _feed(
    kind: str,
    title: str,
    home: str,
    base: str,
    entries: list[Element],
    read: Callable[[Element, str], FeedEntry],
) -> Feed:
    """Build the feed with as many entries as are kept; `home`: the page it is about, or ""."""
    base = home or base
    return Feed(kind, base, title, home, [read(entry, base) for entry in entries[:MOST_ENTRIES]])


def _atom_entry(entry: Element, base: str) -> FeedEntry:
    url = link(base, _atom_link(entry))
    author = next((one for one in entry if one.tag == "author"), None)
    return FeedEntry(
        id=first(entry, "id") or url,
        title=_atom_html(entry, "title"),
        url=url,
        author=first(author, "name") if author is not None else "",
        html=_atom_html(entry, "content") or _atom_html(entry, "summary"),
        published=moment(first(entry, "published", "updated", "issued", "modified")),
    )


def _atom_link(element: Element) -> str:
    """The page that the element is about: a link without `rel` leads there, too."""
    links = [one for one in element if one.tag == "link"]
    about = (one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate")
    return next(about, "")


def _atom_html(element: Element, name: str) -> str:
    """A text construct as HTML, in any of its three forms."""
    child = next((one for one in element if one.tag == name), None)
    if child is None:
        return ""
    kind = child.get("type", "text").lower()
    if kind == "xhtml":
        return inside(child)
    return words(child) if "html" in kind else escape(words(child))


def rss_feed(root: Element, base: str) -> Feed | None:
    """Return the feed; None if the tree isn't RSS."""
    channel = next((one for one in root if one.tag == "channel"), None)
    if root.tag not in {"rss", "rdf:RDF"} or channel is None:
        return None
    items = [one for one in (*channel, *root) if one.tag == "item"]
    home = link(base, _rss_link(channel))
    return _feed(RSS, first(channel, "title"), home, base, items, _rss_entry)


def _rss_entry(item: Element, base: str) -> FeedEntry:
    guid = next((one for one in item if one.tag == "guid"), None)
    permanent = (
        words(guid) if guid is not None and guid.get("isPermaLink", "true") == "true" else ""
    )
    url = link(base, _rss_link(item)) or (link("", permanent) if permanent else "")
    return FeedEntry(
        id=words(guid) or url,
        title=first(item, "title"),
        url=url,
        author=first(item, "dc:creator", "author"),
        html=first(item, "content:encoded", "description"),
        published=moment(first(item, "pubDate", "dc:date", "atom:updated")),
    )


def _rss_link(element: Element) -> str:
    """The link of RSS, or else of Atom, which some feeds borrow."""
    named = (
        one.get("href", "")
        for one in element
        if one.tag == "atom:link" and one.get("rel", "alternate") == "alternate"
    )
    return first(element, "link") or next(named, "")
