"""Live pages: a signal says that something changed, never what.

The page then fetches its fragment under its own rights.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Flask, current_app

from ..db.after_commit import after_commit
from .hub import EVERYTHING as EVERYTHING, Hub, HubFull as HubFull
from .redis_hub import RedisHub

#: Prefix of a topic ("event") -> whether a user or visitor may listen to the topic with this id
WATCHERS: dict[str, Callable[[Any, str], bool]] = {}

#: Prefix of a topic -> whether it shows who is at the thing with this id
PLACES: dict[str, Callable[[UUID], bool]] = {}

#: The most topics of a stream: one browser's tabs.
MOST_TOPICS = 60
_NAME = re.compile(r"[a-z]{1,20}(:[A-Za-z0-9_-]{1,80}){1,3}")


def topic(prefix: str) -> Callable[[Callable[[Any, UUID], bool]], Callable[[Any, str], bool]]:
    """Register `may_watch(user, id)`: who may listen to `prefix:id` and everything below it.

    It is called when a stream opens and while it is open, outside any request. `user` is a User or
    a Visitor. Malformed ids are refused.
    """

    def register(function: Callable[[Any, UUID], bool]) -> Callable[[Any, str], bool]:
        @wraps(function)
        def watcher(user: Any, id: str) -> bool:
            try:
                wanted = UUID(id)
            except ValueError:
                return False
            return function(user, wanted)

        WATCHERS[prefix] = watcher
        return watcher

    return register


def presence_place(prefix: str) -> Callable[[Callable[[UUID], bool]], Callable[[UUID], bool]]:
    """Register `shows_readers(id)`: whether people with `prefix:id` open are shown to others there.

    It is called with `may_watch`. If false, presence isn't collected, and nothing leaves the
    process.
    """

    def register(function: Callable[[UUID], bool]) -> Callable[[UUID], bool]:
        PLACES[prefix] = function
        return function

    return register


def presence_topics(names: Iterable[str]) -> frozenset[str]:
    """Return those of the topics that show who is there."""
    parted = [(name, *name.split(":")) for name in names if name.count(":") == 1]
    return frozenset(
        name for name, prefix, id in parted if prefix in PLACES and PLACES[prefix](UUID(id))
    )


def people_at(name: str) -> list[UUID]:
    """Return who has a page of this topic open and lets others see it; nobody while Redis is
    down.
    """
    return list(map(UUID, hub().presence.at(name)))


def online(ids: Iterable[UUID]) -> set[UUID] | None:
    """Return those who have any page open and let others see it; None if that is unknown."""
    found = hub().presence.online(map(str, ids))
    return None if found is None else set(map(UUID, found))


def may_watch(user: Any, name: str) -> bool:
    """Whether `user` may listen to this topic. Unknown topics are refused."""
    if not _NAME.fullmatch(name):
        return False
    prefix, id, *_part = name.split(":")
    watcher = WATCHERS.get(prefix)
    return watcher is not None and watcher(user, id)


def allowed(user: Any, names: Iterable[str]) -> list[str]:
    """Return the topics that `user` may listen to, without duplicates. Asks once for each thing."""
    kept = []
    answers: dict[str, bool] = {}
    for name in list(dict.fromkeys(names))[:MOST_TOPICS]:
        thing = ":".join(name.split(":")[:2])
        if thing not in answers:
            answers[thing] = may_watch(user, thing)
        if answers[thing] and _NAME.fullmatch(name):
            kept.append(name)
    return kept


def signal(name: str) -> None:
    """Notify listeners of the topic, such as `event:42:rsvps`, after this transaction commits."""
    after_commit(_publish, name)


def rights_changed(user_id: Any) -> None:
    """Make this person's open streams check their rights again, after this transaction commits."""
    signal(rights_of(user_id))


def rights_of(user_id: Any) -> str:
    """Return the name of the signal that makes this person's streams check their rights.

    No page gets it.
    """
    return f"user:{user_id}:rights"


def hub() -> Hub:
    """Return this process's hub."""
    return current_app.extensions["live"]


def _publish(name: str) -> None:
    hub().publish(name)


def init_app(app: Flask) -> None:
    """Create the hub: on Redis if configured.

    No thread starts before the first stream.
    """
    url, places = app.config["REDIS_URL"], app.config["LIVE_CONNECTIONS"] or 16
    app.extensions["live"] = (
        RedisHub(places, url, app.extensions["circuit_breaker"]) if url else Hub(places)
    )


def configure_worker(app: Flask, worker: Any) -> None:
    """End streams when this gunicorn worker stops.

    Unless LIVE_CONNECTIONS is set, streams use half of its threads. A gevent worker can't run out
    of threads: streams use all connections but a hundred.
    """
    hub: Hub = app.extensions["live"]
    hub.reaper.stopping = lambda: not worker.alive
    if not app.config["LIVE_CONNECTIONS"]:
        spare = (
            worker.cfg.worker_connections - 100
            if "gevent" in worker.cfg.worker_class_str
            else worker.cfg.threads // 2
        )
        hub.places = max(1, spare)
