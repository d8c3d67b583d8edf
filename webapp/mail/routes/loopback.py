"""Whether a request comes from this very machine."""

from ipaddress import IPv6Address, ip_address

from flask import current_app, request
from werkzeug.exceptions import NotFound


def only_loopback() -> None:
    """Raises NotFound for everyone who is not at this machine, or whom a proxy that we do not know has let through."""
    proxied = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    if not _is_loopback(request.remote_addr or "") or (proxied and not current_app.config["TRUSTED_PROXIES"]):
        raise NotFound


def _is_loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
