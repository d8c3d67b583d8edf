"""A proxy before a server that can begin to swallow: connections stay open, and not a word
passes.
"""

import select
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Proxy:
    """Passes on what comes, until `swallow()`."""

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
        """From now on nothing is passed on, in old connections and in new ones."""
        self._swallowing = True

    def close(self) -> None:
        """Nobody can connect any more."""
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
