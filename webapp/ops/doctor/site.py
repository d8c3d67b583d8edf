"""Settings, the site's address, and the proxies in front of it."""

import http.client
import os
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from flask import current_app

from ...config import ROOT
from . import file_access
from .findings import Finding, bad, good, odd

SECONDS = 5
#: Seconds in which a proxy would pass on half a request, if it does so at all.
WITHHOLDING = 2
#: The remedy if slow clients reach the application itself.
BUFFERING = (
    "Put a proxy that buffers requests, such as nginx, in front: docs/deploying.md, “Slow clients”."
)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def settings() -> Iterator[Finding]:
    """Report production or development, and who can read the file with secrets."""
    config = current_app.config
    if config["PRODUCTION"]:
        yield good("settings: production; they passed the checks at startup")
    elif _host() in _LOOPBACK:
        yield good("settings: development, on this machine only")
    else:
        yield bad(
            f"settings: development, although people use it at {config['SITE_URL']}",
            "Set ENVIRONMENT=production together with SECRET_KEY, SITE_URL and MAIL_SERVER: "
            "without them the site doesn't start (docs/deploying.md, “Write the settings”).",
        )
    env = ROOT / ".env"
    if env.exists() and file_access.can_others_read(env):
        yield odd(
            "settings: other local users can read .env, which holds secrets",
            file_access.remedy(env),
        )


def address() -> Iterator[Finding]:
    """Check that emails and cookies can use SITE_URL."""
    config, parts = current_app.config, urlsplit(current_app.config["SITE_URL"])
    if parts.path.strip("/") or parts.query:
        yield bad(
            f"address: SITE_URL is more than a host name: {config['SITE_URL']}",
            "Give the site its own host name.",
        )
    elif config["SECURE"]:
        yield good(f"address: {config['SITE_URL']}, over https")
    elif _host() in _LOOPBACK:
        yield good(f"address: {config['SITE_URL']}, plain http on this machine only")
    else:
        yield bad(
            f"address: {config['SITE_URL']} is not https",
            "Use a proxy such as nginx for https, and change SITE_URL.",
        )


def proxies() -> Iterator[Finding]:
    """Check that the number of trusted proxies fits the address."""
    number, secure = current_app.config["TRUSTED_PROXIES"], current_app.config["SECURE"]
    if secure and not number:
        remedy = (
            "Set TRUSTED_PROXIES=1 behind one proxy that buffers requests. Until then, pages "
            "redirect endlessly."
        )
        yield bad("proxies: the address is https, but no proxy is trusted", remedy)
    elif current_app.config["PRODUCTION"] and not number:
        remedy = f"{BUFFERING} Then set TRUSTED_PROXIES=1."
        yield odd(
            "proxies: production without a proxy; slow clients can use up all threads", remedy
        )
    elif number and _host() in _LOOPBACK and not current_app.config["PRODUCTION"]:
        remedy = (
            "Set TRUSTED_PROXIES=0 if people reach the application directly: they could fake "
            "their IP address."
        )
        yield odd(f"proxies: {number} trusted on an address of this machine", remedy)
    else:
        yield good(f"proxies: {number} trusted")


def answers() -> Iterator[Finding]:
    """Check that this site answers at its address."""
    url = current_app.config["SITE_URL"]
    try:
        status, where = _requested(url)
    except (OSError, http.client.HTTPException) as error:
        remedy = "Start the site, and check the proxy, the certificate and DNS."
        yield odd(f"address: nothing responds at {url} ({type(error).__name__})", remedy)
        return
    if status == 200:
        yield good(f"address: the site responds at {url}")
    elif where.startswith(url):
        remedy = (
            "The proxy must send X-Forwarded-Proto and X-Forwarded-For, and TRUSTED_PROXIES must "
            "count it."
        )
        yield bad("address: the site redirects to itself endlessly", remedy)
    else:
        yield bad(
            f"address: something else responds at {url} (status {status})",
            "Check where the proxy sends requests.",
        )


def buffering() -> Iterator[Finding]:
    """Check that the proxy waits for a whole request: half of one would occupy a thread of the
    application.
    """
    config = current_app.config
    if not config["PRODUCTION"] or not config["TRUSTED_PROXIES"]:
        return
    try:
        early = _answer_to_half_a_request(config["SITE_URL"])
    except (OSError, http.client.HTTPException):
        return  # `answers` reports it
    if early is None:
        yield good("proxies: slow clients wait in the proxy")
    elif early == 200:
        yield odd(
            "proxies: the proxy doesn't buffer requests; slow clients can use up all threads",
            BUFFERING,
        )
    else:
        words = (
            f"proxies: the proxy refused (status {early}) the request that tests whether it "
            "buffers requests"
        )
        yield odd(words, "Make sure it does: docs/deploying.md, “Slow clients”.")


def _answer_to_half_a_request(url: str) -> int | None:
    """Return the status that comes before the request's last byte is sent, or None."""
    connection = _connection(url)
    try:
        # the application answers it without reading the body
        connection.putrequest("GET", "/health")
        connection.putheader("Content-Length", "1")
        connection.endheaders()
        connection.sock.settimeout(WITHHOLDING)
        with suppress(TimeoutError):
            return connection.getresponse().status
        return None
    finally:
        connection.close()


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=SECONDS)


def _requested(url: str) -> tuple[int, str]:
    """Return (status, redirect URL) of a public page."""
    connection = _connection(url)
    try:
        connection.request(
            "GET", "/sign-in", headers={"User-Agent": f"folkmoot-doctor/{os.getpid()}"}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location") or ""
    finally:
        connection.close()


def _host() -> str:
    return urlsplit(current_app.config["SITE_URL"]).hostname or ""
