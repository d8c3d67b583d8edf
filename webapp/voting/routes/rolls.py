"""The roll: who may vote."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import page_number, render_page
from ...core.permissions import permission
from .. import access, reads

bp = Blueprint("rolls", __name__)


@bp.get("/votes/<slug>/roll")
@permission("vote:view_roll")
def show(slug: str) -> ResponseReturnValue:
    """Everyone on the roll, as it was written at opening."""
    vote = access.vote_for(current_user, slug)
    return render_page("voting/roll.html", vote=vote, listing=reads.roll_of(vote, page_number()))
