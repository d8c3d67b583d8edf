"""The site fetches from public hosts only, however a URL is written and wherever its name
resolves.
"""

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest

from tests.news.hosts import Host, answer, feed
from webapp.news import fetching, ssrf_guard
from webapp.news.fetch_errors import FetchError
from webapp.news.ssrf_guard import Guard, is_public, resolve

pytestmark = pytest.mark.any_database

#: Internal or unroutable addresses, of every kind that exists.
CLOSED = [
    *(
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
    ),
    *(
        "169.254.169.254",
        "169.254.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
    ),
    *(
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.2.3",
    ),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *(
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
    ),
    *(
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::7f00:1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
    ),
    *(
        "ff02::1",
        "ff0e::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
    ),
    *(
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "4000::1",
        "2a00:1450::5efe:10.0.0.1",
    ),
    "2a00:1450::200:5efe:192.168.0.1",
]
OPEN = [
    "93.184.215.14",
    "1.1.1.1",
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "192.1.0.1",
    "100.63.255.255",
    "100.128.0.1",
]
OPEN += [
    "198.17.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "2a00:1450:4001::200e",
]
#: URLs that are refused before resolving their host.
REFUSED = [
    # other schemes, and none
    *(
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
    ),
    *(
        "",
        "//example.org/",
        "example.org",
        "https:example.org",
        "http:///feed",
        "http://",
        "http://[",
        "http://]/",
    ),
    # numbers as addresses, in all notations
    *(
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
    ),
    *(
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://0x/",
        "http://00000177.0.0.1/",
        "http://127.0.0.0x1/",
    ),
    *("http://999.1.1.1/", "http://1.2.3.4.5/", "http://4294967297/", "http://127.0.0.1.0x7f/"),
    # names of this machine or network
    *(
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost/",
        "http://printer.local/",
        "http://db.internal/",
    ),
    *(
        "http://intranet/",
        "http://router.lan/",
        "http://x.home.arpa/",
        "http://localhost.localdomain/",
        "http://abc.onion/",
    ),
    # user names, other ports, other endings
    *(
        "http://example.org@127.0.0.1/",
        "http://127.0.0.1@example.org/",
        "http://user:word@example.org/",
        "http://@example.org/",
    ),
    *(
        "http://example.org:22/",
        "http://example.org:6379/",
        "http://example.org:0/",
        "http://example.org:99999/",
    ),
    *(
        "http://example.org:80a/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org/\r\nHost: x",
        "http://exa mple.org/",
    ),
    *(
        "http://exa\tmple.org/",
        "http://example.org\x00.evil.org/",
        "http://example%2eorg/",
        "http://example.org%00/",
    ),
    *(
        "http://[::1%25lo]/",
        "http://[fe80::1%lo]/",
        "http://[127.0.0.1]/",
        "http://[v1.x]/",
        "http://[::1]evil.org/",
    ),
    *(
        "http://-a.org/",
        "http://a..org/",
        "http://.org/",
        "http://" + "a" * 64 + ".org/",
        "http://example.org/" + "a" * 500,
    ),
    "http://" + "a." * 130 + "org/",
]
#: Other spellings of internal addresses.
INSIDE = [
    *(
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1:443/",
    ),
    *(
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[0:0:0:0:0:ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
    ),
    *(
        "http://①②⑦.⓪.⓪.①/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://127．0．0．1/",
        "http://[::]/",
        "http://0.0.0.0/",
    ),
    *(
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://[2002:7f00:1::]/",
        "http://168.63.129.16/",
    ),
]


def test_addresses_that_are_not_public_are_refused():
    assert [address for address in CLOSED if is_public(ip_address(address))] == []


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_allowed(address):
    assert is_public(ip_address(address))


def test_no_spelling_of_a_host_reaches_private_addresses():
    assert [
        url for url in REFUSED + INSIDE if refusal_of(ssrf_guard.visitable, url) != "address"
    ] == []


def refusal_of(act: Callable[..., Any], *values: Any) -> str:
    """Return the reason of the refusal; "" if it wasn't refused."""
    try:
        act(*values)
    except FetchError as trouble:
        return trouble.word
    return ""


def test_control_without_the_guard_these_spellings_reach_private_addresses():
    hosts = {url: ssrf_guard.target_of(url).host for url in INSIDE}

    assert [url for url, host in hosts.items() if is_public(ip_address(host))] == []


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("http://example.org:80/feed.xml?a=1&b=ü", "http://example.org/feed.xml?a=1&b=%C3%BC"),
        ("https://example.org./a b", None),
        ("https://example.org./a", "https://example.org/a"),
        ("https://bücher.example.org/ä", "https://xn--bcher-kva.example.org/%C3%A4"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://93.184.215.14/feed", "https://93.184.215.14/feed"),
        (
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
            "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        ),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
    ],
)
def test_urls_are_normalized(written, url):
    if url is None:
        with pytest.raises(FetchError):
            ssrf_guard.visitable(written)
    else:
        assert ssrf_guard.visitable(written).url == url
        assert ssrf_guard.visitable(url).url == url


def test_other_ports_are_allowed_if_configured():
    assert ssrf_guard.visitable("http://example.org:8080/", Guard(frozenset({8080}))).port == 8080
    with pytest.raises(FetchError):
        ssrf_guard.visitable("https://example.org/", Guard(frozenset({8080})))


def test_a_name_that_resolves_to_a_private_address_is_refused():
    assert [address for address in CLOSED if refusal_of(fetched_from, address) != "address"] == []


def fetched_from(address: str) -> Any:
    """Fetch from a name that resolves to this address."""
    family = socket.AF_INET if ip_address(address).version == 4 else socket.AF_INET6
    guard = Guard(look_up=lambda _host, port, _seconds: [(family, (address, port))])
    return fetching.fetch("http://example.org/", guard=guard)


def test_a_name_with_one_private_address_among_several_is_refused():
    ways = [(socket.AF_INET, ("93.184.215.14", 80)), (socket.AF_INET, ("127.0.0.1", 80))]
    with pytest.raises(FetchError) as trouble:
        fetching.fetch("http://example.org/", guard=Guard(look_up=lambda *_asked: ways))
    assert trouble.value.word == "address"


def test_localhost_resolved_for_real_is_refused():
    found = resolve("localhost", 80, 5)
    assert found
    assert not any(is_public(ip_address(where[0])) for _family, where in found)
    with pytest.raises(FetchError) as trouble:
        Guard().ways_to(ssrf_guard.Target("http", "localhost", 80, "/"), 5)
    assert trouble.value.word == "address"


def test_a_silent_resolver_times_out(monkeypatch):
    hold = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: hold.wait(20))
    with pytest.raises(FetchError) as trouble:
        resolve("example.org", 80, 0.05)
    hold.set()
    assert trouble.value.word == "silent"


