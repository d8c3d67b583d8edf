"""Fetch feeds: several at once, each by one process, outside of transactions; results are stored
one by one.
"""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog

from ..core.db import database_clock
from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.jobs import leases
from ..core.time import clock
from ..groups.models import Group
from . import feeds, fetching, store
from .fetch_errors import FetchError
from .fetching import FetchResponse
from .http_client import Deadline
from .models import LONGEST_ADDRESS, NewsSource
from .ssrf_guard import Guard

log = structlog.get_logger(__name__)
#: How long a process may fetch before another takes over: several times `fetching.PATIENCE`.
LEASE = timedelta(minutes=2)
#: How many feeds are fetched at once: a site with one process has other work to do.
AT_ONCE = 6


class HeldSource(NamedTuple):
    """A feed that only this process may fetch while the lease lasts."""

    id: uuid.UUID
    group_id: uuid.UUID | None
    lease: uuid.UUID
    url: str
    etag: str
    last_modified: str
    kind: str


def take() -> list[HeldSource]:
    """Lease due feeds, longest due first. The caller commits."""
    now = database_clock.now()
    some = (
        sa.select(NewsSource.id)
        .where(is_waiting(now))
        .order_by(NewsSource.due_at, NewsSource.id)
        .limit(AT_ONCE)
    )
    ids = list(db.session.scalars(some.with_for_update(skip_locked=True)))
    if not ids:
        return []
    return leases.take(NewsSource, HeldSource, now + LEASE, NewsSource.id.in_(ids))


def is_waiting(now: Any) -> sa.ColumnElement[bool]:
    """Return the condition for feeds that are due and not leased; those of deleted groups aren't
    fetched.
    """
    is_free = sa.or_(NewsSource.leased_until.is_(None), NewsSource.leased_until <= now)
    is_active = sa.exists().where(Group.id == NewsSource.group_id, Group.deleted_at.is_(None))
    return sa.and_(
        NewsSource.due_at <= now, is_free, sa.or_(NewsSource.group_id.is_(None), is_active)
    )


def hold(held: HeldSource) -> NewsSource | None:
    """Lock the leased feed to store its result and end the lease; None if it is gone or leased by
    another.
    """
    query = (
        sa.select(NewsSource)
        .where(NewsSource.id == held.id, NewsSource.lease == held.lease)
        .with_for_update()
    )
    source = db.session.scalar(query, execution_options=POPULATE_EXISTING)
    if source is not None:
        source.lease = source.leased_until = None
    return source


#: The job that fetches due feeds. It is only a wake-up: the table says which.
JOB = "news.look"


def fetch_all(
    held: list[HeldSource], guard: Guard, agent: str
) -> list[tuple[HeldSource, FetchResponse | FetchError]]:
    """Fetch these feeds in parallel, within the time for one."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="news") as threads:
        return list(
            zip(held, threads.map(partial(_fetched, guard=guard, agent=agent), held), strict=True)
        )


def _fetched(held: HeldSource, guard: Guard, agent: str) -> FetchResponse | FetchError:
    """Follow a page to its feed, but only before the first successful fetch.

    A feed replaced by a page must not silently become another feed. An unexpected error affects
    only this feed.
    """
    deadline = Deadline(fetching.PATIENCE)
    try:
        response = fetching.fetch(held.url, held.etag, held.last_modified, agent, guard, deadline)
        feed = (
            ""
            if held.kind
            else feeds.named_feed(response.body, response.base, response.content_type)
        )
        return _of_page(feed, guard, agent, deadline) if feed else response
    except FetchError as trouble:
        return trouble
    except Exception:
        log.exception("news_unforeseen", source=str(held.id))
        return FetchError("failed")


def _of_page(feed: str, guard: Guard, agent: str, deadline: Deadline) -> FetchResponse:
    """Fetch the feed that a web page links to; its URL becomes the feed's.

    Raises FetchError about the page.
    """
    try:
        response = fetching.fetch(feed, agent=agent, guard=guard, deadline=deadline)
    except FetchError as trouble:
        raise FetchError("page", trouble.wait) from None
    if len(response.url) > LONGEST_ADDRESS:
        raise FetchError("page")
    return response


def store_result(held: HeldSource, response: FetchResponse | FetchError) -> bool:
    """Store the result.

    False if the feed is gone or leased by another process: then nothing is stored.
    """
    read = _read(response)
    source = hold(held)
    if source is None:
        return False
    now = clock.now()
    if isinstance(read, FetchError):
        store.mark_failed(source, read, now)
    elif isinstance(read, feeds.Feed):
        assert isinstance(response, FetchResponse)
        if source.kind or not store.is_anothers(source, response):
            store.save_items(source, read, response, now)
        else:
            store.mark_failed(source, FetchError("known"), now)
    else:
        store.mark_answered(source, read, now)
    return True


def _read(response: FetchResponse | FetchError) -> feeds.Feed | FetchResponse | FetchError:
    """Parse the response before anything is locked."""
    if isinstance(response, FetchError) or not response.is_new:
        return response
    try:
        return feeds.read(response.body, response.base, response.content_type)
    except FetchError as trouble:
        return trouble
