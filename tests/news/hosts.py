"""Hosts on this machine that behave as a test wants, under internet names, and the guard that lets
the site reach them.
"""

import socket
import ssl
import threading
from contextlib import suppress
from ipaddress import ip_address

from webapp.news.ssrf_guard import Guard, is_public

#: The end of a request's headers.
END = b"\r\n\r\n"
LOOPBACK = ip_address("127.0.0.1")
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The weir</title><link>https://weir.example.org/</link>
<item><guid>1</guid><title>Eels are back</title><link>/eels</link><description>&lt;p&gt;Forty of them.&lt;/p&gt;</description>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0000</pubDate></item>
<item><guid>2</guid><title>Low water</title><link>/low</link><description>Mind the stones.</description>
<pubDate>Sun, 01 Mar 2026 10:00:00 +0000</pubDate></item>
</channel></rss>"""  # noqa: E501


def answer(body=b"", status="200 OK", length=None, **headers):
    """Return the bytes of a response; `length` is its Content-Length."""
    body = body.encode() if isinstance(body, str) else body
    said = {"Content-Length": len(body) if length is None else length}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [
        f"HTTP/1.1 {status}",
        *(f"{name}: {value}" for name, value in said.items() if value != ""),
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def feed(text=RSS, **headers):
    """Return a response with a feed."""
    return answer(text, Content_Type="application/rss+xml", **headers)


def guard_to(port, **ways):
    """Return `Host.guard` of the host at this port, for use in another process."""
    known = {"weir.example.org": "127.0.0.1"} | {
        name.replace("_", "."): way for name, way in ways.items()
    }

    def look_up(host, port, seconds):
        return [(socket.AF_INET, (known.get(host, host), port))]

    return Guard(
        frozenset({port, 80, 443}),
        lambda address: address == LOOPBACK or is_public(address),
        look_up,
    )


class Host:
    """A host that answers each request with the bytes that `says` returns, or with pieces of them
    one after the other.

    `says(head)` gets the request's headers; `asked` collects them.
    """

    def __init__(self, says, certificate=None):
        self._secure = None
        if certificate:
            self._secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._secure.load_cert_chain(*certificate)
        self.says = says if callable(says) else lambda _head: says
        self.asked: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._server.shutdown(socket.SHUT_RDWR)  # or accept() would take one more
        self._server.close()

    @property
    def url(self):
        """Return its URL, with a name that only the test's guard knows."""
        return f"http://weir.example.org:{self.port}/feed"

    def guard(self, **ways):
        """Return a guard that resolves its name, and others by `ways`, and allows only this port of
        this machine.
        """
        return guard_to(self.port, **ways)

    def wait(self, seconds=30):
        """Wait until the test is over."""
        self._over.wait(seconds)

    def _accept(self):
        with suppress(OSError):
            while True:
                line = self._server.accept()[0]
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line):
        with suppress(OSError), line:
            line = self._secure.wrap_socket(line, server_side=True) if self._secure else line
            head = b""
            while (not head or END not in head) and (more := line.recv(65536)):
                head += more
            self.asked.append(head.decode("latin-1"))
            said = self.says(head.decode("latin-1"))
            for piece in [said] if isinstance(said, bytes) else said:
                line.sendall(piece)
