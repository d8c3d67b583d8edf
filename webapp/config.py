"""Every setting: read once from the environment (or `.env`), checked at boot.

`SETTINGS` is the one documented place; README's table and `.env.example` are held equal to it by a
test.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click import ClickException

from . import config_checks

ROOT = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"


class ConfigError(ClickException):
    """The environment cannot be run with; the message lists what to fix.

    Commands show it, and no traceback.
    """


def _flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be yes or no")


def _database_url(value: str) -> str:
    """SQLAlchemy's spelling of the addresses that hosts hand out."""
    for old in ("postgres://", "postgresql://"):
        if value.startswith(old):
            return "postgresql+psycopg://" + value[len(old) :]
    return value


def _paths(value: str) -> tuple[str, ...]:
    """Beginnings of paths, such as `/wiki/`, separated by spaces."""
    paths = tuple(value.split())
    if not all(
        path.startswith("/") and path.endswith("/") and len(path) > 2 and "//" not in path
        for path in paths
    ):
        raise ValueError(
            "must be paths such as /wiki/ with a slash at both ends, separated by spaces"
        )
    return paths


def _ports(value: str) -> frozenset[int]:
    """Numbers of ports, such as `80 443`, separated by spaces."""
    if not all(
        port.isascii() and port.isdigit() and 0 < int(port) < 65536 for port in value.split()
    ):
        raise ValueError("must be numbers of ports such as 80 443, separated by spaces")
    return frozenset(map(int, value.split()))


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return parse


@dataclass(frozen=True)
class Setting:
    """A name in the environment, what it is when unset, how it is read, and what it means."""

    name: str
    default: str
    parse: Callable[[str], Any]
    meaning: str


SETTINGS = [
    Setting(
        "ENVIRONMENT",
        "development",
        _one_of("development", "production"),
        "`production` refuses to start unsafely",
    ),
    Setting(
        "SECRET_KEY",
        "",
        str,
        "signs cookies and links; 32 characters or more; made and kept in `instance/` in "
        "development",
    ),
    Setting(
        "SECRET_KEY_PREVIOUS",
        "",
        str,
        "the key before; its sign-ins and links stay valid while this is set",
    ),
    Setting(
        "SITE_URL",
        "",
        str,
        "the address people type, such as `https://moot.example.org`; mails use it",
    ),
    Setting("SITE_NAME", "Folkmoot", str, "what the site is called in its header and mails"),
    Setting("PORT", "8000", int, "the port that the server listens on"),
    Setting(
        "DATABASE_URL",
        "",
        _database_url,
        "SQLite in `instance/` unless set; `postgresql://…` for PostgreSQL 14+",
    ),
    Setting(
        "REDIS_URL",
        "",
        str,
        "queue, streams, cache and limits across processes; without it one process does all",
    ),
    Setting(
        "INSTANCE",
        "",
        str,
        "the folder for the SQLite file, the development secret and mails; `instance/` unless set",
    ),
    Setting(
        "FILES_URL",
        "",
        str,
        "where uploads lie: `s3://bucket` or `s3://bucket/folder`; a folder in `instance/` unless "
        "set",
    ),
    Setting(
        "S3_ENDPOINT",
        "",
        str,
        "the address of an S3-compatible store that is not Amazon’s, such as "
        "`https://s3.example.org`",
    ),
    Setting(
        "S3_REGION",
        "us-east-1",
        str,
        "the bucket’s region; most stores that are not Amazon’s take any",
    ),
    Setting("S3_ACCESS_KEY", "", str, "who we are to the store"),
    Setting("S3_SECRET_KEY", "", str, "and with which secret"),
    Setting(
        "FILES_PER_EVENT", "500", int, "megabytes of pictures and files that one event may hold"
    ),
    Setting(
        "FILES_PER_PERSON",
        "1000",
        int,
        "megabytes of them that one person may bring, to all events together",
    ),
    Setting(
        "MAIL_SERVER", "", str, "the SMTP server; unset in development: mails appear at `/dev/mail`"
    ),
    Setting("MAIL_PORT", "587", int, "the SMTP server's port"),
    Setting("MAIL_USERNAME", "", str, "who signs in to the SMTP server"),
    Setting("MAIL_PASSWORD", "", str, "and with which password"),
    Setting("MAIL_USE_TLS", "yes", _flag, "STARTTLS, as on port 587"),
    Setting("MAIL_USE_SSL", "no", _flag, "TLS from the first byte, as on port 465"),
    Setting("MAIL_FROM", "", str, "the sender's address; `folkmoot@` the site's host unless set"),
    Setting("MAIL_TIMEOUT", "15", int, "seconds that we wait for the SMTP server to say something"),
    Setting(
        "MAIL_LEASE_SECONDS",
        "120",
        int,
        "a letter whose sender has died is sent by another after this",
    ),
    Setting(
        "TRUSTED_PROXIES",
        "0",
        int,
        "how many proxies stand before the application; their forwarded headers are believed",
    ),
    Setting(
        "LIMIT_READING",
        "600",
        int,
        "pages a minute for a person; five times as many for an address; 0: no limit",
    ),
    Setting("LIMIT_CHANGES", "100", int, "forms a minute for a person, and so on"),
    Setting("LIMIT_UPLOADS", "10", int, "files uploaded a minute by a person, and so on"),
    Setting(
        "METRICS_TOKEN",
        "",
        str,
        "whoever sends it as `Authorization: Bearer …` reads `/metrics` and `/health/status`",
    ),
    Setting(
        "SIGN_UP", "open", _one_of("open", "approval", "invitation"), "who may make an account"
    ),
    Setting("MINIMUM_AGE", "16", int, "the age that people affirm at sign-up"),
    Setting("SIGN_IN_IDLE_HOURS", "12", int, "an unused sign-in ends after this"),
    Setting("SIGN_IN_DAYS", "30", int, "every sign-in ends after this"),
    Setting("SIGN_IN_KEPT_DAYS", "90", int, "…or after this, with “keep me signed in”"),
    Setting(
        "GROUP_CREATION",
        "everyone",
        _one_of("everyone", "approved", "admins"),
        "who may create a group; `approved`: those for whom an admin ran `flask allow-groups`",
    ),
    Setting(
        "COMPANION_PATHS",
        "",
        _paths,
        "paths of other services at this address, such as `/wiki/`: a sign-in may lead there",
    ),
    Setting(
        "NEWS_PORTS",
        "80 443",
        _ports,
        "ports at which sources of news may be asked, separated by spaces",
    ),
    Setting(
        "LIVE_PLACES",
        "",
        int,
        "streams that one process holds open; as many as it can spare unless set",
    ),
    Setting(
        "LIVE_RECHECK_SECONDS",
        "20",
        int,
        "an open stream asks this often whether its person may still hear it",
    ),
    Setting(
        "LOG_FORMAT",
        "",
        _one_of("", "console", "json"),
        "`json` in production, `console` in development unless set",
    ),
    Setting("DEBUG", "no", _flag, "Flask's debugger; refused in production"),
]


