"""Sanitize untrusted HTML: text, lists and links, and nothing that loads anything.

`_Plainer` first rewrites it with few tags, properly nested and never deep, and links instead of
pictures. So the parser behind nh3 gets nothing that is slow to parse. nh3 then decides what stays.
"""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import unquote, urlsplit

import nh3

from ..core.text.strings import first_words
from ..core.text.typed import single_line
from .feeds.feed import link
from .html_tokens import Token, tokens

#: How many characters of an item's HTML are read; the rest can be read at its origin.
LONGEST = 20_000
_DEEPEST = 12
_INLINE = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "cite": "em",
    "s": "s",
    "del": "s",
    "code": "code",
}
_INLINE |= {"tt": "code", "kbd": "code"}
_BLOCKS = {"ul": "ul", "ol": "ol", "li": "li", "blockquote": "blockquote", "pre": "pre"}
_BLOCKS |= {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h5"}
#: Tags that begin a new paragraph.
_PARAGRAPHS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "aside",
    "figure",
    "figcaption",
    "tr",
    "dt",
    "dd",
    "table",
}
_EMBEDDED = {"img", "iframe", "video", "audio", "embed"}
#: Tags whose content isn't for readers.
_SILENT = {
    "script",
    "style",
    "template",
    "svg",
    "math",
    "object",
    "head",
    "title",
    "select",
    "textarea",
    "noembed",
    "noframes",
}
_TAGS = {"p", "br", "hr", "a", *_INLINE.values(), *_BLOCKS.values()}
_EMPTY = re.compile(r"<p>(\s|<br>)*</p>")


def clean(html: str, base: str) -> str:
    """Return sanitized HTML; relative links are resolved against `base`."""
    plainer = _Plainer(base)
    for token in _spoken(html):
        plainer.take(token)
    kept = nh3.clean(
        plainer.written(),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return _EMPTY.sub("", kept).strip()


def words(html: str, most: int) -> str:
    """Return the first words of the HTML, without markup and on one line."""
    heard = "".join(
        token.words or ("" if token.tag in _INLINE or token.tag == "a" else " ")
        for token in _spoken(html)
    )
    return first_words(single_line(heard) or "", most)


def _spoken(html: str) -> Iterator[Token]:
    return tokens(_beginning(html), _SILENT)


def _beginning(html: str) -> str:
    """The part that is read, cut before a tag and not inside one."""
    cut = html[:LONGEST].replace("\x00", "")
    return cut if len(html) <= LONGEST or cut.rfind("<") < cut.rfind(">") else cut[: cut.rfind("<")]


class _Plainer:
    """Rewrites HTML with few tags: none nested in itself (except lists), no inline tag around
    blocks, nothing deeper than _DEEPEST.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._parts: list[str] = []
        self._open: list[str] = []

    def written(self) -> str:
        """Return the HTML, with all tags closed."""
        return "".join([*self._parts, *(f"</{tag}>" for tag in reversed(self._open))])

    def take(self, token: Token) -> None:
        """Add a token."""
        if not token.tag:
            self._parts.append(escape(token.words, quote=False))
        elif token.ends:
            self._close(token.tag)
        elif token.tag == "a" or token.tag in _EMBEDDED:
            (self._begin_link if token.tag == "a" else self._lead_to)(token.attributes)
        elif token.tag in _INLINE:
            self._begin(_INLINE[token.tag])
        elif token.tag == "br":
            self._parts.append("<br>")
        elif token.tag == "hr":
            self._end_inline()
            self._parts.append("<hr>")
        elif token.tag in {"td", "th"}:
            self._parts.append(" " if self._open[-1:] == ["p"] and self._parts[-1] != "<p>" else "")
        elif ours := "p" if token.tag in _PARAGRAPHS else _BLOCKS.get(token.tag):
            self._begin_block(ours, token.attributes.get("start", ""))

    def _close(self, tag: str) -> None:
        """Close the tag, and what is still open inside."""
        ours = "p" if tag in _PARAGRAPHS else _BLOCKS.get(tag) or _INLINE.get(tag) or tag
        if ours in self._open:
            self._end(ours)

    def _begin(self, tag: str, opening: str = "") -> None:
        if tag not in self._open and len(self._open) < _DEEPEST:
            self._open.append(tag)
            self._parts.append(opening or f"<{tag}>")

    def _begin_block(self, tag: str, start: str = "") -> None:
        self._end_inline()
        if tag == "li":
            if not {"ul", "ol"} & set(self._open):
                tag = "p"
            elif "li" in self._open and self._last("li") > max(self._last("ul"), self._last("ol")):
                self._end("li")
        if len(self._open) < _DEEPEST and (
            tag in {"ul", "ol", "li", "blockquote"} or tag not in self._open
        ):
            self._open.append(tag)
            has_start = tag == "ol" and start.isdecimal()
            self._parts.append(f'<ol start="{int(start[:9])}">' if has_start else f"<{tag}>")

    def _begin_link(self, attributes: dict[str, str]) -> None:
        if "a" in self._open:
            self._end("a")
        if url := link(self._base, attributes.get("href")):
            self._begin("a", f'<a href="{escape(url)}">')

    def _lead_to(self, attributes: dict[str, str]) -> None:
        """Replace pictures and other embedded content by a link, or by nothing if too small
        to see.
        """
        url = link(self._base, attributes.get("src"))
        if not url or {attributes.get("width"), attributes.get("height")} & {"0", "1", "2"}:
            return
        name = single_line(unquote(urlsplit(url).path.rpartition("/")[2]))
        name = name or urlsplit(url).netloc
        said = escape(
            (attributes.get("alt") or attributes.get("title") or name).strip()[:200] or name,
            quote=False,
        )
        self._parts.append(said if "a" in self._open else f'<a href="{escape(url)}">{said}</a> ')

    def _end_inline(self) -> None:
        while self._open and self._open[-1] in {"a", "p", *_INLINE.values()}:
            self._parts.append(f"</{self._open.pop()}>")

    def _end(self, tag: str) -> None:
        """Close the innermost of these tags, and what is open inside."""
        here = self._last(tag)
        while len(self._open) > here:
            self._parts.append(f"</{self._open.pop()}>")

    def _last(self, tag: str) -> int:
        """The position of the innermost of these tags; -1 if there is none."""
        return max((place for place, one in enumerate(self._open) if one == tag), default=-1)
