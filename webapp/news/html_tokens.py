"""Tokenize untrusted HTML into text and tags, in bounded time whatever it contains."""

import re
from collections.abc import Container, Iterator
from html import unescape
from typing import NamedTuple

#: A tag is read up to the first length. After `_MANY` tags without an end, only up to the last:
#: that bounds the time for any input.
_LONGEST_TAG, _MANY, _LONGEST_OF_MANY = 2000, 20, 100
_TAG = re.compile(
    r"<(/?)([a-z][a-z0-9]{0,15})\b((?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"([a-z]{1,15})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)


class Token(NamedTuple):
    """Text, or a tag with its content."""

    words: str = ""
    tag: str = ""
    ends: bool = False
    inside: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name; of duplicates the first."""
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(self.inside):
            found.setdefault(name.lower(), unescape("".join(values)))
        return found


def tokens(html: str, silent: Container[str] = ()) -> Iterator[Token]:
    """Return text and tags in order, without the content of `silent` elements."""
    within = ""
    for token in _all(html):
        if within:
            within = "" if token.ends and token.tag == within else within
        elif token.tag in silent:
            within = "" if token.ends or token.inside.endswith("/") else token.tag
        else:
            yield token


def _all(html: str) -> Iterator[Token]:
    """Yield all tokens. No position is read more often than `_LONGEST_TAG` allows, whatever the
    input.
    """
    place = endless = 0
    while (start := html.find("<", place)) >= 0:
        if start > place:
            yield Token(unescape(html[place:start]))
        found = _TAG.match(
            html, start, start + (_LONGEST_TAG if endless < _MANY else _LONGEST_OF_MANY)
        )
        if found:
            yield Token("", found[2].lower(), bool(found[1]), found[3])
            place = found.end()
        elif (end := _end_of_aside(html, start)) is not None:
            place = end
            endless += html[start + 1] not in "!?"
        else:
            yield Token("<")
            place = start + 1
    if place < len(html):
        yield Token(unescape(html[place:]))


def _end_of_aside(html: str, start: int) -> int | None:
    """Return where a comment or overlong tag ends that begins here; None for a literal “<”."""
    following = html[start + 1 : start + 2]
    if not (following in {"!", "?", "/"} or following.isalpha()):
        return None
    closing = "-->" if html.startswith("<!--", start) else ">"
    end = html.find(closing, start)
    return len(html) if end < 0 else end + len(closing)
