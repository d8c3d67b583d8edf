"""Which kind of feed an answer is, which its content shows: what headers say of it is as often
wrong as not.
"""

from ..troubles import Trouble
from . import atom, json, pages, rss, xml
from .decoding import decoded
from .said import Feed


def read(body: bytes, base: str, content_type: str = "") -> Feed:
    """The feed that these bytes are, read at the address `base`.

    Raises Trouble when they are none.
    """
    text = decoded(body, content_type)
    if text[:1] in {"{", "["}:
        feed = json.feed_of(text, base)
    elif text[:1] == "<":
        feed = _of_xml(text, base)
    else:
        feed = None
    if feed is None:
        raise Trouble("no_feed")
    return feed


def _of_xml(text: str, base: str) -> Feed | None:
    if pages.is_page(text):
        raise Trouble("page")
    root = xml.tree_of(text)
    return rss.feed_of(root, base) or atom.feed_of(root, base)