def test_a_name_is_resolved_once_so_dns_rebinding_fails():
    """DNS that returns a public address to the check, and this machine to the connection."""
    with Host(feed()) as host:
        answers = iter(["127.0.0.1", "127.0.0.2"])
        asked = []

        def look_up(name, port, seconds):
            asked.append(name)
            return [(socket.AF_INET, (next(answers), port))]

        guard = Guard(frozenset({host.port}), lambda address: str(address) == "127.0.0.1", look_up)
        assert fetching.fetch(host.url, guard=guard).is_new
        assert asked == ["weir.example.org"]

        with pytest.raises(
            FetchError
        ) as trouble:  # the control: the next request gets the other address, and is refused
            fetching.fetch(host.url, guard=guard)
        assert trouble.value.word == "address"
        assert len(host.asked) == 1


@pytest.mark.parametrize(
    "there",
    [
        *(
            "http://127.0.0.1/",
            "http://169.254.169.254/latest/",
            "http://[::1]/",
            "http://2130706433/",
            "http://localhost/",
        ),
        *(
            "//10.0.0.1/",
            "file:///etc/passwd",
            "ftp://weir.example.org/",
            "http://inside.example.org/",
            "http://x@127.0.0.1/",
        ),
        *("http://weir.example.org:22/", "http://[", "gopher://x/", "http://①②⑦.⓪.⓪.①/"),
    ],
)
def test_redirects_are_checked_like_the_first_url(there):
    with Host(
        lambda head: feed() if "/inside" in head else answer(status="302 Found", Location=there)
    ) as host:
        guard = host.guard(inside_example_org="10.1.2.3")._replace(is_open=_only(host))
        with pytest.raises(FetchError) as trouble:
            fetching.fetch(host.url, guard=guard)
    assert trouble.value.word == "address"
    assert len(host.asked) == 1


def _only(host):
    """Allow only the first connection to this machine, which stands for a public host."""
    seen = []

    def is_open(address):
        seen.append(address)
        return len(seen) == 1 or is_public(address)

    return is_open


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    with Host(feed()) as host, Host(feed()) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetching.fetch(host.url, guard=host.guard()).is_new
        assert proxy.asked == []
