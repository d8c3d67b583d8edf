"""Casting a ballot and, if the vote shows them, who chose what and the comments on ballots."""

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.http.errors import UserError
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import submitted
from .. import access
from ..ballots import ballot_comments, ballot_texts, casting
from ..ballots.refusals import BallotRefused
from ..forms.ballots import BallotForm
from ..models import Vote
from ..results import question, result_views
from ..results.question import ballot_in_words
from .votes import vote_page

bp = Blueprint("ballots", __name__)


@bp.post("/votes/<slug>/ballot")
@opens(access.vote_to_cast, "vote:cast")
def create(vote: Vote) -> ResponseReturnValue:
    """Cast or change the person's ballot."""
    if vote.is_secret:
        abort(404)
    form = BallotForm(vote)
    return submitted(
        form,
        lambda: casting.cast(vote, by=actor(), **form.answer()),
        again=lambda refused, vote: vote_page(vote, refused_form(form, refused), refused.status),
        to=url_for("votes.show", slug=vote.slug, _anchor="ballot"),
    )


def refused_form(form: BallotForm, refused: UserError) -> BallotForm:
    """Return the refused ballot's form; if the question has changed, one for the new question."""
    if isinstance(refused, BallotRefused) and "question_changed" in refused.codes:
        return form.renewed().refuse(refused)
    return form


named_ballots_bp = Blueprint("named_ballots", __name__)


@named_ballots_bp.get("/votes/<slug>/ballots")
@opens(access.vote_to, "vote:view_names")
def index(vote: Vote) -> ResponseReturnValue:
    """List who cast a ballot and what they chose; 404 while that may not be seen."""
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
@opens(access.vote_to, "vote:view")
def show(vote: Vote) -> ResponseReturnValue:
    """List the comments on ballots, a page at a time, to people who may see them now."""
    if not ballot_comments.are_visible(current_user, vote):
        raise NotFound()
    listing = ballot_comments.page_of(vote, page_number())
    return render_page(
        "voting/ballot_comments.html", vote=vote, listing=listing, say=ballot_texts.chosen
    )
