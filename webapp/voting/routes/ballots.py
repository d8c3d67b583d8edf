"""The button that casts."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import me, permission
from .. import access, ballots
from ..forms.ballots import BallotForm
from ..reasons import BallotRefused
from .votes import vote_page

bp = Blueprint("ballots", __name__)


@bp.post("/votes/<slug>/ballot")
@permission("vote:cast")
def create(slug: str) -> ResponseReturnValue:
    """The person's one ballot says what they chose."""
    vote = access.vote_for(current_user, slug)
    if vote.is_secret:
        abort(404)
    form = BallotForm(vote)
    if not form.validate():
        return vote_page(vote, form, status=422)
    try:
        ballots.cast(vote, by=me(), **form.answer())
    except BallotRefused as broken:
        db.session.rollback()
        if "question_changed" in broken.reasons:
            form = form.renewed()
        return vote_page(vote, form.refuse(broken), status=broken.status)
    db.session.commit()
    return see(url_for("votes.show", slug=slug, _anchor="ballot"))
