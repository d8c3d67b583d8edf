"""Emails, an SMTP server, and the passing of time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp.core.extensions import db
from webapp.core.jobs import queue
from webapp.mail import outbox
from webapp.mail.emails import EMAIL_CONTEXTS
from webapp.mail.jobs import smtp
from webapp.mail.models import OutgoingEmail

from .postoffice import PostOffice


@pytest.fixture
def post_office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """An SMTP server to which the application sends its emails, instead of into its mailbox."""
    yield from _serving(PostOffice(), app, monkeypatch)


@pytest.fixture
def ascii_post_office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The same without SMTPUTF8."""
    yield from _serving(PostOffice(takes_utf8=False), app, monkeypatch)


def _serving(
    server: PostOffice, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostOffice]:
    with server as office:
        settings = {
            "DEV_MAIL": False,
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": office.port,
            "MAIL_USE_TLS": False,
        }
        for name, value in settings.items():
            monkeypatch.setitem(app.config, name, value)
        monkeypatch.setitem(app.extensions, "mail", app.extensions["mail"])
        monkeypatch.delitem(app.extensions, "smtp_utf8", raising=False)
        smtp.init_app(app)
        yield office
        app.extensions.pop("smtp_utf8", None)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """A function that makes the test email's context this one or None, or makes it raise an
    exception.
    """

    def now_says(what: Any) -> None:
        def found(**ids: str) -> Any:
            if isinstance(what, Exception):
                raise what
            return what

        monkeypatch.setitem(EMAIL_CONTEXTS, "mail/test", found)

    return now_says


@pytest.fixture
def posted(context: None, emails: Any) -> Callable[..., OutgoingEmail]:
    """A function that queues a test email and commits it."""

    def post(to: str = "ana@example.org", **ids: Any) -> OutgoingEmail:
        email = outbox.enqueue_email("mail/test", to=to, **ids)
        db.session.commit()
        return email

    return post


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """A function that runs every waiting job."""

    def run() -> None:
        db.session.commit()
        queue.drain(app, raising=True)
        db.session.expire_all()

    return run


@pytest.fixture
def pass_time(work: Callable[[], None], app: Flask) -> Callable[[float], None]:
    """A function that lets this many minutes pass for every email, and then runs the clock's sweep
    and the jobs.

    The database's own clock stays.
    """

    def go_by(minutes: float) -> None:
        for row in db.session.scalars(sa.select(OutgoingEmail)):
            row.due_at -= timedelta(minutes=minutes)
            row.leased_until = row.leased_until and row.leased_until - timedelta(minutes=minutes)
            row.ended_at = row.ended_at and row.ended_at - timedelta(minutes=minutes)
        db.session.commit()
        for name in ("mail.sweep", "ops.purge"):
            app.extensions["queue"].put(name, ())
        work()

    return go_by
