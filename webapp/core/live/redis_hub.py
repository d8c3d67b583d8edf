"""The hub of several processes: signals go through Redis, and every process with streams
listens.
"""

import os
import threading
import time
from collections.abc import Iterable
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ..redis_client import CircuitBreaker, connect
from .hub import Hub
from .presence import BEAT, Presence
from .streams import Streams
from .subscription import Subscription

log = structlog.get_logger(__name__)

#: Seconds for which a beat counts: a killed process sends no more.
FRESH = BEAT + 4
#: Seconds after which Redis deletes what no process repeats.
KEPT = 30
#: The most people read for one place.
MOST = 500
_KEY = "folkmoot:here:"
_SITE = f"{_KEY}site"


class RedisPresence(Presence):
    """Presence in Redis: a sorted set for each place and one for the site, of people by their last
    beat.

    Times are by Redis's clock. While Redis is down nobody is shown, and nobody waits.
    """

    def __init__(self, streams: Streams, redis: Redis, breaker: CircuitBreaker) -> None:
        super().__init__(streams)
        self._redis = redis
        self._breaker = breaker

    def at(self, topic: str) -> list[str]:
        """Return who is at this place, at most MOST, plus those of this process; nobody while Redis
        is down.
        """
        answers = self._asked(
            lambda pipe: pipe.zrevrange(_KEY + topic, 0, MOST - 1, withscores=True)
        )
        if answers is None:
            return []
        now, people = answers
        present = {person.decode() for person, moment in people if _is_fresh(moment, now)}
        return list(present.union(super().at(topic)))

    def online(self, people: Iterable[str]) -> set[str] | None:
        """Return those of these people who have any page open; None while Redis is down."""
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
        """Take two calls: one for the time, one for everything else.

        Return nobody while Redis is down.
        """
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
        """Return Redis's time and the answers to what `ask` adds to the pipeline; None while Redis
        is down.
        """
        if self._breaker.is_open:
            return None
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.time()
                if ask is not None:
                    ask(pipe)
                (seconds, parts), *answers = pipe.execute()
        except (RedisError, OSError) as error:
            self._breaker.trip()
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


class RedisHub(Hub):
    """Sends signals through Redis.

    No request waits for it: while it is down only this process hears them.
    """

    QUIET = 15.0  # seconds without a message before Redis is pinged
    BACK_OFF = (0.2, 5.0)  # seconds between attempts to subscribe: the first, the longest

    def __init__(self, places: int, url: str, breaker: CircuitBreaker | None = None) -> None:
        super().__init__(places)
        self._url = url
        never_again: dict[str, Any] = {"retry": Retry(NoBackoff(), 0)}
        self._redis = connect(url)
        self._subscriber = Redis.from_url(
            url, socket_connect_timeout=2, socket_timeout=5, **never_again
        )
        database = self._redis.connection_pool.connection_kwargs.get("db") or 0
        self.channel = f"folkmoot:live:{database}"  # channels are shared by Redis's databases
        self._breaker = breaker or CircuitBreaker()
        self.presence = RedisPresence(self, self._redis, self._breaker)
        self._listening: int | None = None
        self._start_lock = threading.Lock()

    def open(self, *args: Any, **options: Any) -> Subscription:
        """Open a stream. The first one starts listening to the other processes."""
        subscription = super().open(*args, **options)
        with self._start_lock:
            if self._listening != os.getpid():
                self._listening = os.getpid()
                threading.Thread(
                    target=self._listen_forever, name="live-redis", daemon=True
                ).start()
        return subscription

    def publish(self, name: str) -> None:
        """Send the signal to every process; while Redis is down only to this one."""
        if self._breaker.is_open:
            return self.deliver(name)
        try:
            self._redis.publish(self.channel, name)
        except (RedisError, OSError) as error:
            self._breaker.trip()
            log.warning("live_publish_failed", error=type(error).__name__)
            self.deliver(name)

    def _listen_forever(self) -> None:
        first, longest = self.BACK_OFF
        pause = first
        while True:
            started = time.monotonic()
            try:
                self._listen()
            except (RedisError, OSError) as error:
                log.warning("live_subscription_lost", error=type(error).__name__)
            except Exception:
                log.exception("live_subscription_failed")
            pause = first if time.monotonic() - started > longest else min(pause * 2, longest)
            time.sleep(pause)

    def _listen(self) -> None:
        """Deliver messages until the connection breaks. None is missed once it is subscribed."""
        with self._subscriber.pubsub() as pubsub:
            pubsub.subscribe(self.channel)
            asked = False
            while True:
                message = pubsub.get_message(timeout=2 if asked else self.QUIET)
                if message is None and asked:
                    raise ConnectionError("Redis does not answer")
                asked = message is None
                if asked:
                    pubsub.ping()
                elif message["type"] == "subscribe":
                    self.refetch_all()
                elif message["type"] == "message":
                    self.deliver(message["data"].decode())
