"""Reporting something: the form, and the thanks.

Visitors come here by a link, because cached pages contain no form.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import i18n
from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import page_with, submitted
from .. import reports
from ..forms import ReportForm
from ..reportable_types import THINGS, Reportable

bp = Blueprint("reports", __name__, url_prefix="/reports/<kind>/<uuid:thing_id>")


def _found(reader: Any, kind: str, thing_id: UUID) -> tuple[Reportable, Any]:
    """The type and the thing, if the reader may see it."""
    what = THINGS.get(kind)
    if what is None:
        abort(404)
    return what, what.load(reader, thing_id)


def _form(what: Reportable, thing: Any, **values: Any) -> ReportForm:
    return ReportForm(what.places(actor(), thing), not current_user.is_authenticated, **values)


@bp.get("")
@opens(_found, to_visitors=True)
def new(what: Reportable, thing: Any) -> ResponseReturnValue:
    """Show the report form, and the reader's earlier reports of the same thing."""
    return _page(what, thing, _form(what, thing, formdata=None))


@bp.post("")
@limits.writes_to_people
@opens(_found, to_visitors=True)
def create(what: Reportable, thing: Any) -> ResponseReturnValue:
    """Report the thing to those who decide; bots are thanked, but nothing is stored."""
    form = _form(what, thing)

    def report() -> str:
        if form.is_by_bot:
            return ""
        is_new = _report(what, thing, form)
        return _("Report sent.") if is_new else _("Added to your report.")

    return submitted(
        form,
        report,
        again=page_with(_page, form),
        to=url_for("reports.show", kind=what.name, thing_id=thing.id),
        flash=str,
    )


def _report(what: Reportable, thing: Any, form: ReportForm) -> bool:
    by = actor() if current_user.is_authenticated else None
    is_new = reports.own_report(what, thing.id, actor()) is None
    email, address = form.address, None
    if email:
        limits.email_to(email)
        address = (email, i18n.locale_code())
    group = next(
        (one for one in what.places(actor(), thing) if str(one.id) == form.chosen_place), None
    )
    reports.report(what, thing, by, form.rule.data, form.text.data or "", group, address)
    return is_new


@bp.get("/thanks")
@opens(_found, to_visitors=True)
def show(what: Reportable, thing: Any) -> ResponseReturnValue:
    """Show what happens next, and how to mute or block the person."""
    return render_page("moderation/thanks.html", what=what, thing=thing, author=_other(what, thing))


def _other(what: Reportable, thing: Any) -> Any:
    """The author, if the reader is signed in and can block them."""
    author = what.author(thing)
    return (
        author
        if current_user.is_authenticated and author is not None and author.id != current_user.id
        else None
    )


def _page(what: Reportable, thing: Any, form: ReportForm, status: int = 200) -> ResponseReturnValue:
    author = what.author(thing)
    return render_page(
        "moderation/report.html",
        status=status,
        what=what,
        thing=thing,
        form=form,
        own=current_user.is_authenticated and author is not None and author.id == current_user.id,
        before=reports.own_report(what, thing.id, actor()),
        author=_other(what, thing),
        group=what.group(thing),
    )