#: What no setting changes.
ALWAYS: dict[str, Any] = {
    "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
    "MAX_FORM_PARTS": 500,
    "WTF_CSRF_TIME_LIMIT": None,
    "BABEL_DEFAULT_LOCALE": "en",
}


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> dict[str, Any]:
    """Flask's configuration from the environment; `overrides` win.

    Raises ConfigError with every problem at once.
    """
    source = os.environ if environ is None else environ
    config: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = source.get(setting.name, "").strip() or setting.default
        try:
            config[setting.name] = setting.parse(text) if text else text
        except ValueError as error:
            problems.append(f"{setting.name} {error}.")
    config.update(overrides)
    if not problems:
        problems = config_checks.unsafe(config) + config_checks.nowhere(config)
    if problems:
        raise ConfigError("Folkmoot cannot start:\n  - " + "\n  - ".join(problems))
    return _derived(config)


def _derived(config: dict[str, Any]) -> dict[str, Any]:
    instance = Path(config["INSTANCE"] or ROOT / "instance")
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)  # everyone's addresses will lie in it
    production = config["ENVIRONMENT"] == "production"
    site_url = (
        config["SITE_URL"] or _served_at(instance) or f"http://127.0.0.1:{config['PORT']}"
    ).rstrip("/")
    host = urlsplit(site_url).hostname or ""
    secure = site_url.startswith("https://")
    config.update(
        ALWAYS,
        PRODUCTION=production,
        INSTANCE=instance,
        SECRET_KEY=config["SECRET_KEY"] or _kept_secret(instance / "secret"),
        SITE_URL=site_url,
        SECURE=secure,
        TRUSTED_HOSTS=[host] if production else [host, "127.0.0.1", "localhost", "[::1]"],
        PREFERRED_URL_SCHEME="https" if secure else "http",
        SQLALCHEMY_DATABASE_URI=config["DATABASE_URL"] or f"sqlite:///{instance / 'folkmoot.db'}",
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config["DATABASE_URL"]),
        MAIL_DEFAULT_SENDER=(config["SITE_NAME"], config["MAIL_FROM"] or f"folkmoot@{host}"),
        DEV_MAIL=not production and not config["MAIL_SERVER"],
        LOG_FORMAT=config["LOG_FORMAT"] or ("json" if production else "console"),
        SESSION_COOKIE_NAME="__Host-folkmoot" if secure else "folkmoot",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(
            days=max(config["SIGN_IN_DAYS"], config["SIGN_IN_KEPT_DAYS"])
        ),
    )
    return config


def _served_at(instance: Path) -> str:
    """Return where the server of this instance listens (gunicorn.conf.py): commands aren't told
    its port.
    """
    noted = instance / "address"
    return noted.read_text().strip() if noted.is_file() else ""


def _engine_options(url: str) -> dict[str, Any]:
    """A connection for each thread of a web process (gunicorn.conf.py), five of which stay open;
    more cost SQLite nothing.
    """
    options: dict[str, Any] = {"hide_parameters": True}  # an error's words go to the log
    if url.startswith("postgresql"):
        return options | {
            "pool_size": 5,
            "max_overflow": 27,
            "pool_timeout": 10,
            "connect_args": {"connect_timeout": 5},
        }
    in_memory = url in {"sqlite://", "sqlite:///", "sqlite:///:memory:"}
    return options if in_memory else options | {"max_overflow": 45}


def _kept_secret(path: Path) -> str:
    """Development's secret: made at the first start and kept, so that sign-ins outlive a
    restart.
    """
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
