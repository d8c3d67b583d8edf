"""A site to measure: a migrated database with a community, and the people who visit it."""

import sys
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf

from scripts import services
from webapp import config, create_app
from webapp.core.extensions import db
from webapp.core.http.errors import SIGN_IN

from .data import Size, loading, people

READER = 0
SECRET = "4f9c1e7ab05d2386bench6832d50ba7e1c9f4"
DEVELOPER = {setting.name: "" for setting in config.SETTINGS}


class Visitor(NamedTuple):
    """What the browser of a person sends: cookie, CSRF token, and IP address."""

    cookie: str
    csrf: str
    address: str


class Site:
    """A community of one size on a database, not yet served."""

    def __init__(
        self,
        size: Size,
        database_url: str,
        redis_url: str,
        mail_port: int,
        folder: Path,
        postmaster: int = 0,
    ) -> None:
        self.size = size
        #: process id of PostgreSQL, 0 on SQLite
        self.postmaster = postmaster
        self.on_sqlite = not database_url
        self.folder = folder / size.name
        self.folder.mkdir()
        self.port = services.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = DEVELOPER | {
            "ENVIRONMENT": "production",
            "SECRET_KEY": SECRET,
            "SITE_URL": self.address,
            "PORT": str(self.port),
            "DATABASE_URL": database_url or f"sqlite:///{self.folder / 'folkmoot.db'}",
            "REDIS_URL": redis_url,
            "INSTANCE": str(self.folder),
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(mail_port),
            "MAIL_USE_TLS": "no",
            "TRUSTED_PROXIES": "1",
            # One reader stands for many, and one host for all at check-in. Limits are counted as
            # usual, but never reached.
            "LIMIT_READING": "1000000000",
            "LIMIT_CHANGES": "1000000000",
        }

    @cached_property
    def app(self) -> Flask:
        """The application with the site's settings, to read its database and to sign cookies."""
        return create_app(**config.load(self.settings))

    def fill(self) -> None:
        """Create the tables and load the community."""
        with self.app.app_context():
            upgrade()
            loading.load(self.app.config["SQLALCHEMY_DATABASE_URI"], self.size)

    def ask(self, statement: str, **values: Any) -> Any:
        """Return the single value of a query, asked on a connection of our own."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.execute(sa.text(statement), values).scalar()

    def is_busy(self) -> bool:
        """Whether the database is running a statement of someone else.

        Always false on SQLite, which works inside the web workers.
        """
        if self.on_sqlite:
            return False
        others = "datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'"
        return bool(self.ask(f"SELECT count(*) FROM pg_stat_activity WHERE {others}"))

    def visitor(self, person: int) -> Visitor:
        """Return the browser of a driver who is signed in."""
        kept = {SIGN_IN: people.secret_of(person), "_fresh": True, "_permanent": True}
        return Visitor(self._cookie(kept), self._forms[1], address_of(person))

    def stranger(self) -> Visitor:
        """Return the browser of someone who has opened the sign-in form."""
        return Visitor(self._cookie({}), self._forms[1], address_of(0))

    @cached_property
    def _forms(self) -> tuple[dict[str, Any], str]:
        """Return the session's CSRF data and the matching form token, shared by all our
        browsers.
        """
        with self.app.test_request_context() as context:
            token = generate_csrf()
            return dict(context.session), token

    @cached_property
    def _signer(self) -> Any:
        return self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]

    def _cookie(self, kept: dict[str, Any]) -> str:
        """Return the session cookie with this content."""
        return (
            f"{self.app.config['SESSION_COOKIE_NAME']}={self._signer.dumps(self._forms[0] | kept)}"
        )

    def close(self) -> None:
        """Close our database connections."""
        if "app" in self.__dict__:
            with self.app.app_context():
                db.engine.dispose()


def address_of(person: int) -> str:
    """Return the IP address of a person, as the proxy passes it on."""
    return f"10.{person >> 16 & 255}.{person >> 8 & 255}.{person & 255}"


def python(*words: str) -> list[str]:
    """Return the command that runs a module with this Python."""
    return [sys.executable, "-m", *words]
