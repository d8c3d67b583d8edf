"""The common representation of all kinds of feeds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from ...core.text.typed import single_line

#: How many of a feed's entries are kept at once; feeds list the newest first.
MOST_ENTRIES = 50
LONGEST_URL = 1000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedEntry:
    """An entry of a feed.

    `id` identifies it within the feed; `title` and `html` are unchanged.
    """

    id: str
    title: str = ""
    url: str = ""
    author: str = ""
    html: str = ""
    published: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """A parsed feed: `kind` is one of `models.KINDS`; relative links are resolved against
    `base`.
    """

    kind: str
    base: str
    title: str = ""
    home_url: str = ""
    entries: list[FeedEntry] = field(default_factory=list)


def moment(written: Any) -> datetime | None:
    """Parse a date in ISO 8601 or RFC 5322 format; None for anything else, and for years before
    1990.
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
    """Return the absolute web URL of a link; "" for anything else."""
    text = written.strip() if isinstance(written, str) else ""
    try:
        url = urljoin(base, text) if text else ""
    except ValueError:
        return ""
    is_clean = len(url) <= LONGEST_URL and url == single_line(url) and " " not in url
    return url if is_clean and url.lower().startswith(("http://", "https://")) else ""


def text_in(value: Any) -> str:
    """Return the value if it is text or an integer, as text, else "".

    Lone surrogates are removed.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode("utf-8", "ignore").decode()
