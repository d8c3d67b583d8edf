"""Two ways to ask much: `read` asks for one page as fast as it comes, by wrk; `send` sends
requests that are all different.
"""

import asyncio
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

#: How an open page asks for a part of it again.
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
LUA = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 32


class Failed(Exception):
    """Requests did not get what they asked for: there is no figure."""


class TooSlow(Failed):
    """The load was over before anything was answered."""


class Load(NamedTuple):
    """What a load got: requests that were answered, in how many seconds, and how long one waited
    (ms).
    """

    requests: int
    seconds: float
    p50: float
    p99: float
    statuses: Mapping[int, int] = {}

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def read(
    url: str, headers: Mapping[str, str], seconds: float, connections: int = CONNECTIONS
) -> Load:
    """The page again and again for so many seconds.

    Raises Failed when a single answer was an error or came after twenty seconds, TooSlow when none
    came at all.
    """
    words = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    shape = [
        f"-t{min(2, connections)}",
        f"-c{connections}",
        f"-d{seconds:.0f}s",
        "--timeout",
        "20s",
    ]
    done = subprocess.run(
        ["wrk", *shape, "-s", str(LUA), *words, url], capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise Failed(f"wrk: {done.stderr.strip() or done.stdout.strip()}")
    found = json.loads(lines[0])
    failed = found.pop("failed")
    if failed:
        raise Failed(f"{url}: {found['requests']} answers, {failed} failed")
    if not found["requests"]:
        raise TooSlow(f"{url}: no answer in {seconds:.0f} seconds")
    return Load(**found)


def send(
    port: int, requests: Iterator[bytes], seconds: float, connections: int = CONNECTIONS
) -> Load:
    """Requests, each once, for so many seconds or until there are none left; every one that was
    sent is waited for.
    """
    return asyncio.run(_send(port, requests, seconds, connections))


async def _send(port: int, requests: Iterator[bytes], seconds: float, connections: int) -> Load:
    statuses: Counter[int] = Counter()
    waits: list[float] = []
    started = time.perf_counter()

    async def browser() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (
            time.perf_counter() - started < seconds
            and (request := next(requests, None)) is not None
        ):
            asked = time.perf_counter()
            writer.write(request)
            status, closes = await answer_to(reader)
            statuses[status] += 1
            waits.append((time.perf_counter() - asked) * 1000)
            if closes:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(browser() for _ in range(connections)))
    if not waits:
        raise Failed("nothing was sent")
    waits.sort()
    p50, p99 = (waits[min(len(waits) - 1, int(len(waits) * part))] for part in (0.5, 0.99))
    return Load(len(waits), time.perf_counter() - started, p50, p99, statuses)


async def answer_to(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status of an answer that has been read to its end, and whether the server hangs up
    after it.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    if length:
        await reader.readexactly(int(length))
    elif b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head[9:12]), b"connection: close" in head


def get(path: str, headers: Mapping[str, str]) -> bytes:
    """A page as a browser asks for it."""
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def post(path: str, body: str, headers: Mapping[str, str]) -> bytes:
    """A form as a browser sends it."""
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines += [
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    return "\r\n".join(lines).encode()
