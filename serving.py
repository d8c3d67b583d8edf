"""How gunicorn's threads meet slow clients. A thread is lent to a request that comes, not to a connection that says nothing.

It stands outside of `webapp`: the master process reads it, before it is known where the processes measure what they do.
`docs/deploying.md`, “Slow clients”, says what it is for; tests/deploy/test_slow_clients.py holds it.
"""

import ssl
import threading
import time
from collections import Counter
from contextlib import contextmanager

from gunicorn import util
from gunicorn.http.errors import NoMoreData
from gunicorn.workers import gthread

#: Bytes a second that a body must bring, on the average, beyond REQUEST_SECONDS.
SLOWEST = 16 * 1024
#: Seconds in which a piece of an answer must be taken.
TAKING = 60
#: Seconds that a new connection may use a thread before it has said anything.
AT_ONCE = 0.05
#: Seconds that we listen to somebody who goes on sending what we no longer read, so that they hear our answer.
LINGER = 0.2


class TooSlow(NoMoreData):
    """What should have come in time did not. The application meets it as a client that has gone away, and says 408."""


class Waiting:
    """How many threads wait for bytes of one address: never more than `most` (0: no limit, everybody comes by a proxy)."""

    def __init__(self, most):
        self._most = most
        self._now = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, address):
        """A thread waits meanwhile. Raises TooSlow where so many do already."""
        with self._lock:
            if self._most and self._now[address] >= self._most:
                raise TooSlow(b"")
            self._now[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self._now[address] -= 1
                if not self._now[address]:
                    del self._now[address]


class Hurried:
    """A client's socket, as gunicorn's parser reads it: each request must be there in time."""

    def __init__(self, conn, seconds, waiting):
        self._sock = conn.sock
        self._address = conn.client[0] if isinstance(conn.client, tuple) else ""
        self._seconds = seconds
        self._waiting = waiting
        self._patience = None
        self.begin()

    def begin(self):
        """The next request's time runs from now on."""
        self._began, self._received = time.monotonic(), 0

    def recv(self, size):
        """What has come, as socket.recv. Raises TooSlow when the request's time is over."""
        try:
            data = self._now(size)
        except (BlockingIOError, ssl.SSLWantReadError):
            with self._waiting.place(self._address):
                data = self._soon(size)
        self._received += len(data)
        return data

    def gettimeout(self):
        """As of a socket: gunicorn is in a greater hurry with bodies that nobody reads."""
        return self._patience

    def settimeout(self, seconds):
        """The same."""
        self._patience = seconds

    def _now(self, size):
        self._sock.settimeout(0)
        try:
            return self._sock.recv(size)
        finally:
            self._sock.settimeout(TAKING)

    def _soon(self, size):
        left = self._began + self._seconds + self._received / SLOWEST - time.monotonic()
        wait = left if self._patience is None else min(left, self._patience)
        if left <= 0:
            raise TooSlow(b"")
        self._sock.settimeout(wait)
        try:
            return self._sock.recv(size)
        except TimeoutError as late:
            if wait < left:
                raise
            raise TooSlow(b"") from late
        finally:
            self._sock.settimeout(TAKING)


class Worker(gthread.ThreadWorker):
    """gunicorn's threads, which slow clients cannot use up: they wait in the poller, in time, or only a few."""

    waiting = None

    def handle(self, conn):
        """The request is answered. Whoever has said nothing yet goes to the poller, which needs no thread."""
        if not conn.initialized and not conn.wait_for_data(AT_ONCE):
            return gthread._DEFER
        conn.init()
        self._hurry(conn)
        kept = super().handle(conn)
        if not kept:
            _part(conn)
        return kept

    def _hurry(self, conn):
        config = self.wsgi.config
        if self.waiting is None:
            self.waiting = Waiting(0 if config["TRUSTED_PROXIES"] else max(2, self.cfg.threads // 4))
        source = conn.parser.unreader
        if isinstance(source.sock, Hurried):
            source.sock.begin()
        else:
            source.sock = Hurried(conn, config["REQUEST_SECONDS"], self.waiting)


def _part(conn):
    """The connection is closed, here: gunicorn would linger in the one thread that accepts everybody."""
    try:
        whole = conn.parser.mesg is not None and conn.parser.finish_body(deadline=time.monotonic() + LINGER)
    except Exception:  # what was sent made no sense, or the client has gone
        whole = False
    if whole:
        util.close(conn.sock)
    else:
        util.close_graceful(conn.sock, timeout=LINGER)
    conn.close = lambda graceful=False: None
