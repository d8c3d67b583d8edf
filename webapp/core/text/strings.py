"""Words as machines compare them, and as the command line counts things."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_BETWEEN = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"}
)

#: What joins the signs around it: letters, as Persian does, or emoji into one; and the letters of a
#: flag such as Scotland's.
_JOINING = re.compile(
    r"(?<=[^\x00-\x7f\u200c\u200d])[\u200c\u200d](?=[^\x00-\x7f\u200c\u200d])"
    r"|(?<=\U0001f3f4)[\U000e0061-\U000e007a]{1,6}\U000e007f"
)
#: Letters that show nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def without_invisible(text: str, instead: str = "", but: str = "") -> str:
    """The text with `instead` for each sign that shows nothing, except spaces, what joins two
    signs, and the signs of `but`.
    """
    joining = {place for found in _JOINING.finditer(text) for place in range(*found.span())}
    return "".join(
        sign
        if (sign.isprintable() and sign not in _BLANK) or sign in but or place in joining
        else instead
        for place, sign in enumerate(text)
    )


def first_words(text: str, most: int) -> str:
    """As many whole words of the text as `most` letters hold, with “…” for the rest."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:\u200d") + "…"


def number_of(number: int, one: str, many: str = "") -> str:
    """“1 file”, “2 files”: for the command line and the doctor, which speak English alone."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def folded(text: str) -> str:
    """The text without case, accents and joiners, spaces made single: what search compares on both
    sides.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(
        letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(bare.split())


def slugify(text: str, fallback: str = "") -> str:
    """The text as the end of an address: ASCII letters, digits and hyphens, at most 60
    characters.
    """
    return _BETWEEN.sub("-", folded(text)).strip("-")[:60].strip("-") or fallback


def normalize_email(text: str) -> str | None:
    """The email address as we keep it, in lower case; None for what is none."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def like_pattern(words: str) -> str:
    r"""A LIKE pattern that finds the words anywhere, as they are; escape with `\`."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
