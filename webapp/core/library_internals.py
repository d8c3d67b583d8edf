"""The private names of libraries that the site uses, and where it replaces what belongs to one; no
other module may (`tests/test_library_internals.py`).

What only makes pages cheaper has a place here if it saves 5 % of the processor time of a main page:
`html_params` saves 16 % of that for a new event (decision 67 has all figures). The rest has no
public way.
"""

from _socket import socket as _plain_socket
from typing import Any

from flask import g
from markupsafe import Markup, escape
from werkzeug import formparser
from werkzeug.sansio.multipart import MultipartDecoder
from wtforms.widgets import core as widgets

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


def html_params(**given: Any) -> Markup:
    """Format a tag's attributes as WTForms does, whose own function takes ten times as many
    calls.
    """
    attributes = []
    for name, value in sorted(given.items()):
        if value is not False:
            shown = "" if value is True else '="' + str(escape(value)).replace('"', "&quot;") + '"'
            attributes.append(widgets.clean_key(name) + shown)
    return Markup(" ".join(attributes))  # noqa: S704 - each value is escaped


widgets.html_params = html_params
for _widget in (widgets.Input, widgets.Button):
    _widget.html_params = staticmethod(html_params)
