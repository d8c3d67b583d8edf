"""Sources are asked: several at once, each once, outside of any transaction; what they said is
written one by one.
"""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog

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
#: So long a process that asks may be silent before another asks: several times what
#: `fetching.PATIENCE` allows.
LEASE = timedelta(minutes=2)
#: So many sources are asked at once: a site of one process has other things to do, too.
AT_ONCE = 6


class HeldSource(NamedTuple):
    """A source that we, and nobody else, ask while the lease lasts."""

    id: uuid.UUID
    group_id: uuid.UUID | None
    lease: uuid.UUID
    url: str
    etag: str
    last_modified: str
    kind: str


def take() -> list[HeldSource]:
    """Sources that are due, those that have waited longest first: ours once this commits."""
    now = clock.database_now()
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
    """What holds of sources that should be asked and that nobody asks: those of a group that was
    put away rest.
    """
    is_free = sa.or_(NewsSource.leased_until.is_(None), NewsSource.leased_until <= now)
    is_active = sa.exists().where(Group.id == NewsSource.group_id, Group.deleted_at.is_(None))
    return sa.and_(
        NewsSource.due_at <= now, is_free, sa.or_(NewsSource.group_id.is_(None), is_active)
    )


def hold(held: HeldSource) -> NewsSource | None:
    """The source, under its lock, to be written to: None when it is gone, or someone else's by
    now. The lease is over.

    Its group is held before it, as by anyone who removes a source: its items name both.
    """
    db.session.execute(
        sa.select(Group.id)
        .where(Group.id == held.group_id)
        .with_for_update(read=True, key_share=True)
    )
    query = (
        sa.select(NewsSource)
        .where(NewsSource.id == held.id, NewsSource.lease == held.lease)
        .with_for_update()
    )
    source = db.session.scalar(query, execution_options=POPULATE_EXISTING)
    if source is not None:
        source.lease = source.leased_until = None
    return source


#: The job that asks those that are due. A wake-up: which ones, is in the table.
JOB = "news.look"


def fetch_all(
    held: list[HeldSource], guard: Guard, agent: str
) -> list[tuple[HeldSource, FetchResponse | FetchError]]:
    """What each says, or why it says nothing; all of them in the time that one may take."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="news") as threads:
        return list(
            zip(held, threads.map(partial(_asked, guard=guard, agent=agent), held), strict=True)
        )


def _asked(held: HeldSource, guard: Guard, agent: str) -> FetchResponse | FetchError:
    """A page leads to its feed where no feed was read yet: one that was does not become another's
    by a page in its place.

    What nobody has foreseen is this source's trouble alone: the others are not asked in vain.
    """
    deadline = Deadline(fetching.PATIENCE)
    try:
        said = fetching.fetch(held.url, held.etag, held.last_modified, agent, guard, deadline)
        feed = "" if held.kind else feeds.named_feed(said.body, said.base, said.content_type)
        return _of_page(feed, guard, agent, deadline) if feed else said
    except FetchError as trouble:
        return trouble
    except Exception:
        log.exception("news_unforeseen", source=str(held.id))
        return FetchError("failed")


def _of_page(feed: str, guard: Guard, agent: str, deadline: Deadline) -> FetchResponse:
    """What the feed says that a web page names; where it stands is then the source's address.

    Raises FetchError: the page's.
    """
    try:
        said = fetching.fetch(feed, agent=agent, guard=guard, deadline=deadline)
    except FetchError as trouble:
        raise FetchError("page", trouble.wait) from None
    if len(said.url) > LONGEST_ADDRESS:
        raise FetchError("page")
    return said


def store_result(held: HeldSource, said: FetchResponse | FetchError) -> bool:
    """The source has what it said.

    False when it is gone, or someone else's turn came: then nothing is written.
    """
    read = _read(said)
    source = hold(held)
    if source is None:
        return False
    now = clock.now()
    if isinstance(read, FetchError):
        store.mark_failed(source, read, now)
    elif isinstance(read, feeds.Feed):
        assert isinstance(said, FetchResponse)
        if source.kind or not store.is_anothers(source, said):
            store.save_items(source, read, said, now)
        else:
            store.mark_failed(source, FetchError("known"), now)
    else:
        store.mark_answered(source, read, now)
    return True


def _read(said: FetchResponse | FetchError) -> feeds.Feed | FetchResponse | FetchError:
    """The feed in what was said, read before anything is locked."""
    if isinstance(said, FetchError) or not said.is_new:
        return said
    try:
        return feeds.read(said.body, said.base, said.content_type)
    except FetchError as trouble:
        return trouble
