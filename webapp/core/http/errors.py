"""Error answers: as a page, or as a message in the page that htmx is on."""

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit
from uuid import UUID

import structlog
from flask import Flask, current_app, g, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError as PoolTimeout,
)
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException

from .. import site_settings
from ..db.engine import reading
from ..db.session import RowGone
from ..extensions import db, login_manager
from ..jobs.bounded_executor import Busy
from ..library_internals import set_reader
from ..observability import audit, metrics
from ..storage import disk
from ..time import clock
from . import form_recovery
from .page_above import page_above
from .permissions import page_before
from .same_origin import FromElsewhere

log = structlog.get_logger(__name__)

#: The statuses of error pages that lead back to the page of the form.
AGAIN = {400, 409, 422}
#: The audit log records at most this many refusals per person and hour.
MOST_REFUSALS, AN_HOUR = 60, timedelta(hours=1)

#: Where the cookie keeps the secret of the sign-in: all that an error page knows of the person.
SIGN_IN = "_user_id"

TITLES = {
    400: (_l("We couldn’t read that request"), _l("Go back, reload the page and try again.")),
    401: (_l("Please sign in"), _l("Sign in to see this page.")),
    403: (
        _l("You don’t have permission"),
        _l("Your role here doesn’t allow this. If it should, ask an organizer."),
    ),
    404: (
        _l("Page not found"),
        _l("The link may be wrong or out of date, or the page may be private."),
    ),
    405: (_l("This page can’t be used that way"), _l("Go back and use the button or the form.")),
    409: (_l("Something changed in the meantime"), _l("Check the page again before you go on.")),
    410: (_l("This is gone"), _l("It was deleted for good.")),
    413: (_l("That’s too large"), _l("Send less at once, or choose a smaller file.")),
    415: (_l("We can’t read this kind of file"), _l("Choose another kind of file.")),
    422: (_l("That didn’t work"), _l("Something you sent needs checking.")),
    429: (_l("Too many requests"), _l("You’ve sent too many requests in a short time.")),
    500: (
        _l("Something went wrong"),
        _l(
            "It’s not your fault. Try again. If it keeps happening, tell the people who run this "
            "site."
        ),
    ),
    503: (
        _l("Back in a moment"),
        _l("Part of the site isn’t responding. This usually takes less than a minute."),
    ),
}


class UserError(Exception):
    """A rule refused the action.

    `message` is for the person who tried; `field` names the form field it is about.
    """

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class UserErrors(UserError):
    """Several rules refused the action, each for its own field."""

    def __init__(self, refusals: list[UserError]) -> None:
        super().__init__(refusals[0].message, refusals[0].field)
        self.refusals = refusals


class Conflict(UserError):
    """What the person saw has changed meanwhile: status 409."""

    status = 409


def reference() -> str:
    """Return the number that this request's error page and log line share."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4)
    return g.reference


def _here() -> str:
    """Return the requested path, quoted: browsers take “/\\elsewhere” for another site."""
    path, query = quote(request.path), request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def error_response(
    status: int, sentence: str = "", retry_after: int | None = None, title: str = ""
) -> ResponseReturnValue:
    """Render the error as a page, or as a message if htmx asked.

    Reads neither the person nor the database: either may be what failed.
    """
    _ask_for_nobody()
    site_settings.use_known()
    usual_title, usual = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    above = page_above() if status == 403 else None
    if above is not None and above.sentence:
        usual = above.sentence
    context: dict[str, Any] = {
        "status": status,
        "is_signed_in": SIGN_IN in session,
        "here": _here(),
        "title": title or usual_title,
        "sentence": sentence or usual,
        "reference": reference(),
        "retry_after": retry_after,
        "kept": form_recovery.to_send_again(status),
        "files_kept_out": form_recovery.to_choose_again(status),
        "secret_fields": form_recovery.SECRET_FIELDS,
        "written": form_recovery.to_copy(status),
        "has_lost_files": form_recovery.has_lost_files(status),
        "back": page_before() if status == 401 else _page_of_form() if status in AGAIN else "",
        "above": above,
    }
    template = (
        "errors/_message.html"
        if request.headers.get("HX-Request") == "true"
        else "errors/page.html"
    )
    response = make_response(render_template(template, **context), status)
    if "to_keep" not in g:  # page_cache decides about its own pages
        response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def init_app(app: Flask) -> None:
    """Answer every kind of failure with a page that people understand."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, form_too_old)
    for refusal in (UserError, form_recovery.TextsLost):
        app.register_error_handler(refusal, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(IntegrityError, _overtaken)
    for gone in (RowGone, ObjectDeletedError):
        app.register_error_handler(gone, _gone)
    app.register_error_handler(DataError, _unfit)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _database_away)
    app.register_error_handler(OSError, _machine)
    app.register_error_handler(Exception, _broken)


