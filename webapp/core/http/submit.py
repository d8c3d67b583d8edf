"""How routes that change something end: show the form again, or redirect with a message."""

from collections.abc import Callable
from typing import Any, TypeVar

import flask as web
from flask.typing import ResponseReturnValue

from ..db.idempotency import Created
from ..extensions import db
from . import form_recovery, limits
from .errors import UserError
from .forms import Form
from .pages import redirect_303
from .permissions import loaded, loaded_again

Result = TypeVar("Result")
Row = TypeVar("Row")


class InvalidForm(UserError):
    """The form has errors at its fields; the first is the message."""

    def __init__(self, form: Form) -> None:
        super().__init__(form.first_error)


def submitted(
    form: Form | None,
    action: Callable[[], Result],
    again: Callable[..., ResponseReturnValue],
    to: str | Callable[[Result], str],
    flash: str | Callable[[Result], str] = "",
) -> ResponseReturnValue:
    """Validate the form, carry out `action`, commit and redirect.

    `again(refused, *found)` answers if the form is invalid or a rule refuses. By then the form has
    the message. `found` is what the route's door opens. After a rule's refusal it has been opened
    again: the person may have lost access, and the page shows the current state. A deleted row
    answers 404 (`errors`).

    A button without fields has no `form` and shows `refused.message`. `to` and `flash` may be
    functions of what `action` returned, called before the commit.
    """
    if form is not None and not form.validate():
        invalid = InvalidForm(form)
        form.ask_for_files_again()
        return again(invalid, *loaded())
    try:
        result = action()
    except UserError as refused:
        db.session.rollback()
        if form is not None:
            form.refuse(refused)
            form.ask_for_files_again()
        return again(refused, *loaded_again())
    return done(
        to(result) if callable(to) else to,
        flash(result) if callable(flash) else flash,
    )


def page_with(page: Callable[..., ResponseReturnValue], form: Form) -> Callable[..., Any]:
    """Return a function for `again`: `page(*found, form, status)`, the form's page."""
    return lambda refused, *found: page(*found, form, refused.status)


def if_new(words: Callable[[Row], str]) -> Callable[[Created[Row]], str]:
    """Return a function for `flash` after `create_once`: a message only if the row is new."""
    return lambda made: words(made.row) if made.is_new else ""


def refused_at(url: str) -> Callable[..., ResponseReturnValue]:
    """Return a function for `again`: a redirect to a page that shows the refusal."""

    def again(refused: UserError, *_found: Any) -> ResponseReturnValue:
        if form_recovery.to_copy(refused.status):
            raise refused
        limits.waive()
        web.flash(refused.message, "no")
        return redirect_303(url)

    return again


def done(to: str, flash: str = "") -> ResponseReturnValue:
    """Commit, and redirect to a page that shows the message."""
    db.session.commit()
    if flash:
        web.flash(str(flash))  # a lazy text would come back from the session as markup
    return redirect_303(to)
