"""Calling a vote off."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, votes
from ..forms.cancellations import CancellationForm
from ..models import Vote

bp = Blueprint("vote_cancellations", __name__)


@bp.get("/votes/<slug>/cancellation")
@permission("vote:cancel")
def new(slug: str) -> ResponseReturnValue:
    """The question whether to call it off, and why; of what is over why it can't be."""
    return _page(access.editable(current_user, slug), CancellationForm())


@bp.post("/votes/<slug>/cancellation")
@permission("vote:cancel")
def create(slug: str) -> ResponseReturnValue:
    """The vote is called off."""
    vote, form = access.editable(current_user, slug), CancellationForm()
    if not form.validate():
        return _page(vote, form, status=422)
    try:
        votes.cancel(vote, by=me(), reason=form.reason.data or "")
    except RuleBroken as broken:
        db.session.rollback()
        return _page(vote, form.refuse(broken), status=broken.status)
    db.session.commit()
    flash(_("The vote is cancelled. Everyone on the roll is told."))
    return see(url_for("votes.show", slug=vote.slug))


def _page(vote: Vote, form: CancellationForm, status: int = 200) -> ResponseReturnValue:
    refusal = votes.uncancellable_because(vote)
    return render_page("voting/cancel.html", status=status, vote=vote, form=form, refusal=refusal)
