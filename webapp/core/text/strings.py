"""Text for comparison, slugs, email addresses, and counts on the command line."""

import re
import unicodedata
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email

from .bidi import closed, isolated
from .typed import single_line

_BETWEEN = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"}
)


def first_words(text: str, most: int) -> str:
    """Return the whole words that fit into `most` characters, with “…” if there are more."""
    if len(text) <= most:
        return text
    return closed(text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:\u200d") + "…")


def dotted(*parts: str) -> str:
    """Join the parts that aren't empty with dots; no line begins with a dot."""
    return "\u00a0· ".join(isolated(part) for part in parts if part)


def listed(parts: Iterable[str]) -> str:
    """Join the parts that aren't empty with commas."""
    return ", ".join(isolated(part) for part in parts if part)


def number_of(number: int, one: str, many: str = "") -> str:
    """Return “1 file” or “2 files”, for the command line and the doctor, which are in
    English only.
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def folded(text: str) -> str:
    """Return the text without case, accents and joiners, with single spaces, for search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(
        letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return " ".join(bare.split())


def slugify(text: str, fallback: str = "") -> str:
    """Return the text as a slug: at most 60 ASCII letters, digits and hyphens."""
    return _BETWEEN.sub("-", folded(text)).strip("-")[:60].strip("-") or fallback


def normalize_email(text: str) -> str | None:
    """Return the email address in lower case; None if it isn't one."""
    line = single_line(text) or ""
    try:
        return validate_email(line, check_deliverability=False, strict=True).normalized.lower()
    except EmailNotValidError:
        return None


def like_pattern(words: str) -> str:
    r"""Return a LIKE pattern that finds the words anywhere; escape with `\`."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
