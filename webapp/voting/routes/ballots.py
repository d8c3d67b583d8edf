"""Casting a ballot and, if the vote shows them, who chose what and the comments on ballots."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.extensions import db
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import done
from .. import access
from ..ballots import ballot_comments, ballot_texts, casting
from ..ballots.refusals import BallotRefused
from ..forms.ballots import BallotForm
from ..results import question, result_views
from ..results.question import ballot_in_words
from .votes import vote_page

bp = Blueprint("ballots", __name__)


@bp.post("/votes/<slug>/ballot")
@permission("vote:cast")
def create(slug: str) -> ResponseReturnValue:
    """Cast or change the person's ballot."""
    vote = access.vote_for(current_user, slug)
    if vote.is_secret:
        abort(404)
    form = BallotForm(vote)
    if not form.validate():
        return vote_page(vote, form, status=422)
    try:
        casting.cast(vote, by=actor(), **form.answer())
    except BallotRefused as broken:
        db.session.rollback()
        vote = access.vote_for(current_user, slug)  # the person may no longer see it
        if "question_changed" in broken.codes:
            form = form.renewed()
        return vote_page(vote, form.refuse(broken), status=broken.status)
    return done(url_for("votes.show", slug=slug, _anchor="ballot"))


named_ballots_bp = Blueprint("named_ballots", __name__)


@named_ballots_bp.get("/votes/<slug>/ballots")
@permission("vote:view_names")
def index(slug: str) -> ResponseReturnValue:
    """List who cast a ballot and what they chose; 404 while that may not be seen."""
    vote = access.vote_for(current_user, slug)
    if not access.can_see_names(current_user, vote):
        abort(404)
    listing, vote_question = result_views.listed(vote, page_number()), question.of(vote)
    return render_page(
        "voting/ballots.html",
        vote=vote,
        listing=listing,
        question=vote_question,
        in_words=ballot_in_words,
    )


ballot_comments_bp = Blueprint("ballot_comments", __name__)


@ballot_comments_bp.get("/votes/<slug>/ballot-comments")
@permission("vote:view")
def show(slug: str) -> ResponseReturnValue:
    """List the comments on ballots, a page at a time, to people who may see them now."""
    vote = access.vote_for(current_user, slug)
    if not ballot_comments.are_visible(current_user, vote):
        raise NotFound()
    listing = ballot_comments.page_of(vote, page_number())
    return render_page(
        "voting/ballot_comments.html", vote=vote, listing=listing, say=ballot_texts.chosen
    )
