"""A proxy in front of a server that can turn into a black hole: it accepts connections and data,
and returns nothing.
"""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Forward data in both directions until `swallow()`; `heal()` cuts those connections and
    forwards again.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._swallowing = False
        self._sockets: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def swallow(self) -> None:
        """Return nothing from now on, on existing and new connections."""
        self._swallowing = True

    def heal(self) -> None:
        """Close the connections of the outage, and let new ones reach the server."""
        self._swallowing = False
        self._cut()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._cut()

    def _cut(self) -> None:
        for one in list(self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(here,), daemon=True).start()

    def _serve(self, here: socket.socket) -> None:
        self._sockets.add(here)
        there = None
        with suppress(OSError):
            if not self._swallowing:
                there = socket.create_connection(("127.0.0.1", self.target))
                self._sockets.add(there)
                threading.Thread(target=self._pass_on, args=(there, here), daemon=True).start()
            self._pass_on(here, there)

    def _pass_on(self, source: socket.socket, sink: socket.socket | None) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                if sink is not None and not self._swallowing:
                    sink.sendall(said)
        for one in (source, sink):
            if one is not None:
                self._sockets.discard(one)
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