def _page_of_form() -> str:
    """Return the URL of the page whose form was sent, or "" if it can't be opened again or is of
    another site.
    """
    try:
        before = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    except ValueError:
        return ""
    path = before.path
    if request.method != "POST" or before.netloc != request.host or "//" in path or "\\" in path:
        return ""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return ""
    return before._replace(scheme="", netloc="", fragment="").geturl()


def _undo() -> None:
    """Roll back; from now on this request reads neither the person nor the database."""
    _roll_back()
    _ask_for_nobody()
    site_settings.use_known()


def _roll_back() -> None:
    try:
        db.session.rollback()
    except Exception:
        log.exception("rollback_failed")
        db.session.remove()


class KnownReader(NamedTuple):
    """The signed-in person, as far as logs and error pages need them. They can't read the row:
    a rollback has expired it, and the database may be what failed.
    """

    id: UUID
    locale: str
    zone: str | None


def note_reader(user: Any) -> None:
    """Remember who sent this request."""
    g.reader = KnownReader(user.id, user.locale, user.zone)


def _ask_for_nobody() -> None:
    """Answer as for a visitor with the reader's language: this request no longer looks up the
    person.
    """
    nobody: Any = login_manager.anonymous_user()
    if "reader" in g:
        nobody.locale, nobody.zone = g.reader.locale, g.reader.zone
    set_reader(nobody)


def _http(error: HTTPException) -> ResponseReturnValue:
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # a handler failed, or what runs after a request
        return current_app.handle_user_exception(cause)
    if error.code == 403:
        _record_refusal()
    _undo()
    if error.response is not None or (error.code or 500) < 400:
        return error
    retry_after = getattr(error, "retry_after", None)
    return error_response(
        error.code or 500, retry_after=retry_after if isinstance(retry_after, int) else None
    )


def _record_refusal() -> None:
    """Record refusals in the audit log, also of reading.

    If logging fails the person is still refused. Of the URL only ids are logged: the rest may be a
    secret, or name something hidden. Entries are kept for good, so each person gets at most
    MOST_REFUSALS an hour.
    """
    if "reader" not in g:
        return
    _roll_back()
    token = reading.set(False)
    try:
        recent = audit.how_many("access.refused", g.reader.id, clock.now() - AN_HOUR)
        if recent < MOST_REFUSALS:
            named = {
                name: str(value)
                for name, value in (request.view_args or {}).items()
                if isinstance(value, UUID)
            }
            about = {"route": request.endpoint, "method": request.method, **named}
            audit.record("access.refused", by=g.reader, **about)
            db.session.commit()
    except SQLAlchemyError:
        log.exception("refusal_unrecorded")
    finally:
        reading.reset(token)


