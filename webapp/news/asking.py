"""Sources are asked: several at once, each once, outside of any transaction; what they said is
written one by one.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from ..core import clock
from . import feeds, fetching, keeping, leases
from .addresses import Guard
from .fetching import Answer
from .leases import Held
from .models import LONGEST_ADDRESS
from .troubles import Trouble
from .wire import Deadline

log = structlog.get_logger(__name__)

#: The job that asks those that are due. A wake-up: which ones, stands in the table.
JOB = "news.look"


def answers(held: list[Held], guard: Guard, agent: str) -> list[tuple[Held, Answer | Trouble]]:
    """What each says, or why it says nothing; all of them in the time that one may take."""
    with ThreadPoolExecutor(leases.AT_ONCE, thread_name_prefix="news") as threads:
        return list(
            zip(held, threads.map(partial(_asked, guard=guard, agent=agent), held), strict=True)
        )


def _asked(held: Held, guard: Guard, agent: str) -> Answer | Trouble:
    """A page leads to its feed where no feed was read yet: one that was does not become another's
    by a page in its place.

    What nobody has foreseen is this source's trouble alone: the others are not asked in vain.
    """
    deadline = Deadline(fetching.PATIENCE)
    try:
        said = fetching.fetch(held.url, held.etag, held.last_modified, agent, guard, deadline)
        feed = "" if held.kind else feeds.named_feed(said.body, said.base, said.content_type)
        return _of_page(feed, guard, agent, deadline) if feed else said
    except Trouble as trouble:
        return trouble
    except Exception:
        log.exception("news_unforeseen", source=str(held.id))
        return Trouble("failed")


def _of_page(feed: str, guard: Guard, agent: str, deadline: Deadline) -> Answer:
    """What the feed says that a web page names; where it stands is then the source's address.

    Raises Trouble: the page's.
    """
    try:
        said = fetching.fetch(feed, agent=agent, guard=guard, deadline=deadline)
    except Trouble as trouble:
        raise Trouble("page", trouble.wait) from None
    if len(said.url) > LONGEST_ADDRESS:
        raise Trouble("page")
    return said


def settle(held: Held, said: Answer | Trouble) -> bool:
    """The source has what it said.

    False when it is gone, or somebody else's turn came: then nothing is written.
    """
    read = _read(said)
    source = leases.still_ours(held)
    if source is None:
        return False
    now = clock.now()
    if isinstance(read, Trouble):
        keeping.failed(source, read, now)
    elif isinstance(read, feeds.Feed):
        assert isinstance(said, Answer)
        if source.kind or not keeping.is_anothers(source, said):
            keeping.keep(source, read, said, now)
        else:
            keeping.failed(source, Trouble("known"), now)
    else:
        keeping.answered(source, read, now)
    return True


def _read(said: Answer | Trouble) -> feeds.Feed | Answer | Trouble:
    """The feed in what was said, read before anything is locked."""
    if isinstance(said, Trouble) or not said.is_new:
        return said
    try:
        return feeds.read(said.body, said.base, said.content_type)
    except Trouble as trouble:
        return trouble
