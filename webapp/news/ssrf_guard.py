"""Which URLs the site fetches for others: public hosts at the web's ports, however a URL is
spelled.

The address to which a name resolves at the time of the request decides. Spellings that hide it are
refused.
"""

import re
import socket
import threading
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import idna

from .fetch_errors import FetchError
from .models import LONGEST_ADDRESS

IPAddress = IPv4Address | IPv6Address
#: An address family, and the address to connect a socket to.
Way = tuple[int, tuple[Any, ...]]
USUAL_PORTS = frozenset({80, 443})
#: How many of a host's addresses are tried.
MOST_WAYS = 4
_DEFAULT = {"http": 80, "https": 443}
#: Names that never lead out of a machine or a home network.
_AT_HOME = re.compile(
    r"(.+\.)?(localhost|localdomain|local|internal|intranet|lan|home|corp|home\.arpa"
    r"|onion|test|invalid)"
)
_HOST = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f-\xa0\\\"<>^`{|}\u2028\u2029\ufeff]")

#: IPv4 addresses that aren't public (IANA's special purposes, multicast, and Azure's host).
_NOT_PUBLIC_4 = [
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",
    )
]
#: The only IPv6 range given to hosts: no loopback, link-local or multicast, and nothing that
#: contains an IPv4 address, be it mapped, compatible or translated (64:ff9b::/96) …
_PUBLIC_6 = IPv6Network("2000::/3")
#: … except these: Teredo and its neighbours, examples, and 6to4, which contains an IPv4 address.
_NOT_PUBLIC_6 = [
    IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
#: The last half of an ISATAP address contains an IPv4 address.
_ISATAP = {0x00005EFE, 0x02005EFE}


class Target(NamedTuple):
    """What to request where; `host` is in ASCII and lower case, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port, for URLs and the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The normalized URL."""
        return f"{self.scheme}://{self.authority}{self.path}"


def is_public(address: IPAddress) -> bool:
    """Whether the address belongs to the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _NOT_PUBLIC_4)
    if address not in _PUBLIC_6 or any(address in net for net in _NOT_PUBLIC_6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP


def resolve(host: str, port: int, seconds: float) -> list[Way]:
    """Resolve the name now, and wait at most `seconds`.

    Raises FetchError.
    """
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    asking = threading.Thread(target=ask, name="look-up", daemon=True)
    asking.start()
    asking.join(seconds)
    if not found:
        raise FetchError("silent")
    if isinstance(found[0], Exception):
        raise FetchError("name")
    return [(family, where) for family, _type, _protocol, _name, where in found[0]]


class Guard(NamedTuple):
    """Decides where the site may connect to. Tests replace the internet's hosts."""

    ports: frozenset[int] = USUAL_PORTS
    is_open: Callable[[IPAddress], bool] = is_public
    look_up: Callable[[str, int, float], list[Way]] = resolve

    def ways_to(self, target: Target, seconds: float) -> list[Way]:
        """Return the exact addresses to connect to, so that no later lookup can change them.

        Raises FetchError if one isn't public.
        """
        ways = self.look_up(target.host, target.port, seconds)[:MOST_WAYS]
        if not ways:
            raise FetchError("name")
        plain = [(family, str(where[0]).partition("%")[0]) for family, where in ways]
        if not all(self.is_open(ip_address(address)) for _family, address in plain):
            raise FetchError("address")
        return [(family, (address, target.port)) for family, address in plain]


#: The default guard, unless the operator allows other ports.
PUBLIC = Guard()


def visitable(url: str, guard: Guard = PUBLIC) -> Target:
    """Return the target of a URL that may be fetched, as far as its spelling tells.

    Raises FetchError.
    """
    target = target_of(url, guard.ports)
    try:
        is_open = guard.is_open(ip_address(target.host))
    except ValueError:
        return target  # a name: it is resolved and checked at each request
    if not is_open:
        raise FetchError("address")
    return target


def target_of(url: str, ports: frozenset[int] = USUAL_PORTS) -> Target:
    """Return the target of a URL.

    Raises FetchError for URLs that are never fetched, whatever their name resolves to.
    """
    if len(url) > LONGEST_ADDRESS or _NOT_IN_ADDRESSES.search(url):
        raise FetchError("address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchError("address") from None
    if parts.scheme not in _DEFAULT or "@" in parts.netloc or not parts.hostname:
        raise FetchError("address")
    host = _literal_6(parts.hostname) if parts.netloc.startswith("[") else _host(parts.hostname)
    port = _DEFAULT[parts.scheme] if port is None else port
    if port not in ports:
        raise FetchError("address")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    target = Target(parts.scheme, host, port, path + query)
    if len(target.url) > LONGEST_ADDRESS:
        raise FetchError("address")
    return target


def _literal_6(host: str) -> str:
    """The normalized IPv6 address; zones are refused."""
    try:
        if "%" in host:
            raise ValueError
        return str(IPv6Address(host))
    except ValueError:
        raise FetchError("address") from None


@lru_cache(maxsize=256)
def _host(written: str) -> str:
    """The host name to look up.

    A number is an address only in dotted form, 93.184.215.14.
    """
    host = written.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode().lower()
        except idna.IDNAError:
            raise FetchError("address") from None
    host = host.removesuffix(".")
    if _A_NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise FetchError("address") from None
    if not _HOST.fullmatch(host) or _AT_HOME.fullmatch(host):
        raise FetchError("address")
    return host
