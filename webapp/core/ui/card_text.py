"""Text on drawn cards: which font has a letter, how wide words are, and where lines break.

Fonts of `fonts/` have the letters of most scripts, but not of Chinese, Japanese and Korean, which
would take megabytes.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont

from ..text.bidi import FSI, PDI, closed

FOLDER = Path(__file__).parent / "fonts"
#: A family's name, and its file. The first one that has a letter draws it.
FONTS = {
    "Noto Serif": "NotoSerif-Regular.ttf",
    "Noto Serif Hebrew": "NotoSerifHebrew-Regular.ttf",
    "Noto Naskh Arabic": "NotoNaskhArabic-Regular.ttf",
    "Noto Serif Devanagari": "NotoSerifDevanagari-Regular.ttf",
    "Noto Serif Bengali": "NotoSerifBengali-Regular.ttf",
    "Noto Serif Tamil": "NotoSerifTamil-Regular.ttf",
    "Noto Serif Thai": "NotoSerifThai-Regular.ttf",
    "Noto Serif Georgian": "NotoSerifGeorgian-Regular.ttf",
    "Noto Serif Armenian": "NotoSerifArmenian-Regular.ttf",
}
USUAL = next(iter(FONTS))
#: The size at which text is measured.
EM = 100
NO_CHARACTER = "\U0010ffff"
_ISOLATED = re.compile(f"{FSI}[^{PDI}]*{PDI}?")


def drawable(text: str) -> str:
    """Return the text without signs that no font has, such as emoji; "" if it has such letters."""
    kept = [(sign, _family(sign)) for sign in unicodedata.normalize("NFC", text)]
    if any(not family and unicodedata.category(sign)[0] in "LMN" for sign, family in kept):
        return ""
    return " ".join("".join(sign for sign, family in kept if family).split())


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Yield parts of a drawable text, each with the font that draws it."""
    families: list[str] = []
    for sign in text:
        before = families[-1] if families else USUAL
        families.append(before if _has(before, sign) else _family(sign))
    for family, part in groupby(zip(families, text, strict=True), key=lambda pair: pair[0]):
        yield "".join(sign for _family, sign in part), family


def lines(text: str, size: int, width: int, most: int) -> list[str]:
    """Break the text into lines of similar length, of at most this width; [] if `most` aren't
    enough.
    """
    found = _filled(text, size, width)
    if not 0 < len(found) <= most:
        return []
    for narrower in range(width, 0, -20):
        again = _filled(text, size, narrower)
        if len(again) != len(found):
            break
        found = again
    return found


def shortened(text: str, size: int, width: int, most: int = 1) -> list[str]:
    """Break the text into at most this many lines; the last one ends with “…” if there are more."""
    found = _filled(text, size, width)
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and _width(last + "…", size) > width:
        last = last[:-1]
    return [*found[: most - 1], closed(last.rstrip(" ,.;:–-") + "…")]


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script that is written from the right.
    What is isolated decides only its own direction.
    """
    strong = (unicodedata.bidirectional(sign) for sign in _ISOLATED.sub("", text))
    return next((way for way in strong if way in {"L", "R", "AL"}), "L") != "L"


def _filled(text: str, size: int, width: int) -> list[str]:
    found: list[str] = []
    for word in text.split():
        if found and _width(f"{found[-1]} {word}", size) <= width:
            found[-1] += f" {word}"
            continue
        *whole, rest = _pieces(word, size, width)
        found += [*whole, rest]
    return found


def _pieces(word: str, size: int, width: int) -> list[str]:
    """Return the word, cut where it is wider than a line: some scripts have no spaces."""
    found = [""]
    for sign in word:
        is_mark = unicodedata.category(sign)[0] == "M"
        if found[-1] and not is_mark and _width(found[-1] + sign, size) > width:
            found.append("")
        found[-1] += sign
    return found


def _width(text: str, size: int) -> float:
    return sum(map(_advance, text)) * size / EM


@lru_cache(4096)
def _advance(sign: str) -> float:
    if sign in (FSI, PDI):
        return 0
    return _font(_family(sign) or USUAL).getlength(sign)


@lru_cache(4096)
def _family(sign: str) -> str:
    return next((family for family in FONTS if _has(family, sign)), "")


@lru_cache(16384)
def _has(family: str, sign: str) -> bool:
    if sign.isspace() or sign in (FSI, PDI):
        return True
    if unicodedata.category(sign)[0] == "C":
        return False
    return bytes(_font(family).getmask(sign)) != _tofu(family)


@cache
def _tofu(family: str) -> bytes:
    return bytes(_font(family).getmask(NO_CHARACTER))


@cache
def _font(family: str) -> ImageFont.FreeTypeFont:
    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(str(FOLDER / FONTS[family]), EM, layout_engine=basic)
