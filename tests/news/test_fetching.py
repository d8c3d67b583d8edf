"""How a feed is fetched, and that no host can do harm."""

import gzip
import ssl
import time
import zlib

import pytest

from tests.browser.servers import self_signed
from tests.news.hosts import RSS, Host, answer, feed
from webapp.news import fetching, http_client
from webapp.news.fetch_errors import FetchError

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Shorten all timeouts from ten seconds to a moment."""
    monkeypatch.setattr(fetching, "PATIENCE", 1.0)


def trouble_with(says, **ways):
    with Host(says) as host:
        with pytest.raises(FetchError) as trouble:
            fetching.fetch(host.url, guard=host.guard(**ways))
        return trouble.value


def test_a_fetch_sends_its_user_agent_and_returns_the_body():
    with Host(feed(ETag='W/"1"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT")) as host:
        said = fetching.fetch(
            host.url, agent="Folkmoot/1 (+https://moot.example.org)", guard=host.guard()
        )
        head = host.asked[0]
    assert said.body == RSS.encode()
    assert (said.is_new, said.url, said.base) == (True, host.url, host.url)
    assert (said.etag, said.last_modified) == ('W/"1"', "Mon, 02 Mar 2026 10:00:00 GMT")
    assert head.startswith("GET /feed HTTP/1.1\r\n")
    assert f"\r\nHost: weir.example.org:{host.port}\r\n" in head
    assert "\r\nUser-Agent: Folkmoot/1 (+https://moot.example.org)\r\n" in head
    assert head.count("Host:") == head.count("Accept-Encoding:") == 1
    assert "If-None-Match" not in head


def test_an_unchanged_feed_answers_304():
    with Host(
        lambda head: (
            answer(status="304 Not Modified", length="") if 'If-None-Match: "1"' in head else feed()
        )
    ) as host:
        said = fetching.fetch(host.url, '"1"', "Mon, 02 Mar 2026 10:00:00 GMT", guard=host.guard())
        assert "If-Modified-Since: Mon, 02 Mar 2026 10:00:00 GMT" in host.asked[0]
        assert not said.is_new
        assert fetching.fetch(host.url, guard=host.guard()).is_new


def test_a_304_to_an_unconditional_request_is_a_failure():
    assert trouble_with(answer(status="304 Not Modified", length="")).word == "failed"


@pytest.mark.parametrize("mark", ["ü", "a" * 301, "a\x01b"])
def test_an_invalid_etag_is_not_stored(mark):
    with Host(feed(ETag=mark)) as host:
        assert fetching.fetch(host.url, guard=host.guard()).etag == ""


def test_gzipped_responses_are_decompressed():
    with Host(feed(gzip.compress(RSS.encode()), Content_Encoding="gzip")) as host:
        assert fetching.fetch(host.url, guard=host.guard()).body == RSS.encode()


def chunked(*chunks, end=b"0\r\n\r\n"):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    return [head, *(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks), end]


def test_chunked_responses_are_joined():
    with Host(lambda _head: chunked(b"<rss>", b"</rss>")) as host:
        assert fetching.fetch(host.url, guard=host.guard()).body == b"<rss></rss>"


def endless(piece, pause=0.0):
    """Yield a response that never ends."""

    def says(_head):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
        while True:
            yield piece
            time.sleep(pause)

    return says


def dripping_head(_head):
    """Yield headers slowly, letter by letter."""
    yield b"HTTP/1.1 200 OK\r\nX: "
    while True:
        yield b"a"
        time.sleep(0.02)


def more_to_come(_head):
    """Announce further headers again and again."""
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n"
        time.sleep(0.001)


def hanging(_head):
    """Send nothing, for longer than anyone waits."""
    time.sleep(4)
    yield b""


LARGE = fetching.LARGEST
WRONG = {
    "hangs": (hanging, "silent"),
    "drips its head": (dripping_head, "silent"),
    "drips its body": (endless(b"a", 0.02), "silent"),
    "promises more without end": (more_to_come, "silent"),
    "closes at once": (b"", "broken_off"),
    "speaks no HTTP": (b"220 smtp.example.org ESMTP\r\n", "broken_off"),
    "speaks HTTP/0.9": (b"<rss></rss>", "broken_off"),
    "has a head without end": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, "broken_off"),
    "has a thousand headers": (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 1000 + b"\r\n", "broken_off"),
    "says less than it promised": (feed(length=len(RSS) + 100), "broken_off"),
    "breaks off in a chunk": (lambda _head: chunked(b"<rss>", end=b"ffff\r\nabc"), "broken_off"),
    "counts chunks wrongly": (lambda _head: chunked(end=b"zz\r\nabc\r\n"), "broken_off"),
    "never ends": (endless(b"a" * 65536), "too_large"),
    "says that it is too large": (feed("short", length=LARGE + 1), "too_large"),
    "says that it has a negative length and never ends": (
        feed("a" * (LARGE + 1), length=-5),
        "too_large",
    ),
    "is one byte too large": (feed("a" * (LARGE + 1)), "too_large"),
    "has a chunk of a gigabyte": (
        lambda _head: chunked(end=b"40000000\r\n" + b"a" * (LARGE + 65536)),
        "too_large",
    ),
    "is packed and broken": (feed(b"\x1f\x8b\x08rubbish", Content_Encoding="gzip"), "broken"),
    "is packed and breaks off": (
        feed(gzip.compress(RSS.encode())[:-20], Content_Encoding="gzip"),
        "broken_off",
    ),
    "is packed in a way that nobody asked for": (
        feed(zlib.compress(b"a"), Content_Encoding="br"),
        "kind",
    ),
    "is packed twice": (feed(gzip.compress(b"a"), Content_Encoding="gzip, gzip"), "kind"),
    "is a picture": (answer("GIF89a", Content_Type="image/gif"), "kind"),
    "is a film": (answer("a", Content_Type="video/mp4"), "kind"),
    "is to be taken home": (answer("a", Content_Type="application/zip"), "kind"),
    "wants to know who we are": (answer(status="401 Unauthorized"), "refused"),
    "lets nobody in": (answer(status="403 Forbidden"), "refused"),
    "is not there": (answer(status="404 Not Found"), "missing"),
    "is gone": (answer(status="410 Gone"), "gone"),
    "is a teapot": (answer(status="418 I'm a teapot"), "failed"),
    "is broken": (answer(status="500 Internal Server Error"), "busy"),
    "says a part": (answer(status="206 Partial Content"), "failed"),
    "leads nowhere": (answer(status="302 Found"), "failed"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_every_misbehaving_host_fails_in_time_with_a_reason(wrong):
    says, word = WRONG[wrong]
    began = time.monotonic()
    assert trouble_with(says).word == word
    assert time.monotonic() - began < 8  # about one second, but machines may be slow


def test_an_unreachable_host_fails_with_a_reason():
    with Host(b"") as host:
        guard, url = host.guard(), host.url
    with pytest.raises(FetchError) as trouble:
        fetching.fetch(url, guard=guard)
    assert trouble.value.word == "silent"


@pytest.mark.services
def test_a_host_without_a_trusted_certificate_is_refused(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    self_signed(key, certificate, "weir.example.org")
    with Host(feed(), (certificate, key)) as host:
        url = host.url.replace("http:", "https:")
        with pytest.raises(FetchError) as trouble:
            fetching.fetch(url, guard=host.guard())
        assert trouble.value.word == "certificate"

        monkeypatch.setattr(
            http_client, "_trusted", lambda: ssl.create_default_context(cafile=certificate)
        )
        assert fetching.fetch(url, guard=host.guard()).is_new
        with pytest.raises(FetchError) as trouble:
            fetching.fetch(
                url.replace("weir.", "dam."), guard=host.guard(dam_example_org="127.0.0.1")
            )
        assert trouble.value.word == "certificate"


def test_a_host_without_tls_fails_for_https(monkeypatch):
    monkeypatch.setattr("tests.news.hosts.END", b"")
    with Host(feed()) as host, pytest.raises(FetchError) as trouble:
        fetching.fetch(host.url.replace("http:", "https:"), guard=host.guard())
    assert trouble.value.word == "broken_off"


@pytest.mark.parametrize("largest", [fetching.LARGEST])
def test_a_response_of_the_maximum_size_is_accepted(largest):
    with Host(feed("a" * largest)) as host:
        assert len(fetching.fetch(host.url, guard=host.guard()).body) == largest


def test_a_decompression_bomb_is_not_decompressed(monkeypatch):
    unpacked = []
    packer = zlib.compressobj(9, wbits=-15)
    megabyte = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + megabyte * 1024 + packer.flush()
    assert len(packed) < LARGE

    class Counting(fetching._Packed):
        def some(self, piece, most):
            found = super().some(piece, most)
            unpacked.append(len(found))
            return found

    monkeypatch.setattr(fetching, "_Packed", Counting)
    assert trouble_with(feed(packed, Content_Encoding="gzip")).word == "too_large"
    assert LARGE < sum(unpacked) <= LARGE + 1


#: A time zone whose offset is too large for any number.
FAR_AWAY = f"Mon, 02 Mar 2026 10:00:00 +{'9' * 20}"
WAITS = [
    ("120", 120),
    ("9" * 400, 86_400),
    ("soon", 0),
    ("-5", 0),
    ("", 0),
    ("²", 0),
    (FAR_AWAY, 0),
]


@pytest.mark.parametrize(("asked", "wait"), WAITS)
def test_retry_after_in_seconds_sets_the_wait(asked, wait):
    assert trouble_with(answer(status="503 Service Unavailable", Retry_After=asked)).wait == wait


def test_retry_after_as_a_date_sets_the_wait():
    wait = trouble_with(
        answer(status="429 Too Many Requests", Retry_After="Fri, 31 Dec 2999 23:59:59 GMT")
    ).wait
    assert wait == fetching.LONGEST_WAIT
    assert (
        trouble_with(
            answer(status="429 Too Many Requests", Retry_After="Fri, 31 Dec 1999 23:59:59 GMT")
        ).wait
        == 0
    )


def moving(**steps):
    """Redirect `/feed` and the following paths, each to the next; other paths return the feed."""

    def says(head):
        path = head.split()[1].strip("/")
        return answer(status=steps[path][0], Location=steps[path][1]) if path in steps else feed()

    return says


@pytest.mark.parametrize(
    "status",
    ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"],
)
def test_redirects_are_followed_and_permanent_ones_remembered(status):
    with Host(moving(feed=(status, "/new#top"))) as host:
        said = fetching.fetch(host.url, guard=host.guard())
    new = host.url.replace("/feed", "/new")
    assert said.base == new
    assert said.url == (new if status[:3] in {"301", "308"} else host.url)


def test_a_temporary_redirect_ends_the_permanent_part_of_a_chain():
    with Host(
        moving(feed=("301 Moved", "/a"), a=("302 Found", "/b"), b=("301 Moved", "/c"))
    ) as host:
        said = fetching.fetch(host.url, guard=host.guard())
    assert (said.url, said.base) == (
        host.url.replace("/feed", "/a"),
        host.url.replace("/feed", "/c"),
    )


def test_at_most_three_redirects_are_followed():
    steps = {"feed": "/a", "a": "/b", "b": "/c", "c": "/d"}
    with Host(moving(**{name: ("302 Found", there) for name, there in steps.items()})) as host:
        with pytest.raises(FetchError) as trouble:
            fetching.fetch(host.url, guard=host.guard())
        assert trouble.value.word == "redirects"
        assert len(host.asked) == 4


def test_a_redirect_loop_ends():
    with Host(moving(feed=("301 Moved", "/feed"))) as host:
        with pytest.raises(FetchError) as trouble:
            fetching.fetch(host.url, guard=host.guard())
        assert trouble.value.word == "redirects"
        assert len(host.asked) == 4


def test_https_never_redirects_to_http():
    target = fetching.ssrf_guard.target_of("https://example.org/")
    answered = type("Answered", (), {"getheader": lambda self, name: "http://example.org/feed"})()
    with pytest.raises(FetchError) as trouble:
        fetching._next(target, answered)
    assert trouble.value.word == "insecure"
