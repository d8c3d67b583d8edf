"""Look at a socket without waiting for it and without taking anything from it."""

import socket

from .library_internals import PlainSocket


def peek(number: int) -> bytes | None:
    """Return a byte that has arrived at the socket with this file number; None if nothing has.

    b"" means that the other side has closed it, or that it isn't open.
    """
    try:
        # the plain socket, so that this never waits, not even with gevent's patches
        plain = PlainSocket(socket.AF_INET, socket.SOCK_STREAM, 0, number)
    except (OSError, ValueError):
        return b""
    try:
        return plain.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""
    finally:
        plain.detach()
