"""What follows from a vote: the form for it."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core import limits
from ...core.errors import Conflict, RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, statements
from ..forms.statements import StatementForm
from ..models import Statement, Vote

bp = Blueprint("vote_outcomes", __name__, url_prefix="/votes/<slug>/outcome")


@bp.get("")
@permission("vote:conclude")
def edit(slug: str) -> ResponseReturnValue:
    """What follows, to be said or changed; the vote's page says why where it cannot be."""
    vote = access.editable(current_user, slug)
    refusal = statements.closed_because(vote)
    if refusal is not None:
        flash(refusal, "note")
        return see(url_for("votes.show", slug=slug))
    statement = statements.of(vote)
    return _page(vote, statement, StatementForm(statement))


@bp.post("")
@permission("vote:conclude")
@limits.writes_to_people
def update(slug: str) -> ResponseReturnValue:
    """It is said, and those on the roll are told; or it is changed, and nobody is."""
    vote = access.editable(current_user, slug)
    statement, form = statements.of(vote), StatementForm()
    if not form.validate():
        return _page(vote, statement, form, 422)
    words = (form.body.data or "", form.review_on.data)
    try:
        if statement is None:
            statements.publish(vote, me(), *words)
        else:
            statements.change(vote, me(), *words, version=form.of_version)
    except RuleBroken as broken:
        db.session.rollback()
        return _refused(vote, form, broken)
    db.session.commit()
    flash(
        _("Changed. Nobody is told again.")
        if statement
        else _("Said. Everyone on the roll is told.")
    )
    return see(url_for("votes.show", slug=slug, _anchor="outcome"))


def _refused(vote: Vote, form: StatementForm, broken: RuleBroken) -> ResponseReturnValue:
    """A conflict shows the other words beside one's own; sent once more, one's own take their
    place.
    """
    statement = statements.of(vote)
    if isinstance(broken, Conflict) and statement is not None:
        form.agree_on(statement)
        return _page(vote, statement, form.refuse(broken), broken.status, theirs=statement)
    return _page(vote, statement, form.refuse(broken), broken.status)


def _page(
    vote: Vote,
    statement: Statement | None,
    form: StatementForm,
    status: int = 200,
    theirs: Statement | None = None,
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "vote": vote,
        "statement": statement,
        "form": form,
        "theirs": theirs,
        "invalid": status != 200,
    }
    return render_page("voting/statement.html", status=status, **shown)
