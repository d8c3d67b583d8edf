"""Many open streams in one thread, with the times at which each receives a signal."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .load import Failed


class Listeners:
    """Streams that stay open.

    `heard` maps each signal to the times at which streams received it, one for each stream, in
    seconds of `time.perf_counter`.
    """

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self.port = port
        self.requests = requests
        self.open = 0
        self.refused: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.heard: dict[str, list[float]] = {}
        self.loop = asyncio.new_event_loop()

    async def listen(self, request: bytes) -> None:
        """Hold one stream until its task is cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n")[0]:
                self.refused.append(head.decode())
                return
            self.open += 1
            async for line in reader:
                if line.startswith(b"data: "):
                    self.heard.setdefault(line[6:].strip().decode(), []).append(time.perf_counter())
            self.open -= 1
        finally:
            writer.close()

    def run(self) -> None:
        """Open all streams, 3 ms apart, so that none has to wait for a connection."""
        asyncio.set_event_loop(self.loop)
        for number, request in enumerate(self.requests):
            self.loop.call_later(number * 0.003, self.begin, request)
        self.loop.run_forever()

    def begin(self, request: bytes) -> None:
        """Open one more stream.

        Keep its task: the event loop holds only a weak reference.
        """
        self.tasks.append(self.loop.create_task(self.listen(request)))

    def hang_up(self) -> None:
        """Close every stream and the loop."""
        for task in self.tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*self.tasks, return_exceptions=True))
        self.loop.close()

    def wait(self, seconds: float) -> None:
        """Wait until all streams are open. Raise Failed if some aren't after this many seconds."""
        deadline = time.monotonic() + seconds
        while self.open < len(self.requests):
            if time.monotonic() > deadline:
                raise Failed(
                    f"{self.open} of {len(self.requests)} streams are open, {len(self.refused)} "
                    "were refused"
                )
            time.sleep(0.05)


@contextmanager
def listening(port: int, requests: list[bytes]) -> Iterator[Listeners]:
    """Keep the streams open for the duration of the block."""
    listeners = Listeners(port, requests)
    thread = threading.Thread(target=listeners.run, daemon=True)
    thread.start()
    try:
        listeners.wait(60)
        yield listeners
    finally:
        listeners.loop.call_soon_threadsafe(listeners.loop.stop)
        thread.join()
        listeners.hang_up()
