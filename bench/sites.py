"""A site to measure: a migrated database with a community in it, and the people who visit it."""

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
from webapp.accounts import loader
from webapp.core.extensions import db

from .data import Size, loading, people

READER = 0
SECRET = "4f9c1e7ab05d2386bench6832d50ba7e1c9f4"
DEVELOPER = {setting.name: "" for setting in config.SETTINGS}


class Visitor(NamedTuple):
    """What the browser of a signed-in person sends; `csrf` is the token of its forms."""

    cookie: str
    csrf: str
    address: str


class Site:
    """A community of a size on a database, not yet served."""

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
        #: the process id of PostgreSQL, 0 without one
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
            # One reader stands for all, and one host for all at check-in: nothing is refused, but
            # all is counted as it would be.
            "LIMIT_READING": "1000000000",
            "LIMIT_CHANGES": "1000000000",
        }

    @cached_property
    def app(self) -> Flask:
        """The application with the site's settings, for looking into its database and for
        signing cookies.
        """
        return create_app(**config.load(self.settings))

    def fill(self) -> None:
        """The database has its tables and its community."""
        with self.app.app_context():
            upgrade()
            loading.load(self.app.config["SQLALCHEMY_DATABASE_URI"], self.size)

    def ask(self, statement: str, **values: Any) -> Any:
        """The one value that a statement finds in the database, beside the server."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.execute(sa.text(statement), values).scalar()

    def is_busy(self) -> bool:
        """Whether the database works for someone else than us: SQLite does so only inside of a
        worker.
        """
        if self.on_sqlite:
            return False
        others = "datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'"
        return bool(self.ask(f"SELECT count(*) FROM pg_stat_activity WHERE {others}"))

    def visitor(self, person: int) -> Visitor:
        """The browser of a driver, as after signing in."""
        kept = {loader.KEY: people.secret_of(person), "_fresh": True, "_permanent": True}
        return Visitor(self._cookie(kept), self._forms[1], address_of(person))

    def stranger(self) -> Visitor:
        """The browser of someone who has opened the form to sign in."""
        return Visitor(self._cookie({}), self._forms[1], address_of(0))

    @cached_property
    def _forms(self) -> tuple[dict[str, Any], str]:
        """What a session keeps of the forms that it has shown, and the token that they carry:
        one for all of our browsers.
        """
        with self.app.test_request_context() as context:
            token = generate_csrf()
            return dict(context.session), token

    @cached_property
    def _signer(self) -> Any:
        return self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]

    def _cookie(self, kept: dict[str, Any]) -> str:
        """The session as a browser sends it back."""
        return (
            f"{self.app.config['SESSION_COOKIE_NAME']}={self._signer.dumps(self._forms[0] | kept)}"
        )

    def close(self) -> None:
        """No connection of ours is left."""
        if "app" in self.__dict__:
            with self.app.app_context():
                db.engine.dispose()


def address_of(person: int) -> str:
    """Where a person's requests come from, as the proxy in front would say."""
    return f"10.{person >> 16 & 255}.{person >> 8 & 255}.{person & 255}"


def python(*words: str) -> list[str]:
    """The command that runs a module with this Python."""
    return [sys.executable, "-m", *words]
