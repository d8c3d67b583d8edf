"""What every kind of feed comes to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

#: So many of a feed's entries are kept at once; it lists the newest first.
MOST_ENTRIES = 50
LONGEST_URL = 1000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedEntry:
    """One thing that a source says.

    `id` is whatever tells it from the source's others; `title` and `html` are as they came.
    """

    id: str
    title: str = ""
    url: str = ""
    author: str = ""
    html: str = ""
    published: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """All of it: `kind` is one of `models.KINDS`, `base` what its relative links are relative
    to.
    """

    kind: str
    base: str
    title: str = ""
    home_url: str = ""
    entries: list[FeedEntry] = field(default_factory=list)


def moment(written: Any) -> datetime | None:
    """The moment that a feed names in one of the two usual ways; None for anything else, and for
    a year that cannot be.
    """
    text = written.strip()[:60] if isinstance(written, str) else ""
    for read in (_from_iso, parsedate_to_datetime):
        try:
            found = read(text)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
        return found if found >= _EARLIEST else None
    return None


def _from_iso(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" UTC", "Z"))


def link(base: str, written: Any) -> str:
    """The link as a whole address of the web; "" for anything else."""
    text = written.strip() if isinstance(written, str) else ""
    try:
        url = urljoin(base, text) if text else ""
    except ValueError:
        return ""
    is_clean = len(url) <= LONGEST_URL and url.isprintable() and " " not in url
    return url if is_clean and url.lower().startswith(("http://", "https://")) else ""


def text_in(value: Any) -> str:
    """The value where it is text, or a number that stands for one; "" for all else.

    Halves of letters are none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode("utf-8", "ignore").decode()
