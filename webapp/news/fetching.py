"""Fetching feeds: politely, only if changed, and with a limit on everything that a server may do to
us.
"""

import zlib
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from typing import NamedTuple
from urllib.parse import urljoin

from ..core.time import clock
from . import http_client, ssrf_guard
from .fetch_errors import FetchError
from .http_client import Deadline
from .models import LONGEST_ADDRESS
from .ssrf_guard import PUBLIC, Guard

#: Seconds from the DNS lookup to the last byte, including redirects.
PATIENCE = 10.0
#: Bytes of a response, both as sent and uncompressed.
LARGEST = 2 * 1024 * 1024
MOST_REDIRECTS = 3
#: The longest pause that a server can ask for, in seconds.
LONGEST_WAIT = 24 * 60 * 60

_FOR_GOOD = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_WORDS = {
    401: "refused",
    403: "refused",
    404: "missing",
    410: "gone",
    429: "busy",
    500: "busy",
    502: "busy",
    503: "busy",
}
_WORDS |= {504: "busy", 407: "refused", 451: "refused"}
_PIECE = 16 * 1024
_ACCEPTED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9"
)
_ACCEPTED += ", text/xml;q=0.9, */*;q=0.5"
_TEXTS = {
    "",
    "application/xml",
    "application/json",
    "application/octet-stream",
    "application/x-rss+xml",
}


class FetchResponse(NamedTuple):
    """The response of a feed's server; without `is_new` there is nothing new.

    `url`: the feed's permanent URL from now on.
    """

    is_new: bool
    url: str
    base: str
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


def fetch(
    url: str,
    etag: str = "",
    last_modified: str = "",
    agent: str = "",
    guard: Guard = PUBLIC,
    deadline: Deadline | None = None,
) -> FetchResponse:
    """Fetch the feed, unless it is unchanged since these validators; by the deadline, or within
    PATIENCE.

    Raises FetchError.
    """
    headers = {"User-Agent": agent or "Folkmoot", "Accept": _ACCEPTED, "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    deadline, here, address, for_good = deadline or Deadline(PATIENCE), url, url, True
    for _hop in range(MOST_REDIRECTS + 1):
        target = ssrf_guard.target_of(here, guard.ports)
        address = target.url if for_good else address
        with http_client.request(target, headers, guard, deadline) as response:
            if response.status not in _REDIRECTS:
                return _answer(response, address, target.url, bool(etag or last_modified))
            here = _next(target, response)
            for_good = for_good and response.status in _FOR_GOOD
    raise FetchError("redirects")


def _next(target: ssrf_guard.Target, response: HTTPResponse) -> str:
    """The target of the redirect; it is checked like the first URL."""
    try:
        url = urljoin(target.url, (response.getheader("Location") or "").strip())
    except ValueError:
        raise FetchError("address") from None
    if not response.getheader("Location"):
        raise FetchError("failed")
    if target.scheme == "https" and url.lower().startswith("http:"):
        raise FetchError("insecure")
    return url.partition("#")[0][: LONGEST_ADDRESS + 1]


def _answer(response: HTTPResponse, address: str, base: str, was_known: bool) -> FetchResponse:
    etag, last_modified = _mark(response, "ETag", 300), _mark(response, "Last-Modified", 100)
    if response.status == 304 and was_known:
        return FetchResponse(False, address, base, etag=etag, last_modified=last_modified)
    if response.status != 200:
        raise FetchError(
            _WORDS.get(response.status, "failed"), _wait(response.getheader("Retry-After") or "")
        )
    content_type = response.getheader("Content-Type") or ""
    if not _is_text(content_type):
        raise FetchError("kind")
    return FetchResponse(True, address, base, _body(response), content_type, etag, last_modified)


def _mark(response: HTTPResponse, name: str, longest: int) -> str:
    """A validator that we can send back unchanged; else "", so that the feed is fetched in full."""
    value = (response.getheader(name) or "").strip()
    return value if len(value) <= longest and value.isascii() and value.isprintable() else ""


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _TEXTS or kind.startswith("text/") or kind.endswith(("+xml", "+json"))


def _wait(asked: str) -> int:
    """The seconds of a Retry-After header, which holds a number or a date."""
    if asked.isascii() and asked.isdigit():
        return min(int(asked[:9]), LONGEST_WAIT)
    try:
        seconds = (parsedate_to_datetime(asked) - clock.now()).total_seconds()
    except (
        TypeError,
        ValueError,
        IndexError,
        OverflowError,
    ):  # no valid date
        return 0
    return max(0, min(int(seconds), LONGEST_WAIT))


def _body(response: HTTPResponse) -> bytes:
    """Read and uncompress the body.

    Raises FetchError if it exceeds LARGEST or is incomplete.
    """
    said = response.length
    if said is not None and said > LARGEST:
        raise FetchError("too_large")
    unpack = _unpacker(response.getheader("Content-Encoding") or "")
    came, body = 0, bytearray()
    while piece := response.read(_PIECE):
        came += len(piece)
        body += unpack.some(piece, LARGEST + 1 - len(body))
        if max(came, len(body)) > LARGEST:
            raise FetchError("too_large")
    if (said is not None and came < said) or not unpack.is_whole:
        raise FetchError("broken_off")
    return bytes(body)


class _Plain:
    is_whole = True

    def some(self, piece: bytes, most: int) -> bytes:
        """At most `most` bytes of the piece."""
        return piece[:most]


class _Packed:
    """gzip: a megabyte can hold a gigabyte, so no more is uncompressed than requested."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=31)

    @property
    def is_whole(self) -> bool:
        return self._unpacker.eof

    def some(self, piece: bytes, most: int) -> bytes:
        """At most `most` bytes of the piece's content."""
        try:
            return self._unpacker.decompress(piece, max(1, most))
        except zlib.error:
            raise FetchError("broken") from None


def _unpacker(encoding: str) -> _Plain | _Packed:
    named = encoding.strip().lower()
    if named in {"", "identity"}:
        return _Plain()
    if named in {"gzip", "x-gzip"}:
        return _Packed()
    raise FetchError("kind")
