"""What is kept of what people type: everything but the characters listed here.

A character that this Python doesn't know stays: emoji and letters can be newer than we are.
"""

import re
import unicodedata

from .bidi import RIGHT_TO_LEFT, has_rtl

#: Unicode's Default_Ignorable_Code_Point: shows nothing, in this version and in later ones. Tags
#: alone tell the flags of Scotland and Wales apart.
_TAGS = "\U000e0020-\U000e007f"
_UNREAD = (
    "\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e0fff"
)
_UNSEEN = _UNREAD + _TAGS
#: Scripts in which an invisible joiner changes a letter, such as those of Persian and Hindi.
_JOINING = rf"{RIGHT_TO_LEFT}\u0900-\u1cff\ua800-\uabff\U00011000-\U00011fff"
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001fbff"
#: Letters that look like a space. Two of them also fill syllables of old Korean.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_ENDS_OF_PLANES = "".join(
    chr(0x10000 * plane + 0xFFFE) + chr(0x10000 * plane + 0xFFFF) for plane in range(17)
)

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
#: Controls, overrides of the direction, halves of a character, and code points that will never be
#: characters: no XML can hold them.
_REMOVED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef" + _ENDS_OF_PLANES + "]"
)
_VISIBLE = re.compile(rf"[^\s{_UNSEEN}{_BLANK}]")
_LIKE_A_SPACE = re.compile(
    "[\u2800\u3164\uffa0]|\u115f(?![\u1161-\u11a7])|(?<![\u1100-\u115e])\u1160"
)
_HAS_A_PLACE = "|".join(
    [
        # Variation selectors, as in ❤️ and 1️⃣.
        rf"(?<=[0-9#*©®\u1800-\U0001ffff\U00020000-\U0003ffff])(?<![{_UNSEEN}])"
        "[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]",
        rf"(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])",
        rf"(?<=[{_JOINING}])[\u034f\u17b4\u17b5\u200c\u200d](?![{_UNSEEN}])",
        # The letters of flags, such as Scotland's.
        "(?<=\U0001f3f4)[\U000e0061-\U000e007a]{1,6}\U000e007f",
    ]
)
_OUT_OF_PLACE = re.compile(rf"({_HAS_A_PLACE})|[{_UNSEEN}]")
#: Where a line has letters from right to left, marks of direction have a place too.
_OUT_OF_PLACE_BESIDE_RTL = re.compile(rf"({_HAS_A_PLACE}|[\u061c\u200e\u200f])|[{_UNSEEN}]")


def normal_lines(value: str | None) -> str | None:
    """Trim the text and remove what no text can hold. All line breaks become newlines; other spaces
    stay, and so does what is invisible.
    """
    if value is None:
        return None
    if not _VISIBLE.search(value):
        return ""
    return _without_controls(value).strip(" \t\n")


def single_line(value: str | None) -> str | None:
    """Trim the text and make it a line: all spaces become U+0020, and what is invisible goes where
    it changes no other character.
    """
    if value is None:
        return None
    line = _without_controls(value)
    unseen = _OUT_OF_PLACE_BESIDE_RTL if has_rtl(line) else _OUT_OF_PLACE
    return " ".join(_LIKE_A_SPACE.sub(" ", unseen.sub(r"\1", line)).split())


def same_words(text: str) -> str:
    """Return a key that is equal for texts in which people read the same words, whatever their
    case, the composition and width of their letters, and what is invisible. Names, options and
    topics that share it count as one.
    """
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(re.sub(f"[{_UNREAD}]", "", composed).split())


def _without_controls(text: str) -> str:
    return _REMOVED.sub("", _LINE_BREAK.sub("\n", text))
