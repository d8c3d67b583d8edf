"""All settings, read once from the environment or `.env`, and checked at startup.

`SETTINGS` is their only description: scripts/settings_docs.py writes docs/configuration.md and
`.env.example` from it, and a test checks that both are current.
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
    """The settings aren't safe or not valid. The message lists every problem.

    Commands show it without a traceback.
    """


def _flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be yes or no")


def _database_url(value: str) -> str:
    """Return the URL with SQLAlchemy's scheme: hosting platforms use others."""
    for old in ("postgres://", "postgresql://"):
        if value.startswith(old):
            return "postgresql+psycopg://" + value[len(old) :]
    return value


def _paths(value: str) -> tuple[str, ...]:
    """Parse beginnings of paths, such as `/wiki/`, separated by spaces."""
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
    """Parse port numbers, such as `80 443`, separated by spaces."""
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
    """A name in the environment, what it does, its default, and how it is parsed."""

    name: str
    meaning: str
    default: str = ""
    parse: Callable[[str], Any] = str


SETTINGS = [
    Setting(
        "ENVIRONMENT",
        "`development` or `production`, which refuses to start with unsafe settings",
        default="development",
        parse=_one_of("development", "production"),
    ),
    Setting(
        "SECRET_KEY",
        "signs cookies and links; at least 32 random characters; in development it is made and "
        "kept in `instance/`",
    ),
    Setting(
        "SECRET_KEY_PREVIOUS",
        "the previous key: sign-ins and links made with it stay valid while it is set",
    ),
    Setting(
        "SITE_URL", "the site's address, such as `https://moot.example.org`; emails link to it"
    ),
    Setting("SITE_NAME", "the site's name, in its header and in emails", default="Folkmoot"),
    Setting("PORT", "the port that the server listens on", default="8000", parse=int),
    Setting(
        "DATABASE_URL",
        "`postgresql://…` for PostgreSQL 14 or later; if unset, an SQLite file in `instance/`",
        parse=_database_url,
    ),
    Setting(
        "REDIS_URL",
        "the job queue, live pages and limits across processes; if unset, one process does "
        "everything",
    ),
    Setting(
        "INSTANCE",
        "the folder for the SQLite file, the development key, emails and uploads; if unset, "
        "`instance/`",
    ),
    Setting(
        "FILES_URL",
        "where uploads are stored: `s3://bucket` or `s3://bucket/folder`; if unset, a folder in "
        "`instance/`",
    ),
    Setting(
        "S3_ENDPOINT",
        "the URL of an S3-compatible store other than Amazon's, such as `https://s3.example.org`",
    ),
    Setting(
        "S3_REGION",
        "the bucket's region; most stores other than Amazon's accept any",
        default="us-east-1",
    ),
    Setting("S3_ACCESS_KEY", "the S3 access key ID"),
    Setting("S3_SECRET_KEY", "the S3 secret access key"),
    Setting(
        "FILES_PER_EVENT",
        "megabytes of pictures and files that one event may hold",
        default="500",
        parse=int,
    ),
    Setting(
        "FILES_PER_PERSON",
        "megabytes that one person may upload to all events, and as much again to conversations",
        default="1000",
        parse=int,
    ),
    Setting(
        "MAIL_SERVER", "the SMTP server; if unset in development, emails are shown at `/dev/emails`"
    ),
    Setting("MAIL_PORT", "the SMTP server's port", default="587", parse=int),
    Setting("MAIL_USERNAME", "the SMTP user name"),
    Setting("MAIL_PASSWORD", "the SMTP password"),
    Setting("MAIL_USE_TLS", "STARTTLS, usual on port 587", default="yes", parse=_flag),
    Setting(
        "MAIL_USE_SSL", "TLS from the first byte, usual on port 465", default="no", parse=_flag
    ),
    Setting(
        "MAIL_FROM", "the sender's email address; if unset, `folkmoot@` and the host of `SITE_URL`"
    ),
    Setting(
        "MAIL_TIMEOUT",
        "seconds to wait for an answer from the SMTP server",
        default="15",
        parse=int,
    ),
    Setting(
        "MAIL_LEASE_SECONDS",
        "seconds after which another worker sends an email whose worker died",
        default="120",
        parse=int,
    ),
    Setting(
        "TRUSTED_PROXIES",
        "the number of proxies before the application whose forwarded headers are trusted",
        default="0",
        parse=int,
    ),
    Setting(
        "LIMIT_READING",
        "pages a minute for each person; five times as many for each IP address; `0` means no "
        "limit",
        default="600",
        parse=int,
    ),
    Setting(
        "LIMIT_CHANGES", "submitted forms a minute, counted the same way", default="100", parse=int
    ),
    Setting(
        "LIMIT_UPLOADS", "uploaded files a minute, counted the same way", default="10", parse=int
    ),
    Setting(
        "METRICS_TOKEN",
        "`Authorization: Bearer …` with this token reads `/metrics` and `/health/status`",
    ),
    Setting(
        "SIGN_UP",
        "who may create an account: `open` to all, after `approval` by an admin, or by "
        "`invitation` only",
        default="open",
        parse=_one_of("open", "approval", "invitation"),
    ),
    Setting(
        "MINIMUM_AGE", "the age that people confirm when they sign up", default="16", parse=int
    ),
    Setting(
        "SIGN_IN_IDLE_HOURS",
        "hours without use after which a sign-in ends",
        default="12",
        parse=int,
    ),
    Setting("SIGN_IN_DAYS", "days after which a sign-in ends", default="30", parse=int),
    Setting(
        "SIGN_IN_KEPT_DAYS",
        "days after which a sign-in with “keep me signed in” ends",
        default="90",
        parse=int,
    ),
    Setting(
        "GROUP_CREATION",
        "who may create groups: `everyone`, `approved` (see `flask allow-groups`), or `admins`",
        default="everyone",
        parse=_one_of("everyone", "approved", "admins"),
    ),
    Setting(
        "COMPANION_PATHS",
        "paths of other services on this host, such as `/wiki/`, that a sign-in may lead back to",
        parse=_paths,
    ),
    Setting(
        "NEWS_PORTS",
        "ports from which news feeds may be fetched, separated by spaces",
        default="80 443",
        parse=_ports,
    ),
    Setting(
        "LIVE_CONNECTIONS",
        "live pages that one process serves at a time; if unset, as many as it can spare",
        parse=int,
    ),
    Setting(
        "LIVE_RECHECK_SECONDS",
        "seconds between checks that the reader of a live page may still see it",
        default="20",
        parse=int,
    ),
    Setting(
        "LOG_FORMAT",
        "`console` or `json`; if unset, `json` in production",
        parse=_one_of("", "console", "json"),
    ),
    Setting("DEBUG", "Flask's debugger; refused in production", default="no", parse=_flag),
]


