"""Fixtures for tests of accounts: a sign-up form, and the emails waiting in the outbox."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask, has_app_context

from tests.mail.deciding import decide
from webapp.core.db.engine import reading
from webapp.core.extensions import db
from webapp.mail.emails import EMAIL_CONTEXTS
from webapp.mail.models import OutgoingEmail

GOOD = "meadow lantern 42 otters"


def someone(**values: Any) -> dict[str, Any]:
    """Return the fields of a sign-up form."""
    fields = {
        "first_name": "Yuki",
        "last_name": "Tanaka",
        "handle": "",
        "email": "yuki@example.org",
        "password": GOOD,
        "password_again": GOOD,
        "affirmed": "y",
        "homepage": "",
        "zone": "Asia/Tokyo",
    }
    return {**fields, **values}


class Emails:
    """The emails in the outbox, oldest first, with their contexts."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def rows(self, template: str | None = None) -> list[Any]:
        """Return (template, address, ids) of each email, or of those from this template."""
        if has_app_context():
            db.session.rollback()
        token = reading.set(False)
        with self.app.app_context():
            decide()
        reading.reset(token)
        statement = sa.select(
            OutgoingEmail.template, OutgoingEmail.address, OutgoingEmail.ids
        ).order_by(OutgoingEmail.created_at, OutgoingEmail.id)
        with self.looking(), db.engine.connect() as connection:
            return [
                row for row in connection.execute(statement) if template in (None, row.template)
            ]

    def words(self, template: str) -> dict[str, Any] | None:
        """Return the context of the newest email from the template, as delivery would build it."""
        newest = self.rows(template)[-1]
        with self.looking():
            return EMAIL_CONTEXTS[template](**newest.ids)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Open an application context that only reads, after ending the test's own transaction."""
        if has_app_context():
            db.session.rollback()
        token = reading.set(True)
        with self.app.app_context():
            yield
            db.session.rollback()
        reading.reset(token)

    def path(self, template: str) -> str:
        """Return the path of the link in the newest email from the template."""
        words = self.words(template)
        assert words is not None
        return urlsplit(words["url"]).path


@pytest.fixture
def emailed(app: Flask) -> Emails:
    """The emails waiting for delivery."""
    return Emails(app)


@pytest.fixture
def setting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], None]:
    """A function that changes a setting for this test."""
    return lambda name, value: monkeypatch.setitem(app.config, name, value)
