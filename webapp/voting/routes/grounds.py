"""The reasons that people gave with their ballots."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.pages import page_number, render_page
from ...core.permissions import permission
from .. import access, grounds, marks

bp = Blueprint("ballot_reasons", __name__)


@bp.get("/votes/<slug>/reasons")
@permission("vote:view")
def show(slug: str) -> ResponseReturnValue:
    """All of them, a page at a time, for whoever may see them now."""
    vote = access.vote_for(current_user, slug)
    if not grounds.may_be_seen(current_user, vote):
        raise NotFound()
    listing = grounds.given(vote, page_number())
    return render_page("voting/reasons.html", vote=vote, listing=listing, say=marks.chosen)
