"""Deleting a vote."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, votes
from ..forms.cancellations import RemovalForm
from ..models import Vote

bp = Blueprint("vote_removals", __name__)


@bp.get("/votes/<slug>/removal")
@permission("vote:delete")
def new(slug: str) -> ResponseReturnValue:
    """The question whether to delete it; of what stays listed why it can't be."""
    return _page(access.editable(current_user, slug), RemovalForm())


@bp.post("/votes/<slug>/removal")
@permission("vote:delete")
def create(slug: str) -> ResponseReturnValue:
    """The vote is deleted."""
    vote, form = access.editable(current_user, slug), RemovalForm()
    group = vote.group.slug
    try:
        votes.delete(vote, by=me())
    except RuleBroken as broken:
        db.session.rollback()
        return _page(vote, form.refuse(broken), status=broken.status)
    db.session.commit()
    flash(_("The vote is deleted."))
    return see(url_for("votes.index", group=group))


def _page(vote: Vote, form: RemovalForm, status: int = 200) -> ResponseReturnValue:
    refusal = votes.undeletable_because(vote)
    return render_page("voting/remove.html", status=status, vote=vote, form=form, refusal=refusal)
