"""Store a response: the items, as a copy for when the feed is down, and the feed's status."""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from ..core.extensions import db
from ..core.text import search
from ..core.text.strings import first_words
from . import sanitizer
from .access import NewsScope
from .feeds import Feed, FeedEntry
from .fetch_errors import FetchError
from .fetching import FetchResponse
from .models import FAILING, GONE, GOOD, LONGEST_ADDRESS, NewsItem, NewsSource

#: The time between two fetches of a working feed.
EVERY = timedelta(hours=1)
#: The pause after a failure, doubled each time, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
#: The most items of a feed; the oldest are deleted first.
MOST_ITEMS = 200


def save_items(source: NewsSource, feed: Feed, answer: FetchResponse, now: datetime) -> None:
    """Store the feed's items; those it no longer lists stay for a while, marked."""
    source.kind = feed.kind
    source.title = sanitizer.words(feed.title, 120)
    source.home_url = feed.home_url
    mark_answered(source, answer, now)
    _write(source, feed, now)
    _bound(source)


def mark_answered(source: NewsSource, answer: FetchResponse, now: datetime) -> None:
    """Mark the feed as working; its items are current, and it is fetched again in an hour."""
    source.state, source.error, source.failures, source.failing_since = GOOD, "", 0, None
    source.etag = answer.etag or ("" if answer.is_new else source.etag)
    source.last_modified = answer.last_modified or ("" if answer.is_new else source.last_modified)
    source.checked_at = source.fetched_at = now
    source.due_at = now + EVERY
    if (
        answer.url != source.url
        and len(answer.url) <= LONGEST_ADDRESS
        and not is_anothers(source, answer)
    ):
        source.url = answer.url  # it has moved permanently, or was the page that links to its feed
    db.session.flush()


def mark_failed(source: NewsSource, trouble: FetchError, now: datetime) -> None:
    """Mark the feed as failing, and keep its items.

    It is retried after growing pauses, unless it is gone.
    """
    source.state = GONE if trouble.word == "gone" else FAILING
    source.error = trouble.word
    source.failures += 1
    source.failing_since = source.failing_since or now
    source.checked_at = now
    pause = max(pause_after(source.failures), timedelta(seconds=trouble.wait))
    source.due_at = None if source.state == GONE else now + pause
    db.session.flush()


def pause_after(failures: int) -> timedelta:
    """Return the pause after so many failures in a row, one or more."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 12))


def is_anothers(source: NewsSource, answer: FetchResponse) -> bool:
    """Whether the final URL is already a feed of this group or the site."""
    there = sa.select(NewsSource.id).where(
        NewsScope(source.group).holds(NewsSource), NewsSource.url == answer.url
    )
    return db.session.scalar(there.where(NewsSource.id != source.id)) is not None


def _write(source: NewsSource, feed: Feed, now: datetime) -> None:
    query = (
        sa.select(NewsItem)
        .where(NewsItem.source_id == source.id)
        .options(undefer(NewsItem.search_text))
    )
    kept = {item.key: item for item in db.session.scalars(query)}
    listed = set()
    for place, entry in enumerate(feed.entries):
        key = _key_of(entry)
        values = _values_of(entry, feed.base)
        if key in listed or not values["title"]:
            continue
        listed.add(key)
        item = kept.get(key)
        if item is None:
            item = NewsItem(
                source_id=source.id,
                group_id=source.group_id,
                key=key,
                published_at=_moment(entry, now, place),
            )
            db.session.add(item)
        elif entry.published is not None and entry.published <= now:
            item.published_at = (
                entry.published
            )  # items from the future keep their first date, or they would be the newest for good
        for name, value in values.items():
            setattr(item, name, value)
        item.unlisted_at = None
    for key in kept.keys() - listed:
        kept[key].unlisted_at = kept[key].unlisted_at or now
    db.session.flush()


def _values_of(entry: FeedEntry, base: str) -> dict[str, str]:
    """Return an item's columns; without a title, its first words are the title."""
    body = sanitizer.clean(entry.html, entry.url or base)
    text = sanitizer.words(body, sanitizer.LONGEST)
    author = sanitizer.words(entry.author, 120)
    title = sanitizer.words(entry.title, 300) or first_words(text, 80)
    return {
        "title": title,
        "url": entry.url,
        "author": author,
        "summary": first_words(text, 300),
        "body": body,
        "search_text": search.search_text_of(title, author, text[:5000]),
    }


def _key_of(entry: FeedEntry) -> str:
    told_by = entry.id or entry.url or f"{entry.title}\n{entry.html[:500]}"
    return hashlib.blake2b(told_by.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _moment(entry: FeedEntry, now: datetime, place: int) -> datetime:
    """Return when it was published, but not in the future.

    Entries without a date keep their order, newest first.
    """
    return min(entry.published or now, now) - timedelta(
        microseconds=0 if entry.published else place
    )


def _bound(source: NewsSource) -> None:
    """Delete the oldest items beyond MOST_ITEMS."""
    newest = sa.select(NewsItem.id).where(NewsItem.source_id == source.id)
    newest = newest.order_by(
        NewsItem.unlisted_at.is_not(None), NewsItem.published_at.desc(), NewsItem.id.desc()
    )
    over = list(db.session.scalars(newest.offset(MOST_ITEMS)))
    if over:
        db.session.execute(sa.delete(NewsItem).where(NewsItem.id.in_(over)))
