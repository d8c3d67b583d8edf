"""Settings that are valid one by one, but must not be used together."""

from typing import Any
from urllib.parse import SplitResult, urlsplit


def unsafe_settings(config: dict[str, Any]) -> list[str]:
    """Return the settings with which a site in production must not be started, as sentences."""
    if config["ENVIRONMENT"] != "production":
        return []
    url, previous = urlsplit(config["SITE_URL"]), config["SECRET_KEY_PREVIOUS"]
    checks = [
        (
            len(config["SECRET_KEY"]) < 32,
            "SECRET_KEY must have 32 characters or more: `openssl rand -hex 32` makes one.",
        ),
        (
            len(set(config["SECRET_KEY"])) < 10,
            "SECRET_KEY must be random: this one repeats a few characters.",
        ),
        (
            0 < len(previous) < 32 or previous == config["SECRET_KEY"] != "",
            "SECRET_KEY_PREVIOUS must be the key before.",
        ),
        (config["DEBUG"], "DEBUG must be off in production."),
        (
            not url.hostname,
            "SITE_URL must be the site's address, such as https://moot.example.org.",
        ),
        (
            url.scheme == "http" and not _is_loopback(url.hostname),
            "SITE_URL must begin with https://.",
        ),
        (
            not config["MAIL_SERVER"],
            "MAIL_SERVER must be set: people confirm their address by mail.",
        ),
    ]
    return [sentence for wrong, sentence in checks if wrong]


def storage_problem(config: dict[str, Any]) -> list[str]:
    """Return what is wrong with the settings for storing files, as sentences."""
    if not config["FILES_URL"]:
        return []
    url, endpoint = urlsplit(config["FILES_URL"]), urlsplit(config["S3_ENDPOINT"])
    checks = [
        (
            url.scheme != "s3" or not url.netloc,
            "FILES_URL must name a bucket, such as s3://folkmoot.",
        ),
        (
            not config["S3_ACCESS_KEY"] or not config["S3_SECRET_KEY"],
            "S3_ACCESS_KEY and S3_SECRET_KEY must be set with FILES_URL.",
        ),
        (
            bool(config["S3_ENDPOINT"]) and not _is_web(endpoint),
            "S3_ENDPOINT must begin with https:// (or http://).",
        ),
    ]
    return [sentence for wrong, sentence in checks if wrong]


def _is_web(address: SplitResult) -> bool:
    return address.scheme in {"http", "https"} and bool(address.hostname)


def _is_loopback(host: str | None) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}
