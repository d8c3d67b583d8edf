"""Email server and sender, file storage and Redis."""

import smtplib
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import current_app
from redis.exceptions import RedisError

from ...core import smtp_server
from ...core.redis_client import connect
from ...core.storage.files import StorageUnavailable, files
from .findings import Finding, bad, good, odd

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def server() -> Iterator[Finding]:
    """Check that the SMTP server responds, supports TLS and lets us sign in; send no email."""
    config = current_app.config
    if config["DEV_MAIL"]:
        yield good("email: development mode; emails appear at /dev/emails and aren't sent")
        return
    where = f"{config['MAIL_SERVER']}:{config['MAIL_PORT']}"
    try:
        smtp_server.check_login()
    except smtplib.SMTPAuthenticationError:
        yield bad(
            f"email: {where} rejects the user name or password",
            "Check MAIL_USERNAME and MAIL_PASSWORD.",
        )
    except ssl.SSLError as error:
        remedy = (
            "Is the certificate valid for that name? MAIL_USE_SSL is for port 465, MAIL_USE_TLS "
            "for 587."
        )
        yield bad(f"email: no TLS with {where} ({type(error).__name__})", remedy)
    except smtplib.SMTPNotSupportedError:
        yield bad(
            f"email: {where} supports no TLS, or no sign-in",
            "Check MAIL_PORT, MAIL_USE_TLS and MAIL_USE_SSL.",
        )
    except (smtplib.SMTPException, OSError) as error:
        remedy = "Are MAIL_SERVER and MAIL_PORT right, and does this network allow outgoing email?"
        yield bad(f"email: {where} is not responding ({type(error).__name__})", remedy)
    else:
        signed_in = " and accepts our sign-in" if config["MAIL_USERNAME"] else ""
        yield good(f"email: {where} responds{signed_in}; `flask send-test-mail` sends a test")
        yield from _unencrypted(config["MAIL_SERVER"])


def _unencrypted(host: str) -> Iterator[Finding]:
    config = current_app.config
    if not (config["MAIL_USE_TLS"] or config["MAIL_USE_SSL"]) and host not in _LOOPBACK:
        yield bad(
            "email: emails and the password are sent unencrypted",
            "Set MAIL_USE_TLS=yes (587) or MAIL_USE_SSL=yes (465).",
        )


def sender() -> Iterator[Finding]:
    """Check that the sender's address belongs to the site's domain, so that other servers
    trust it.
    """
    address = current_app.config["MAIL_DEFAULT_SENDER"][1]
    domain, host = (
        address.rpartition("@")[2],
        urlsplit(current_app.config["SITE_URL"]).hostname or "",
    )
    if (
        current_app.config["DEV_MAIL"]
        or host == domain
        or host.endswith("." + domain)
        or domain.endswith("." + host)
    ):
        yield good(f"email: sent from {address}")
    else:
        remedy = (
            "Its domain's SPF and DKIM must list this mail server. Or set MAIL_FROM to an "
            f"address at {host}."
        )
        yield odd(f"email: sent from {address}, which is not at {host}", remedy)


def files_reachable() -> Iterator[Finding]:
    """Check that the folder is writable, or the bucket responds and can be listed."""
    url = current_app.config["FILES_URL"]
    where = url or str(current_app.config["INSTANCE"] / "files")
    try:
        files().check()
    except StorageUnavailable as error:
        bucket = (
            "Are FILES_URL and the S3_… settings right, does the bucket exist, and can the key "
            "use it?"
        )
        folder = "The user that runs the site must own that folder."
        yield bad(f"files: {where} can't be used ({error})", bucket if url else folder)
        return
    if left := files().leftovers():
        yield bad(
            f"files: a restore is running or was interrupted ({left[0]})",
            "If none is running, restore the same backup again with --replace.",
        )
    else:
        yield good(f"files: stored in {where}")


def redis_reachable() -> Iterator[Finding]:
    """Check that Redis responds, if configured, and doesn't evict data when it is full."""
    url = current_app.config["REDIS_URL"]
    if not url:
        yield good("redis: not set; the single web process does everything itself")
        return
    try:
        info = connect(url).info()
    except (RedisError, OSError) as error:
        remedy = (
            "Is it running? Are the host and password in REDIS_URL right? Until then, emails "
            "are slow and pages don't update live."
        )
        yield bad(f"redis: not responding ({type(error).__name__})", remedy)
        return
    yield good(f"redis: {info['redis_version']} is working")
    yield from _memory(info)


def _memory(info: dict[str, object]) -> Iterator[Finding]:
    policy, most, used = (
        str(info.get("maxmemory_policy")),
        int(str(info.get("maxmemory", 0))),
        int(str(info["used_memory"])),
    )
    if policy != "noeviction":
        yield odd(
            f"redis: when full it drops data ({policy}), including jobs and rate limits",
            "Set maxmemory-policy noeviction.",
        )
    if most and used > most * 0.9:
        yield bad(
            f"redis: {100 * used // most}% of its memory is used",
            "Raise maxmemory, or find out what else is filling it.",
        )
