"""Two kinds of load: `read` requests one page as fast as possible with wrk, `send` sends requests
that all differ.
"""

import asyncio
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

#: The headers with which an open page requests a part of itself.
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
LUA = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 32


class Failed(Exception):
    """Some requests failed, so there are no figures."""


class TooSlow(Failed):
    """The load ended before a single response."""


class Load(NamedTuple):
    """The result of a load: completed requests, seconds, and percentiles of the times in ms."""

    requests: int
    seconds: float
    p50: float
    p99: float
    statuses: Mapping[int, int] = {}

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.requests / self.seconds


def read(
    url: str, headers: Mapping[str, str], seconds: float, connections: int = CONNECTIONS
) -> Load:
    """Request the page repeatedly for this many seconds.

    Raise Failed if a response was an error or took more than twenty seconds, TooSlow if there was
    none at all.
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
    """Send each request once, until the time is over or none are left; wait for every response."""
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
    """Read a response to its end; return its status, and whether the server closes the
    connection.
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
    """Return a GET request as a browser sends it."""
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def post(path: str, body: str, headers: Mapping[str, str]) -> bytes:
    """Return a POST request with a form as a browser sends it."""
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines += [
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    return "\r\n".join(lines).encode()
