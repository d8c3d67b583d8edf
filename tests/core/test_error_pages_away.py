"""Error pages need nothing that may be broken: each status is shown while PostgreSQL, Redis and
the disk are away, to a visitor, a guest and a member, as a page and as htmx's message.
"""

import errno
from html import unescape
from io import BytesIO

import pytest
import sqlalchemy as sa
import werkzeug.formparser
from flask import abort
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    TimeoutError as PoolTimeout,
)
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException

from scripts.services import free_port
from tests.browser_like import ORIGIN, Browser
from webapp import create_app
from webapp.core.db.session import RowGone
from webapp.core.extensions import db
from webapp.core.http import errors, permissions
from webapp.core.http.errors import TITLES, UserError
from webapp.core.http.form_recovery import TextsLost
from webapp.core.jobs.bounded_executor import Busy

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#nothing"}
WORDS = "Bring your boots,\nthe weir is muddy."
FULL = OSError(errno.ENOSPC, "No space left on device")
PATHS = {"visitor": "/failing", "member": "/failing", "guest": "/guests/failing/token"}


def gone(*_args, **_options):
    raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))


def full(*_args, **_options):
    raise FULL


def raising(error):
    raise error


@pytest.fixture
def site(app, tmp_path):
    """The same site, where Redis doesn't answer, with a page that calls `site.fail`."""
    same = {name: app.config[name] for name in ("SITE_URL", "SECRET_KEY", "DATABASE_URL")}
    redis = f"redis://127.0.0.1:{free_port()}/0"
    here = create_app(INSTANCE=str(tmp_path), REDIS_URL=redis, MAIL_SERVER="", **same)

    @permissions.public
    def failing():
        here.fail()

    for path in set(PATHS.values()):
        here.add_url_rule(path, path.strip("/"), failing, methods=["GET", "POST"])
    yield here
    with here.app_context():
        db.engine.dispose()


def lose_the_database(monkeypatch):
    """Take PostgreSQL away, as it is lost in the middle of a request."""
    monkeypatch.setattr(sa.Engine, "raw_connection", gone)
    for method in ("_execute_context", "_rollback_impl", "_commit_impl"):
        monkeypatch.setattr(sa.Connection, method, gone)


def fill_the_disk(monkeypatch):
    """Leave no room for the files of a form."""
    monkeypatch.setattr(werkzeug.formparser, "SpooledTemporaryFile", full)


#: What an error handler is registered for, and the status of its answer.
FAILURES = {
    CSRFError: (CSRFError, 400, "This form is too old"),
    UserError: (lambda: UserError("Enter a title."), 422, "Enter a title."),
    TextsLost: (lambda: TextsLost(409), 409, "Something changed"),
    Busy: (lambda: Busy(5), 503, "A lot of people"),
    IntegrityError: (
        lambda: IntegrityError("INSERT", {}, Exception("taken")),
        409,
        "Something changed",
    ),
    RowGone: (lambda: RowGone("event"), 404, "Page not found"),
    ObjectDeletedError: (lambda: ObjectDeletedError(None, "gone"), 404, "Page not found"),
    DataError: (lambda: DataError("SELECT", {}, Exception("NUL")), 400, "We couldn’t read"),
    OperationalError: (
        lambda: OperationalError("SELECT", {}, Exception("gone")),
        503,
        "Back in a moment",
    ),
    InterfaceError: (
        lambda: InterfaceError("SELECT", {}, Exception("gone")),
        503,
        "Back in a moment",
    ),
    PoolTimeout: (lambda: PoolTimeout("none left"), 503, "Back in a moment"),
    OSError: (lambda: FULL, 503, "disk is full"),
    Exception: (lambda: RuntimeError("nobody foresaw this"), 500, "Something went wrong"),
}
EVERY_FAILURE = {
    **{
        str(status): (lambda status=status: abort(status), status, str(title))
        for status, (title, _sentence) in TITLES.items()
    },
    **{
        kind.__name__: (lambda make=make: raising(make()), status, words)
        for kind, (make, status, words) in FAILURES.items()
    },
}


def test_every_error_handler_is_tested_here(app):
    handlers = {k: v for kinds in app.error_handler_spec[None].values() for k, v in kinds.items()}
    ours = {kind for kind, handler in handlers.items() if handler.__module__ == errors.__name__}
    assert ours - {HTTPException} == set(FAILURES)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("as_htmx", [False, True], ids=["page", "htmx"])
@pytest.mark.parametrize("reader", list(PATHS))
def test_every_error_is_shown_without_database_redis_and_disk(
    site, ana, monkeypatch, reader, as_htmx, method
):
    tab = Browser.of(site, ana if reader == "member" else None)
    token = tab.csrf_token()
    has_text = method == "POST" and not as_htmx
    wrong = {}
    for name, (fail, status, words) in EVERY_FAILURE.items():
        with monkeypatch.context() as broken:

            def failing(fail=fail, broken=broken):
                assert current_user.is_authenticated == (reader == "member")
                db.session.rollback()  # what was read of the person has to be read again
                lose_the_database(broken)
                fill_the_disk(broken)
                fail()

            site.fail = failing
            answer = tab.client.open(
                PATHS[reader],
                method=method,
                base_url=ORIGIN,
                headers=HTMX if as_htmx else {},
                data={"body": WORDS, "csrf_token": token} if method == "POST" else None,
            )
        said = unescape(answer.text)
        if answer.status_code != status or words not in said or "Reference" not in said:
            wrong[name] = answer.status_code, said
        elif status == 503 and name != "503" and "Retry-After" not in answer.headers:
            wrong[name] = answer.headers
        elif has_text and status not in {405, 413, 415} and WORDS not in said:
            wrong[name] = "the text is lost"
        elif not as_htmx and ('href="/inbox"' in said) != (reader == "member"):
            wrong[name] = "the navigation is another's"
        elif not as_htmx and not said.index('<nav class="nav"') < said.index('href="/events"'):
            wrong[name] = "there is no navigation"
        elif answer.headers["Cache-Control"] != "no-store":
            wrong[name] = answer.headers
    assert wrong == {}


@pytest.mark.parametrize("as_htmx", [False, True], ids=["page", "htmx"])
def test_a_full_disk_while_files_arrive_gets_503(site, visitor, monkeypatch, as_htmx):
    fill_the_disk(monkeypatch)
    answer = site.test_client().post(
        "/failing",
        base_url=ORIGIN,
        headers=HTMX if as_htmx else {},
        data={"body": WORDS, "file": [(BytesIO(b"x" * 400_000), f"{n}.txt") for n in range(4)]},
    )

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "disk is full" in answer.text


def test_the_database_lost_in_an_error_handler_gets_503_and_logs_no_url(site, caplog, capsys):
    site.error_handler_spec[None][None][UserError] = gone
    site.fail = lambda: raising(UserError("Enter a title."))
    answer = site.test_client().get(PATHS["guest"], base_url=ORIGIN)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Back in a moment" in answer.text
    assert PATHS["guest"] not in caplog.text + "".join(capsys.readouterr())
