"""Feeds in JSON: JSON Feed (jsonfeed.org), and a plain list of posts with `id`, `title` and
`body`.
"""

import json
import re
from html import escape
from typing import Any

from ..fetch_errors import FetchError
from ..models import JSON_FEED, POSTS
from .feed import MOST_ENTRIES, Feed, FeedEntry, link, moment, text_in

#: Where APIs that don't return a bare list keep it.
_SHELVES = ("posts", "items", "articles", "data", "results")
_A_TAG = re.compile(
    r"</?(p|br|a|ul|ol|li|div|strong|em|b|i|h[1-6]|img|blockquote)\b[^<>]*>", re.IGNORECASE
)


def feed_of(text: str, base: str) -> Feed | None:
    """Return the feed; None if the JSON is something else. Raises FetchError if it is invalid."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise FetchError("broken") from None
    if isinstance(said, dict) and text_in(said.get("version")).startswith(
        ("https://jsonfeed.org/", "http://jsonfeed.org/")
    ):
        return _json_feed(said, base)
    return _posts(said, base)


def _json_feed(said: dict[str, Any], base: str) -> Feed:
    home = link(base, said.get("home_page_url"))
    entries = [_item(one, home or base) for one in _dicts(said.get("items"))]
    return Feed(JSON_FEED, home or base, escape(text_in(said.get("title"))), home, entries)


def _item(item: dict[str, Any], base: str) -> FeedEntry:
    url = link(base, item.get("url")) or link(base, item.get("external_url"))
    people = _dicts(item.get("authors")) or _dicts([item.get("author")])
    plain = text_in(item.get("content_text")) or text_in(item.get("summary"))
    return FeedEntry(
        id=text_in(item.get("id")) or url,
        title=escape(text_in(item.get("title"))),
        url=url,
        author=text_in(people[0].get("name")) if people else "",
        html=text_in(item.get("content_html")) or paragraphs(plain),
        published=moment(item.get("date_published")) or moment(item.get("date_modified")),
    )


def _posts(said: Any, base: str) -> Feed | None:
    """Parse a list of posts, bare or under a usual name. Posts need a title or a body."""
    listed = (
        next((said[name] for name in _SHELVES if isinstance(said.get(name), list)), None)
        if isinstance(said, dict)
        else said
    )
    if not isinstance(listed, list):
        return None
    posts = [one for one in _dicts(listed) if text_in(one.get("title")) or text_in(one.get("body"))]
    if listed and not posts:
        return None
    return Feed(POSTS, base, entries=[_post(one, base) for one in posts])


def _post(post: dict[str, Any], base: str) -> FeedEntry:
    url = link(base, post.get("url")) or link(base, post.get("link"))
    body = text_in(post.get("body"))
    dates = (
        moment(post.get(name))
        for name in ("published_at", "published", "date", "created_at", "createdAt")
    )
    return FeedEntry(
        id=text_in(post.get("id")) or url,
        title=escape(text_in(post.get("title"))),
        url=url,
        author=text_in(post.get("author")),
        html=body if _A_TAG.search(body) else paragraphs(body),
        published=next((one for one in dates if one), None),
    )


def _dicts(listed: Any) -> list[dict[str, Any]]:
    return (
        [one for one in listed if isinstance(one, dict)][:MOST_ENTRIES]
        if isinstance(listed, list)
        else []
    )


def paragraphs(text: str) -> str:
    """Convert plain text to HTML: an empty line ends a paragraph."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part)
