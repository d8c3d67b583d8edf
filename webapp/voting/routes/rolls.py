"""The roll: who may vote."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import page_number, render_page
from ...core.permissions import me, permission
from .. import access, electorates, voters

bp = Blueprint("rolls", __name__)


@bp.get("/votes/<slug>/roll")
@permission("vote:view_roll")
def show(slug: str) -> ResponseReturnValue:
    """Everyone on the roll; who of them has voted where names stand beside choices, with the
    result. Of a secret vote each sees their own mark alone."""
    vote = access.vote_for(current_user, slug)
    listing, voted = voters.listed(me(), vote, page_number()), None
    if not vote.is_anonymous and access.can_see_results(current_user, vote):
        voted = voters.voted_among(
            vote, [line.voter.user_id for line in listing.items if line.is_named]
        )
    elif vote.is_secret and access.has_voted(me(), vote):
        voted = {me().id}
    return render_page(
        "voting/roll.html", vote=vote, listing=listing, voted=voted, electorates=electorates
    )
