"""Render people's Markdown as safe HTML."""

import re
from collections.abc import Container, Iterator
from functools import lru_cache

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from .bidi import with_directions
from .markdown_parser import MENTION, parser, plain_words
from .strings import first_words

_TAGS = {
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h2",
    "h3",
    "h4",
    "h5",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "div": {"tabindex"}}
_CLASSES = {"div": {"scroll"}, "li": {"task"}, "th": {"n", "mid"}, "td": {"n", "mid"}}
_SPACE = re.compile(r"\s+")


def handles_in(text: str) -> list[str]:
    """Return the handles mentioned as `@handle`, in lower case, without duplicates.

    Handles in code, links, email addresses and quotes don't count.
    """
    found = (
        name
        for line in _outside_quotes(parser().parse(text or "", {"deeper": 2}))
        for words in plain_words(line)
        for name in MENTION.findall(words.content)
    )
    return list(dict.fromkeys(name.lower() for name in found))


def _outside_quotes(tokens: list[Token]) -> Iterator[Token]:
    """Yield the lines that aren't quoted."""
    quotes = 0
    for token in tokens:
        quotes += token.nesting if token.tag == "blockquote" else 0
        if token.type == "inline" and not quotes:
            yield token


def replace_mentions(text: str, handles: Container[str], name: str) -> str:
    """Return the text with `name` in place of each `@handle` of these, wherever it is."""
    return MENTION.sub(lambda found: name if found[1].lower() in handles else found[0], text)


@lru_cache(maxsize=512)
def render(text: str, deeper: int = 2, mentions: tuple[tuple[str, str], ...] = ()) -> Markup:
    """Render Markdown without scripts, styles or pictures; links only to http(s) and email.

    Headings are `deeper` levels lower than written, at least h2. `mentions` are pairs of a handle
    and the URL that `@handle` links to.
    """
    html = parser().render(text or "", {"deeper": deeper, "mentions": dict(mentions)})
    return Markup(with_directions(_clean(html)))


def _clean(html: str) -> str:
    """Return the HTML with nothing but what the parser should have made."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )


def plain(text: str, limit: int = 200) -> str:
    """Return the beginning of the text without its markup; items of lists keep their numbers."""
    html = parser().render(text or "", {"deeper": 2, "plain": True})
    words = _SPACE.sub(" ", nh3.clean(html, tags=set())).strip()
    return first_words(Markup(words).unescape(), limit)
