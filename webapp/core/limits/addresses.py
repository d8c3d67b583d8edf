"""Where a request comes from, as far as limits tell addresses apart."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request


def address() -> str:
    """The address of whoever asks; the proxies that TRUSTED_PROXIES counts have been looked through, and no others."""
    return counted(request.remote_addr or "")


@lru_cache(maxsize=4096)
def counted(text: str) -> str:
    """One household has a whole /64 of IPv6: that counts as one address."""
    try:
        found = ip_address(text)
    except ValueError:
        return text or "nowhere"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False).network_address)
