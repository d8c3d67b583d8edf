"""A tree of elements out of XML from strangers: no entity of their own making, no file, no depth
that anybody means.

Names stay as they are written ("content:encoded"): whoever writes feeds writes the usual prefixes,
and often forgets to declare them.
"""

import html.entities
import re
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from ..troubles import Trouble

#: Elements inside of each other, and in all.
DEEPEST, MOST = 60, 60_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: What XML does not allow, and writers of feeds let through.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")


def tree_of(text: str) -> Element:
    """The root of the tree.

    What is only careless (HTML's names of letters, a bare “&”) is mended. Raises Trouble.
    """
    text = _DECLARATION.sub("", text, count=1)
    try:
        return _parsed(text)
    except expat.ExpatError:
        pass
    try:
        return _parsed(_mended(text))
    except expat.ExpatError:
        raise Trouble("broken") from None


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
    """An entity may stand for a file of ours, or for a billion laughs; an attribute for all, for
    a megabyte on each element.
    """
    raise Trouble("broken")


class _Growing:
    """The tree as it grows, which ends at a bound."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self._depth = self._number = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth, self._number = self._depth + 1, self._number + 1
        if self._depth > DEEPEST or self._number > MOST:
            raise Trouble("broken")
        self.builder.start(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(name)


def words(element: Element | None) -> str:
    """All that is written in the element, without its tags."""
    return "".join(element.itertext()).strip() if element is not None else ""


def first(element: Element, *names: str) -> str:
    """What is written in the first child with the first of these names that says anything."""
    for name in names:
        for child in element:
            if child.tag == name and (said := words(child)):
                return said
    return ""


def inside(element: Element) -> str:
    """What is written in the element with its tags, as HTML."""
    return escape(element.text or "") + "".join(
        tostring(child, "unicode", "html") for child in element
    )
