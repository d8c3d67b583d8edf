"""HTTP connections to one address only, which end at a deadline, however slowly the server answers.

`http.client` follows no redirects, uncompresses nothing and reads no proxy from the environment:
this package decides all of that.
"""

import io
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from .fetch_errors import FetchError
from .ssrf_guard import Guard, Target, Way

#: Seconds to wait for each of a host's addresses.
_PER_WAY = 4.0


class Deadline:
    """The time by which everything about one request must be finished."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left. Raises FetchError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError("silent")
        return left


@contextmanager
def request(
    target: Target, headers: dict[str, str], guard: Guard, deadline: Deadline
) -> Iterator[HTTPResponse]:
    """Yield the response of the target, with headers read and the body still to come.

    Raises FetchError, also for errors while reading it.
    """
    with _as_trouble():
        line = _connected(target, guard, deadline)
        try:
            talk = _Talk(target.host, target.port)
            talk.sock = _Timed(line, deadline)
            talk.request(
                "GET",
                target.path,
                headers={"Host": target.authority, "Connection": "close", **headers},
            )
            yield talk.getresponse()
        finally:
            line.close()


@contextmanager
def _as_trouble() -> Iterator[None]:
    """Convert network errors to FetchError."""
    try:
        yield
    except TimeoutError:
        raise FetchError("silent") from None
    except ssl.SSLCertVerificationError:
        raise FetchError("certificate") from None
    except (OSError, HTTPException, ValueError):
        raise FetchError("broken_off") from None


def _connected(target: Target, guard: Guard, deadline: Deadline) -> socket.socket:
    """Connect to the first of the target's addresses that answers."""
    for way in guard.ways_to(target, deadline.left()):
        line = _dialled(way, deadline)
        if line is not None:
            return _secured(line, target, deadline) if target.scheme == "https" else line
    raise FetchError("silent")


def _dialled(way: Way, deadline: Deadline) -> socket.socket | None:
    family, where = way
    line = socket.socket(family, socket.SOCK_STREAM)
    try:
        line.settimeout(min(_PER_WAY, deadline.left()))
        line.connect(where)
    except OSError:
        line.close()
        return None
    return line


def _secured(line: socket.socket, target: Target, deadline: Deadline) -> ssl.SSLSocket:
    try:
        line.settimeout(deadline.left())
        return _trusted().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Talk(HTTPConnection):
    """Uses the socket it is given, and never opens one."""

    def connect(self) -> None:
        """Refuse to open a connection."""
        raise FetchError("broken_off")


class _Timed:
    """A socket whose every read and write is limited by the deadline."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line, self._deadline = line, deadline

    def sendall(self, data: bytes) -> None:
        """Send all data."""
        self._line.settimeout(self._deadline.left())
        self._line.sendall(data)

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        """Return a reader of the response."""
        return io.BufferedReader(_Incoming(self._line, self._deadline))

    def close(self) -> None:
        """Do nothing: the caller that opened the socket closes it, while the response is still
        read.
        """


class _Incoming(io.RawIOBase):
    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line, self._deadline = line, deadline

    def readable(self) -> bool:
        """Always readable."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has arrived, waiting no longer than the deadline allows."""
        self._line.settimeout(self._deadline.left())
        return self._line.recv_into(buffer)
