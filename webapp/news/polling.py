"""Sources are asked: several at once, each once, outside of any transaction; what they said is
written one by one.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from ..core.time import clock
from . import feeds, fetching, leases, store
from .fetch_errors import FetchError
from .fetching import FetchResponse
from .http_client import Deadline
from .leases import HeldSource
from .models import LONGEST_ADDRESS
from .ssrf_guard import Guard

log = structlog.get_logger(__name__)

#: The job that asks those that are due. A wake-up: which ones, is in the table.
JOB = "news.look"


def answers(
    held: list[HeldSource], guard: Guard, agent: str
) -> list[tuple[HeldSource, FetchResponse | FetchError]]:
    """What each says, or why it says nothing; all of them in the time that one may take."""
    with ThreadPoolExecutor(leases.AT_ONCE, thread_name_prefix="news") as threads:
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

    Raises Trouble: the page's.
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
    source = leases.still_ours(held)
    if source is None:
        return False
    now = clock.now()
    if isinstance(read, FetchError):
        store.failed(source, read, now)
    elif isinstance(read, feeds.Feed):
        assert isinstance(said, FetchResponse)
        if source.kind or not store.is_anothers(source, said):
            store.keep(source, read, said, now)
        else:
            store.failed(source, FetchError("known"), now)
    else:
        store.answered(source, read, now)
    return True


def _read(said: FetchResponse | FetchError) -> feeds.Feed | FetchResponse | FetchError:
    """The feed in what was said, read before anything is locked."""
    if isinstance(said, FetchError) or not said.is_new:
        return said
    try:
        return feeds.read(said.body, said.base, said.content_type)
    except FetchError as trouble:
        return trouble
