"""A proxy in front of a server that can turn into a black hole: connections stay open, but nothing
passes.
"""

import select
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Proxy:
    """Forward data until `swallow()` is called."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = parts._replace(
            netloc=parts.netloc.replace(str(parts.port), str(self._server.getsockname()[1]))
        ).geturl()
        self._swallowing = False
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self) -> None:
        """Stop forwarding, in existing and new connections."""
        self._swallowing = True

    def close(self) -> None:
        """Refuse new connections."""
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._server.accept()[0]
                threading.Thread(target=self._pass, args=(near,), daemon=True).start()

    def _pass(self, near: socket.socket) -> None:
        with suppress(OSError), near, socket.create_connection(self._target) as far:
            while True:
                for readable in select.select([near, far], [], [])[0]:
                    words = readable.recv(65536)
                    if not words:
                        return
                    if not self._swallowing:
                        (far if readable is near else near).sendall(words)