def form_too_old(error: CSRFError) -> ResponseReturnValue:
    """Answer 400: the form's CSRF token isn't this browser's, or another site's page has sent it;
    401 to those who must sign in.
    """
    if isinstance(error, FromElsewhere):
        _undo()
        return error_response(
            400,
            _("Your browser says that it was sent from another site. Open its page here."),
            title=_("This form came from another site"),
        )
    view = current_app.view_functions.get(request.endpoint or "")
    is_public = getattr(view, "permission", "public") == "public" or current_user.is_authenticated
    _undo()
    if is_public:
        return error_response(
            400,
            _(
                "You signed in or out after you opened it, or your browser has dropped its "
                "cookies. Open its page again, then send it."
            ),
            title=_("This form is too old"),
        )
    return error_response(401, _("You’re signed out. Sign in, then send it again."))


def _refused(error: UserError | form_recovery.TextsLost) -> ResponseReturnValue:
    _undo()
    return error_response(error.status, error.message)


def _busy(error: Busy) -> ResponseReturnValue:
    _undo()
    return error_response(
        503,
        _("A lot of people are signing in right now. Try again in a moment."),
        error.retry_after,
    )


def _overtaken(error: IntegrityError) -> ResponseReturnValue:
    """Answer 409: a constraint that no rule foresaw, because someone else was faster."""
    _undo()
    log.warning("constraint", error=_constraint(error), reference=reference())
    return error_response(409)


def _gone(error: Exception) -> ResponseReturnValue:
    """Answer 404: someone else deleted the row meanwhile."""
    _undo()
    log.warning("gone", error=type(error).__name__, reference=reference())
    return error_response(404)


def _constraint(error: IntegrityError) -> str:
    """Return the constraint's name.

    PostgreSQL's own message also contains the conflicting value.
    """
    diagnosis = getattr(error.orig, "diag", None)
    return str(
        error.orig if diagnosis is None else diagnosis.constraint_name or type(error.orig).__name__
    )


def _unfit(error: DataError) -> ResponseReturnValue:
    """Answer 400: a value that no column can hold, such as NUL in a URL. Browsers don't send
    those.
    """
    _undo()
    log.warning("unfit", error=type(error.orig).__name__, reference=reference())
    return error_response(400)


def disk_full() -> ResponseReturnValue:
    """Say that the server's disk is full, on the page and in the log."""
    log.error("disk_full", reference=reference())
    sentence = _(
        "The server’s disk is full, so nothing was saved. Tell the people who run this site."
    )
    return error_response(503, sentence, retry_after=60)


def _machine(error: OSError) -> ResponseReturnValue:
    if not disk.is_full(error):
        return _broken(error)
    _undo()
    return disk_full()


def _database_away(error: Exception) -> ResponseReturnValue:
    _undo()
    if disk.is_full(error):
        return disk_full()
    metrics.database_away(type(error).__name__)
    log.error("database_unavailable", error=type(error).__name__, reference=reference())
    return error_response(503, retry_after=5)


def _broken(error: Exception) -> ResponseReturnValue:
    _undo()
    log.exception("unhandled", reference=reference())
    return error_response(500)


# Failures outside Flask, where no error handler applies.

#: In English: finding the reader's language may be what failed.
LAST_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Something went wrong</title>
<h1>Something went wrong</h1>
<p>Try again in a moment. If it keeps happening,
tell the people who run this site: reference {reference}.</p></html>
"""


class LastResort:
    """Answers and logs failures outside Flask: the server's own log line would contain the whole
    URL.
    """

    def __init__(self, app: Flask) -> None:
        self.application: Callable[..., Iterable[bytes]] = app.wsgi_app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Return the application's answer, or a plain page that depends on nothing."""
        try:
            return self.application(environ, start_response)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("unhandled_outside_of_flask", reference=number)
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
            start_response("500 Internal Server Error", headers)
            return [LAST_PAGE.format(reference=number).encode()]


def add_last_resort(app: Flask) -> None:
    """Catch everything that fails in the application.

    Call this last, so that nothing else wraps the application.
    """
    app.wsgi_app = LastResort(app)  # type: ignore[method-assign]
