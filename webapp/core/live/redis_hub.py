"""The hub of many processes: signals go through Redis, and every process with streams listens."""

import os
import threading
import time
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from ..patience import Patience, patient
from .hub import Hub
from .line import Line
from .redis_presence import RedisPresence

log = structlog.get_logger(__name__)


class RedisHub(Hub):
    """A request does not wait for Redis: what cannot be sent at once is heard in this process
    only.
    """

    QUIET = 15.0  # nothing heard for so long: is anyone there?
    BACK_OFF = (0.2, 5.0)  # seconds between two tries to subscribe: the first, the longest

    def __init__(self, places: int, url: str, patience: Patience | None = None) -> None:
        super().__init__(places)
        self._url = url
        never_again: dict[str, Any] = {"retry": Retry(NoBackoff(), 0)}
        self._redis = patient(url)
        self._subscriber = Redis.from_url(
            url, socket_connect_timeout=2, socket_timeout=5, **never_again
        )
        database = self._redis.connection_pool.connection_kwargs.get("db") or 0
        self.channel = f"folkmoot:live:{database}"  # Redis's channels know no databases
        self._patience = patience or Patience()
        self.presence = RedisPresence(self, self._redis, self._patience)
        self._listening: int | None = None
        self._start_lock = threading.Lock()

    def open(self, *args: Any, **options: Any) -> Line:
        """As in one process; the first stream begins to listen to the others."""
        line = super().open(*args, **options)
        with self._start_lock:
            if self._listening != os.getpid():
                self._listening = os.getpid()
                threading.Thread(
                    target=self._listen_forever, name="live-redis", daemon=True
                ).start()
        return line

    def publish(self, name: str) -> None:
        """Every process hears `name`; while Redis is away, this one."""
        if self._patience.is_over:
            return self.deliver(name)
        try:
            self._redis.publish(self.channel, name)
        except (RedisError, OSError) as error:
            self._patience.lose()
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
        """Delivers what comes until the connection breaks; from the moment it stands, nothing is
        missed.
        """
        with self._subscriber.pubsub() as subscription:
            subscription.subscribe(self.channel)
            asked = False
            while True:
                message = subscription.get_message(timeout=2 if asked else self.QUIET)
                if message is None and asked:
                    raise ConnectionError("Redis does not answer")
                asked = message is None
                if asked:
                    subscription.ping()
                elif message["type"] == "subscribe":
                    self.missed_something()
                elif message["type"] == "message":
                    self.deliver(message["data"].decode())
