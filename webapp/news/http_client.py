"""A connection to one address, and to no other, that ends when its time is over, however slowly the
other side speaks.

`http.client` follows nothing, unpacks nothing and asks no environment for a proxy: what a source
may do is decided here.
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

#: Seconds that one of several addresses of a host is waited for.
_PER_WAY = 4.0


class Deadline:
    """The moment at which all that belongs to one request must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises FetchError when it has come."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError("silent")
        return left


@contextmanager
def request(
    target: Target, headers: dict[str, str], guard: Guard, deadline: Deadline
) -> Iterator[HTTPResponse]:
    """What stands at the target, its head read, its body still to come.

    Raises FetchError, also out of the reading inside.
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
    """Whatever goes wrong on a line is one of our words."""
    try:
        yield
    except TimeoutError:
        raise FetchError("silent") from None
    except ssl.SSLCertVerificationError:
        raise FetchError("certificate") from None
    except (OSError, HTTPException, ValueError):
        raise FetchError("broken_off") from None


def _connected(target: Target, guard: Guard, deadline: Deadline) -> socket.socket:
    """A line to the first of the target's addresses that answers."""
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
    """It speaks on the line that it is given, and never opens one."""

    def connect(self) -> None:
        """There is a line, or none any more."""
        raise FetchError("broken_off")


class _Timed:
    """A socket of which every single read and write takes no longer than the deadline leaves."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line, self._deadline = line, deadline

    def sendall(self, data: bytes) -> None:
        """All of it has gone out."""
        self._line.settimeout(self._deadline.left())
        self._line.sendall(data)

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        """What comes in."""
        return io.BufferedReader(_Incoming(self._line, self._deadline))

    def close(self) -> None:
        """The line is closed by the caller that opened it: its answer is still being read."""


class _Incoming(io.RawIOBase):
    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line, self._deadline = line, deadline

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """What has come, waiting no longer than the deadline leaves."""
        self._line.settimeout(self._deadline.left())
        return self._line.recv_into(buffer)
