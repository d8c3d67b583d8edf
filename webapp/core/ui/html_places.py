"""Where in HTML the values of a template are written: in text, in a drawing, or in an attribute;
and its HTML on fewer lines.
"""

import re
from enum import Enum

from jinja2 import nodes


class Place(Enum):
    """What may be written beside a value."""

    #: Elements.
    TEXT = "text"
    #: Characters alone: in the text of a drawing, of an option or of the window's title.
    DRAWN = "drawn"
    #: Nothing: attributes, and fields whose text is sent back.
    PLAIN = "plain"


_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_IN_TAG = re.compile(r"[\"'>]")
_SPACE = re.compile(r"\s+")
_SPACE_AT_END = re.compile(r"\s+(?=/?>)")
#: A line break that isn't between elements.
_IN_SENTENCE = re.compile(r"\n\s*(?![\s<])")
_WITHOUT_ELEMENTS = {
    **dict.fromkeys(("title", "option", "text", "tspan"), Place.DRAWN),
    **dict.fromkeys(("textarea", "script", "style"), Place.PLAIN),
}
#: Blocks that layouts write into the window's title or an attribute.
_BLOCKS = {"title": Place.DRAWN, "about": Place.DRAWN}


class HtmlScanner:
    """Follows the HTML of a template piece by piece, and knows in which place it is."""

    def __init__(self) -> None:
        self._quote = ""
        self._is_in_tag = False
        self._element = ""

    @property
    def place(self) -> Place:
        """The place at the end of what was read."""
        if self._is_in_tag:
            return Place.PLAIN
        return _WITHOUT_ELEMENTS.get(self._element, Place.TEXT)

    def read(self, html: str) -> str:
        """Go on through the next piece; return it with attributes and sentences on one line."""
        pieces: list[str] = []
        at = 0
        while at < len(html):
            is_attributes = self._is_in_tag and not self._quote
            is_value = self._is_in_tag and self._quote
            is_text = not self._is_in_tag and self.place is not Place.PLAIN
            end = self._through_tag(html, at) if self._is_in_tag else self._to_tag(html, at)
            piece = html[at:end]
            if is_attributes:
                piece = _SPACE.sub(" ", _SPACE_AT_END.sub("", piece))
            elif is_value:
                piece = piece.replace("\n", " ")
            elif is_text:
                piece = _IN_SENTENCE.sub(" ", piece)
            pieces.append(piece)
            at = end
        return "".join(pieces)

    def _to_tag(self, html: str, at: int) -> int:
        found = _TAG.search(html, at)
        if found is None:
            return len(html)
        closes, name = bool(found[1]), found[2].lower()
        if name in _WITHOUT_ELEMENTS:
            self._element = "" if closes else name
        self._is_in_tag = True
        return found.end()

    def _through_tag(self, html: str, at: int) -> int:
        if self._quote:
            end = html.find(self._quote, at)
            if end < 0:
                return len(html)
            self._quote = ""
            return end + 1
        found = _IN_TAG.search(html, at)
        if found is None:
            return len(html)
        if found[0] == ">":
            self._is_in_tag = False
        else:
            self._quote = found[0]
        return found.end()


def places_of(template: nodes.Template) -> dict[int, Place]:
    """Return the place of each value that the template writes, by the id of its node."""
    found: dict[int, Place] = {}
    _follow(template, HtmlScanner(), None, found)
    return found


def _follow(
    node: nodes.Node, scanner: HtmlScanner, block: Place | None, found: dict[int, Place]
) -> None:
    if isinstance(node, nodes.Block):
        block = _BLOCKS.get(node.name, block)
    if isinstance(node, nodes.Output):
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                child.data = scanner.read(child.data)
            else:
                found[id(child)] = block or scanner.place
        return
    for inner in node.iter_child_nodes():
        _follow(inner, scanner, block, found)
