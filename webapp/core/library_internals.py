"""The private names of libraries that the site uses, and where it replaces what belongs to one; no
other module may (`tests/test_library_internals.py`).

A name that only makes pages cheaper has a place here if it saves 5 % of the processor time of a
main page. None does (docs/speed.md has the figures). What is here has no public way.
"""

from _socket import socket as _plain_socket
from typing import Any

from flask import g
from werkzeug import formparser
from werkzeug.sansio.multipart import MultipartDecoder

#: The interpreter's own socket. gevent replaces `socket.socket` by one that waits.
PlainSocket = _plain_socket


def set_reader(user: Any) -> None:
    """Answer this request for `user`. Flask-Login's `login_user` would write it to the session."""
    g._login_user = user


def decode_multipart_with(decoder: type[MultipartDecoder]) -> None:
    """Read forms with this decoder. Werkzeug's MultiPartParser makes its own, and asks nobody."""
    formparser.MultipartDecoder = decoder  # type: ignore[misc]


def note_horse(worker: Any, pid: int) -> None:
    """Note which child runs the job. RQ does so only where it forks one for each job."""
    worker._horse_pid = pid


def become_horse(worker: Any) -> None:
    """Note that this process is the child, as RQ does where it forks one for each job."""
    worker._is_horse = True
