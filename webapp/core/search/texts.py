"""Words as both databases index them: made here, so that neither has rules of its own."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from ..text import folded

#: What stands before a word that is part of the name, or of the place.
NAME, PLACE = "n0", "p0"
#: Lines of a text: the name, what tells it at a glance, everything else, and the words of name and
#: place again, marked.
BREAK = " \n "
LONGEST_WORD = 40
MOST_WORDS = 8
MOST_TYPED = 500
#: Scripts that write without spaces: CJK and kana, and those of South-East Asia.
_UNSPACED = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
)


class Asked(NamedTuple):
    """What somebody looks for: words that begin so anywhere, and in the place.

    `is_nothing`: only signs, which nothing fits.
    """

    words: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    is_nothing: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """The beginnings of words that a text must have."""
        return (*self.words, *(PLACE + word for word in self.place))


def asked(words: str = "", place: str = "") -> Asked:
    """What a person typed, whatever it is: its first words, without case, accents and signs."""
    terms, located = (_terms(typed) for typed in (words, place))
    return Asked(
        terms, located, bool((words.strip() and not terms) or (place.strip() and not located))
    )


def _terms(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_words(typed[:MOST_TYPED], searching=True)))[:MOST_WORDS]


def text_of(name: str, glance: str = "", more: str = "", place: str = "") -> str:
    """What is kept for search: the words of the name, of the place and what tells it at a
    glance, and of the rest.
    """
    lines = [list(_words(text)) for text in (name, f"{glance} {place}", more)]
    marked = [*(NAME + word for word in lines[0]), *(PLACE + word for word in _words(place))]
    return BREAK.join(" ".join(line) for line in (*lines, dict.fromkeys(marked)))


def _words(text: str, searching: bool = False) -> Iterator[str]:
    """Runs of letters, digits and the marks that belong to them; where a script has no spaces,
    every two letters that meet.
    """
    spaced = "".join(sign if _is_of_a_word(sign) else " " for sign in folded(text))
    for run in spaced.split():
        for unspaced, letters in groupby(run, _is_unspaced):
            word = "".join(letters)
            if unspaced:
                yield from _pairs(word, searching)
            else:
                yield word[:LONGEST_WORD]


def _pairs(run: str, searching: bool) -> Iterator[str]:
    """A text's last letter stands alone, so that every letter begins a word; what is looked for
    needs it only by itself.
    """
    for place in range(max(1, len(run) - 1) if searching else len(run)):
        yield run[place : place + 2]


@lru_cache(maxsize=4096)
def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


@lru_cache(maxsize=4096)
def _is_unspaced(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _UNSPACED)
