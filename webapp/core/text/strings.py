"""Words as machines compare them, and as the command line counts things."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_BETWEEN = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"}
)


def number_of(number: int, one: str, many: str = "") -> str:
    """“1 file”, “2 files”: for the command line and the doctor, which speak English alone."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def folded(text: str) -> str:
    """The text without case and accents, spaces made single: what search compares on both sides."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
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