#: Configuration that no setting changes.
ALWAYS: dict[str, Any] = {
    "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
    "MAX_FORM_PARTS": 500,
    "MAX_FORM_FIELDS": 5_000,  # of urlencoded forms, which may list many people
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": False,  # core.http.same_origin judges instead
    "WTF_I18N_ENABLED": False,  # our own catalogues contain the messages of forms
    "BABEL_DEFAULT_LOCALE": "en",
}


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> dict[str, Any]:
    """Return Flask's configuration from the environment, which `overrides` replace.

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
        problems = config_checks.unsafe_settings(config) + config_checks.storage_problem(config)
    if problems:
        raise ConfigError("Folkmoot cannot start:\n  - " + "\n  - ".join(problems))
    return _derived(config)


def _derived(config: dict[str, Any]) -> dict[str, Any]:
    instance = Path(config["INSTANCE"] or ROOT / "instance")
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will contain personal data
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
    """Return the options of the database engine.

    On PostgreSQL there is a connection for each thread of a web process (gunicorn.conf.py), and
    eight stay open, the last used first: it has its statements prepared (decision 58). On SQLite
    more connections cost nothing.
    """
    options: dict[str, Any] = {"hide_parameters": True}  # errors are logged
    if url.startswith("postgresql"):
        pool = {"pool_size": 8, "max_overflow": 24, "pool_use_lifo": True, "pool_timeout": 10}
        return options | pool | {"connect_args": {"connect_timeout": 5}}
    in_memory = url in {"sqlite://", "sqlite:///", "sqlite:///:memory:"}
    return options if in_memory else options | {"max_overflow": 45}


def _kept_secret(path: Path) -> str:
    """Return the secret for development, created at the first start and kept so that sign-ins
    survive a restart.
    """
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
