"""How a route that changes something ends: the form again, or what was done and the next page."""

from collections.abc import Callable
from typing import TypeVar

import flask as web
from flask.typing import ResponseReturnValue

from ..extensions import db
from . import limits
from .errors import UserError
from .forms import Form
from .pages import redirect_303

Result = TypeVar("Result")
Row = TypeVar("Row")


class InvalidForm(UserError):
    """The form says at its fields what to change; its first sentence is the message."""

    def __init__(self, form: Form) -> None:
        super().__init__(next((str(one) for found in form.errors.values() for one in found), ""))


def submitted(
    form: Form | None,
    action: Callable[[], Result],
    again: Callable[[UserError], ResponseReturnValue],
    to: str | Callable[[Result], str],
    flash: str | Callable[[Result], str] = "",
) -> ResponseReturnValue:
    """Carry out what the form asks for, commit, and lead to the next page.

    `again(refused)` is the answer where the form isn't valid or a rule refuses; the form has the
    reason by then, and a rollback has undone the rest and forgotten what was read, so that the page
    shows what is true now. Someone may have been refused because they lost sight of it: `again`
    loads it through the viewer once more. What was deleted meanwhile is not found (`errors`).
    A button without fields has no `form` and shows `refused.message`. `to` and `flash` may be made
    from what `action` returned, before the commit.
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


def if_new(words: Callable[[Row], str]) -> Callable[[tuple[Row, bool]], str]:
    """For `flash` after `create_once`: what is said of a row that the form's twin hadn't made."""
    return lambda made: words(made[0]) if made[1] else ""


def refused_at(url: str) -> Callable[[UserError], ResponseReturnValue]:
    """For `again`: lead to that page, which says why not."""

    def again(refused: UserError) -> ResponseReturnValue:
        limits.waive()
        web.flash(refused.message, "no")
        return redirect_303(url)

    return again


def done(to: str, flash: str = "") -> ResponseReturnValue:
    """Commit, say so on the next page, and lead there."""
    db.session.commit()
    if flash:
        web.flash(str(flash))  # a lazy text would come back from the session as markup
    return redirect_303(to)
