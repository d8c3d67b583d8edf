"""The settings, the address that people type, and what stands before the application."""

import http.client
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import current_app

from ...config import ROOT
from .findings import Finding, bad, good, odd

SECONDS = 5
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def settings() -> Iterator[Finding]:
    """Production or not; and who can read the file with the secrets."""
    config = current_app.config
    if config["PRODUCTION"]:
        yield good("settings: production, and they passed the checks at boot")
    elif _host() in _LOOPBACK:
        yield good("settings: development, on this machine only")
    else:
        yield bad(f"settings: development, though people reach it at {config['SITE_URL']}", "Set ENVIRONMENT=production.")
    env = ROOT / ".env"
    if env.exists() and env.stat().st_mode & 0o077:
        yield odd("settings: others on this machine can read .env, which holds secrets", f"chmod 600 {env}")


def address() -> Iterator[Finding]:
    """Whether SITE_URL is one that mails and cookies can use."""
    config, parts = current_app.config, urlsplit(current_app.config["SITE_URL"])
    if parts.path.strip("/") or parts.query:
        yield bad(f"address: SITE_URL has more than a host: {config['SITE_URL']}", "Give the site a host of its own.")
    elif config["SECURE"]:
        yield good(f"address: {config['SITE_URL']}, over https")
    elif _host() in _LOOPBACK:
        yield good(f"address: {config['SITE_URL']}, plain http on this machine only")
    else:
        yield bad(f"address: {config['SITE_URL']} is not https", "Let a proxy such as nginx speak https, and change SITE_URL.")


def proxies() -> Iterator[Finding]:
    """Whether as many proxies are believed as such an address needs."""
    number, secure = current_app.config["TRUSTED_PROXIES"], current_app.config["SECURE"]
    if secure and not number:
        remedy = "Set TRUSTED_PROXIES=1 behind one proxy: else pages lead to https for ever, and all visitors share a limit."
        yield bad("proxies: the address is https, but no proxy is believed", remedy)
    elif number and _host() in _LOOPBACK:
        remedy = "Set TRUSTED_PROXIES=0 where people reach the application itself: they could invent their address."
        yield odd(f"proxies: {number} believed on an address of this machine", remedy)
    else:
        yield good(f"proxies: {number} believed")


def answers() -> Iterator[Finding]:
    """Whether the site answers where people look for it, as itself."""
    url = current_app.config["SITE_URL"]
    try:
        status, where = _asked(url)
    except (OSError, http.client.HTTPException) as error:
        remedy = "Start the site; look at the proxy, the certificate and the name server."
        yield odd(f"address: nothing answers at {url} ({type(error).__name__})", remedy)
        return
    if status == 200:
        yield good(f"address: the site answers at {url}")
    elif where.startswith(url):
        remedy = "The proxy must send X-Forwarded-Proto and X-Forwarded-For, and TRUSTED_PROXIES must count it."
        yield bad("address: the site leads to itself, round and round", remedy)
    else:
        yield bad(f"address: something else answers at {url} (status {status})", "Look at the proxy: where does it lead?")


def _asked(url: str) -> tuple[int, str]:
    """(status, where it leads) of a page that everybody may see."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", "/sign-in", headers={"User-Agent": f"folkmoot-doctor/{os.getpid()}"})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location") or ""
    finally:
        connection.close()


def _host() -> str:
    return urlsplit(current_app.config["SITE_URL"]).hostname or ""
