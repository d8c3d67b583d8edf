"""Live pages: a signal says that something changed, never what; the page then asks for its part
under its own rights.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Flask, current_app

from ..db.after_commit import after_commit
from .hub import EVERYTHING as EVERYTHING
from .hub import Hub
from .hub import HubFull as HubFull
from .redis_hub import RedisHub

#: prefix of a topic ("event") -> may this user (or visitor) listen to the topic with this id
WATCHERS: dict[str, Callable[[Any, str], bool]] = {}

#: prefix of a topic -> whether it is told who is at the thing with this id
PLACES: dict[str, Callable[[UUID], bool]] = {}

#: A stream listens to so many topics at most: one browser's tabs.
MOST_TOPICS = 60
_NAME = re.compile(r"[a-z]{1,20}(:[A-Za-z0-9_-]{1,80}){1,3}")


def topic(prefix: str) -> Callable[[Callable[[Any, UUID], bool]], Callable[[Any, str], bool]]:
    """The decorated `may_watch(user, id)` decides who may listen to `prefix:id` and everything
    under it.

    It is asked when a stream opens and again while it is open, outside of any request: `user` is a
    User or a Visitor. What the browser sent and is no id, nobody may listen to.
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
    """The decorated `shows_readers(id)` decides whether who watches `prefix:id` is said to
    others there.

    It is asked with `may_watch`. Where it says no, nothing about that thing is gathered, and
    nothing leaves the process.
    """

    def register(function: Callable[[UUID], bool]) -> Callable[[UUID], bool]:
        PLACES[prefix] = function
        return function

    return register


def presence_topics(names: Iterable[str]) -> frozenset[str]:
    """Those of the topics, which someone may watch, that say who is there."""
    parted = [(name, *name.split(":")) for name in names if name.count(":") == 1]
    return frozenset(
        name for name, prefix, id in parted if prefix in PLACES and PLACES[prefix](UUID(id))
    )


def people_at(name: str) -> list[UUID]:
    """Who has a page of this topic open, of those who let others see it; nobody while Redis is
    away.
    """
    return list(map(UUID, hub().presence.at(name)))


def online(ids: Iterable[UUID]) -> set[UUID] | None:
    """Those of these people who have any page open, likewise; None where nobody can say."""
    found = hub().presence.online(map(str, ids))
    return None if found is None else set(map(UUID, found))


def may_watch(user: Any, name: str) -> bool:
    """Whether the feature to which this topic belongs lets `user` listen; what nobody knows,
    nobody may.
    """
    if not _NAME.fullmatch(name):
        return False
    prefix, id, *_part = name.split(":")
    watcher = WATCHERS.get(prefix)
    return watcher is not None and watcher(user, id)


def allowed(user: Any, names: Iterable[str]) -> list[str]:
    """Those of the topics that `user` may listen to, each once; a feature is asked once for
    parts of the same thing.
    """
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
    """Everyone who listens to the topic of `name` (such as `event:42:rsvps`) hears it once this
    transaction has committed.
    """
    after_commit(_publish, name)


def rights_changed(user_id: Any) -> None:
    """Once this transaction has committed, the open streams of this person ask again what they
    may hear.
    """
    signal(rights_of(user_id))


def rights_of(user_id: Any) -> str:
    """The name of the signal upon which this person's streams look at their rights again; it
    reaches no page.
    """
    return f"user:{user_id}:rights"


def hub() -> Hub:
    """This process's hub."""
    return current_app.extensions["live"]


def _publish(name: str) -> None:
    hub().publish(name)


def init_app(app: Flask) -> None:
    """The application has a hub: through Redis where there is one.

    No thread starts before the first stream.
    """
    url, places = app.config["REDIS_URL"], app.config["LIVE_PLACES"] or 16
    app.extensions["live"] = (
        RedisHub(places, url, app.extensions["circuit_breaker"]) if url else Hub(places)
    )


def configure_worker(app: Flask, worker: Any) -> None:
    """Streams end when this gunicorn worker is told to stop; unless LIVE_PLACES is set they leave
    half its threads to pages.

    A gevent worker has no threads to run out of: there, all connections but a hundred are places.
    """
    hub: Hub = app.extensions["live"]
    hub.watchman.stopping = lambda: not worker.alive
    if not app.config["LIVE_PLACES"]:
        spare = (
            worker.cfg.worker_connections - 100
            if "gevent" in worker.cfg.worker_class_str
            else worker.cfg.threads // 2
        )
        hub.places = max(1, spare)
