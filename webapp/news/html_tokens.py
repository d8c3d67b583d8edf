"""HTML from strangers as words and tags in their order, whatever it looks like: a glance that
never takes long.
"""

import re
from collections.abc import Container, Iterator
from html import unescape
from typing import NamedTuple

#: A tag is read no further than this; and where so many tags had no end, the others no further than
#: that: each takes a moment, however many there are and whatever they look like.
_LONGEST_TAG, _MANY, _LONGEST_OF_MANY = 2000, 20, 100
_TAG = re.compile(
    r"<(/?)([a-z][a-z0-9]{0,15})\b((?:[^\"'>]++|\"[^\"]*+\"|'[^']*+')*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"([a-z]{1,15})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)


class Token(NamedTuple):
    """Words, or a tag with what is in it."""

    words: str = ""
    tag: str = ""
    ends: bool = False
    inside: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by their names; of two that are called alike the first."""
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(self.inside):
            found.setdefault(name.lower(), unescape("".join(values)))
        return found


def tokens(html: str, silent: Container[str] = ()) -> Iterator[Token]:
    """Words and tags in their order, but for what elements hold that are `silent`."""
    within = ""
    for token in _all(html):
        if within:
            within = "" if token.ends and token.tag == within else within
        elif token.tag in silent:
            within = "" if token.ends or token.inside.endswith("/") else token.tag
        else:
            yield token


def _all(html: str) -> Iterator[Token]:
    """No place is read more often than `_LONGEST_TAG` tells, whatever is there."""
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
    """Where a comment ends that begins here, or a tag that is too long; None for a “<” that is
    only itself.
    """
    following = html[start + 1 : start + 2]
    if not (following in {"!", "?", "/"} or following.isalpha()):
        return None
    closing = "-->" if html.startswith("<!--", start) else ">"
    end = html.find(closing, start)
    return len(html) if end < 0 else end + len(closing)
