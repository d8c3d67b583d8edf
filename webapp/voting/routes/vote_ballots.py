"""Who chose what, in votes that show names."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import page_number, render_page
from ...core.permissions import permission
from .. import access, naming
from ..showing import question
from ..showing.ballots import in_words

bp = Blueprint("vote_ballots", __name__)


@bp.get("/votes/<slug>/ballots")
@permission("vote:view_names")
def index(slug: str) -> ResponseReturnValue:
    """Everybody who cast a ballot, with what they chose; not there while it may not be seen."""
    vote = access.vote_for(current_user, slug)
    if not access.can_see_names(current_user, vote):
        abort(404)
    listing, asked = naming.listed(vote, page_number()), question.of(vote)
    return render_page(
        "voting/ballots.html", vote=vote, listing=listing, asked=asked, in_words=in_words
    )
