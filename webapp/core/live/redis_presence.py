"""Who is where, across many processes: each says at its beat whom its lines hold, and what
nobody says again is forgotten.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import structlog
from redis import Redis
from redis.exceptions import RedisError

from ..patience import Patience
from .presence import BEAT, Presence

if TYPE_CHECKING:
    from .hub import Hub

log = structlog.get_logger(__name__)

#: Seconds for which one beat is believed: a process that was killed says nothing any more.
FRESH = BEAT + 4
#: Seconds after which Redis itself lets go of what nobody says again.
KEPT = 30
#: So many people are read of one place.
MOST = 500
_KEY = "folkmoot:here:"
_SITE = f"{_KEY}site"


class RedisPresence(Presence):
    """A sorted set for each place, and one for the site: people by the moment of the last beat, on
    Redis's clock.

    While Redis is away nobody is anywhere, and nobody waits.
    """

    def __init__(self, hub: "Hub", redis: Redis, patience: Patience) -> None:
        super().__init__(hub)
        self._redis = redis
        self._patience = patience

    def at(self, topic: str) -> list[str]:
        """Who is at this place, MOST of them, and those of this process at once; nobody while
        Redis is away.
        """
        answers = self._asked(
            lambda pipe: pipe.zrevrange(_KEY + topic, 0, MOST - 1, withscores=True)
        )
        if answers is None:
            return []
        now, people = answers
        said = {person.decode() for person, moment in people if _is_fresh(moment, now)}
        return list(said.union(super().at(topic)))

    def online(self, people: Iterable[str]) -> set[str] | None:
        """Those of these people who have any page open; None while Redis is away."""
        asked = list(people)
        if not asked:
            return set()
        answers = self._asked(lambda pipe: pipe.zmscore(_SITE, asked))
        if answers is None:
            return None
        now, moments = answers
        return {
            person for person, moment in zip(asked, moments, strict=True) if _is_fresh(moment, now)
        }

    def _gathered(
        self, here: dict[str, frozenset[str]], online: frozenset[str]
    ) -> dict[str, frozenset[str]]:
        """One question for the time, and one for everything else; nobody while Redis is away."""
        if not here and not online:
            return {}
        clock = self._asked()
        answers = (
            self._asked(lambda pipe: _say_and_ask(pipe, here, online, clock[0])) if clock else None
        )
        if answers is None:
            return {}
        found = answers[-len(here) :] if here else []
        return {
            topic: frozenset(map(bytes.decode, people))
            for topic, people in zip(here, found, strict=True)
        }

    def _asked(self, ask: Any = None) -> list[Any] | None:
        """The time on Redis's clock, and the answers to what `ask` puts into the pipeline; None
        while Redis is away.
        """
        if self._patience.is_over:
            return None
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.time()
                if ask is not None:
                    ask(pipe)
                (seconds, parts), *answers = pipe.execute()
        except (RedisError, OSError) as error:
            self._patience.lose()
            log.warning("live_presence_unavailable", error=type(error).__name__)
            return None
        return [seconds + parts / 1_000_000, *answers]


def _say_and_ask(
    pipe: Any, here: dict[str, frozenset[str]], online: frozenset[str], now: float
) -> None:
    for key, people in [
        (_SITE, online),
        *((_KEY + topic, people) for topic, people in here.items()),
    ]:
        if people:
            pipe.zadd(key, dict.fromkeys(people, now))
            pipe.zremrangebyscore(key, "-inf", now - KEPT)
            pipe.expire(key, KEPT)
    for topic in here:
        pipe.zrevrangebyscore(_KEY + topic, "+inf", now - FRESH, start=0, num=MOST)


def _is_fresh(moment: float | None, now: float) -> bool:
    return moment is not None and moment > now - FRESH
