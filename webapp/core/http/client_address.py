"""The client's IP address. No other module reads it.

Behind proxies it is the address that the outermost of TRUSTED_PROXIES proxies saw
(`core.http.security_headers`).
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import current_app, request
from werkzeug.http import parse_list_header

_BRACKETED = re.compile(r"\[([^]]+)\](?::\d+)?")
_DOTTED = re.compile(r"([\d.]+):\d+")

#: Headers that proxies add about the client. Any of them shows that a request came through a proxy.
FORWARDED = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "CF-Connecting-IP",
    "True-Client-IP",
)


def exact() -> str:
    """Return the client's full address, for the audit log; "" if there is none."""
    text = request.environ.get("REMOTE_ADDR", "")
    found = _parsed(text)
    return text[:45] if found is None else str(found)


def counted() -> str:
    """Return the client's address as limits count it: an IPv6 household has a /64."""
    return counted_in(request.environ)


def counted_in(environ: dict[str, Any]) -> str:
    """Return `counted` from a WSGI environment, before there is a request."""
    return household(environ.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=4096)
def household(text: str) -> str:
    """Return what counts as one address: an IPv4 address in any notation, or a /64 of IPv6."""
    found = _parsed(text)
    if found is None:
        return text or "nowhere"
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found), 64), strict=False).network_address)
    return str(found)


def is_this_machine() -> bool:
    """Whether the request was made on this machine, and no unknown proxy passed it on."""
    found = _parsed(request.environ.get("REMOTE_ADDR", ""))
    if found is None or not found.is_loopback:
        return False
    if not any(name in request.headers for name in FORWARDED):
        return True
    # If a trusted proxy passed on no address, then the address we see is the proxy's own.
    proxies: int = current_app.config["TRUSTED_PROXIES"]
    return 0 < proxies <= len(parse_list_header(request.headers.get("X-Forwarded-For", "")))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address, without the port that some proxies add. None if it is none."""
    bracketed, dotted = _BRACKETED.fullmatch(text), _DOTTED.fullmatch(text)
    try:
        found = ip_address((bracketed or dotted or [text, text])[1])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
