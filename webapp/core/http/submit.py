"""How routes that change something end: show the form again, or redirect with a message."""

from collections.abc import Callable
from typing import TypeVar

import flask as web
from flask.typing import ResponseReturnValue

from ..db.idempotency import Created
from ..extensions import db
from . import form_recovery, limits
from .errors import UserError
from .forms import Form
from .pages import redirect_303

Result = TypeVar("Result")
Row = TypeVar("Row")


class InvalidForm(UserError):
    """The form has errors at its fields; the first is the message."""

    def __init__(self, form: Form) -> None:
        super().__init__(form.first_error)


def submitted(
    form: Form | None,
    action: Callable[[], Result],
    again: Callable[[UserError], ResponseReturnValue],
    to: str | Callable[[Result], str],
    flash: str | Callable[[Result], str] = "",
) -> ResponseReturnValue:
    """Validate the form, carry out `action`, commit and redirect.

    `again(refused)` answers if the form is invalid or a rule refuses. By then the form has the
    message, and a rollback has expired everything that was read. So the page shows the current
    state. The person may have lost access: `again` must load the object through its access check
    again. A deleted row answers 404 (`errors`).

    A button without fields has no `form` and shows `refused.message`. `to` and `flash` may be
    functions of what `action` returned, called before the commit.
    """
    if form is not None and not form.validate():
        invalid = InvalidForm(form)
        form.ask_for_files_again()
        return again(invalid)
    try:
        result = action()
    except UserError as refused:
        db.session.rollback()
        if form is not None:
            form.refuse(refused)
            form.ask_for_files_again()
        return again(refused)
    return done(
        to(result) if callable(to) else to,
        flash(result) if callable(flash) else flash,
    )


def if_new(words: Callable[[Row], str]) -> Callable[[Created[Row]], str]:
    """Return a function for `flash` after `create_once`: a message only if the row is new."""
    return lambda made: words(made.row) if made.is_new else ""


def refused_at(url: str) -> Callable[[UserError], ResponseReturnValue]:
    """Return a function for `again`: a redirect to a page that shows the refusal."""

    def again(refused: UserError) -> ResponseReturnValue:
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
