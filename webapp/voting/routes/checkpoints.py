"""The chain of a secret vote's checkpoints, for those who write one down and compare it
afterwards.
"""

from typing import Any

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.pages import Page, page_number, render_page
from ...core.permissions import permission
from .. import access
from ..secret import reads as secret

bp = Blueprint("checkpoints", __name__)
PAGE = 50


@bp.get("/votes/<slug>/checkpoints")
@permission("vote:view")
def index(slug: str) -> ResponseReturnValue:
    """Every checkpoint so far, the newest first, and what was fixed at opening."""
    vote = access.vote_for(current_user, slug)
    if not vote.is_secret or vote.opened_at is None:
        abort(404)
    links, number = secret.links(vote), page_number()
    listing = Page(links[::-1][(number - 1) * PAGE : number * PAGE], len(links), number, PAGE)
    shown: dict[str, Any] = {
        "opening": secret.opening_of(vote),
        "opened": links[0].root,
        "restores": secret.restores(vote),
    }
    return render_page("voting/secret/checkpoints.html", vote=vote, listing=listing, **shown)
