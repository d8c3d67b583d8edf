"""RSS, of every version that is met: 0.9 and 1.0 say their items beside the channel, 2.0 in it."""

from xml.etree.ElementTree import Element

from ..models import RSS
from .said import MOST_ENTRIES, Entry, Feed, link, moment
from .xml import first, words


def feed_of(root: Element, base: str) -> Feed | None:
    """The feed; None when the tree is no RSS."""
    channel = next((one for one in root if one.tag == "channel"), None)
    if root.tag not in {"rss", "rdf:RDF"} or channel is None:
        return None
    home = link(base, _link(channel))
    items = [one for one in (*channel, *root) if one.tag == "item"][:MOST_ENTRIES]
    return Feed(
        RSS,
        home or base,
        first(channel, "title"),
        home,
        [_entry(item, home or base) for item in items],
    )


def _entry(item: Element, base: str) -> Entry:
    guid = next((one for one in item if one.tag == "guid"), None)
    permanent = (
        words(guid) if guid is not None and guid.get("isPermaLink", "true") == "true" else ""
    )
    url = link(base, _link(item)) or (link("", permanent) if permanent else "")
    return Entry(
        id=words(guid) or url,
        title=first(item, "title"),
        url=url,
        author=first(item, "dc:creator", "author"),
        html=first(item, "content:encoded", "description"),
        published=moment(first(item, "pubDate", "dc:date", "atom:updated")),
    )


def _link(element: Element) -> str:
    """RSS writes the link, what borrows from Atom names it."""
    named = (
        one.get("href", "")
        for one in element
        if one.tag == "atom:link" and one.get("rel", "alternate") == "alternate"
    )
    return first(element, "link") or next(named, "")
