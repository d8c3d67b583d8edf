"""Casting a secret ballot, and the chain of checkpoints.

The key is shown once, in the response to the form: on no other page, in no URL and no message.
Checkpoints are for people who note one down and compare it later.
"""

from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue

from ...core.db import idempotency
from ...core.extensions import db
from ...core.http.pages import Page, padded, page_number, redirect_303, render_page, uncached
from ...core.http.permissions import actor, loaded_again, opens
from .. import access
from ..ballots import ballot_texts, choices
from ..ballots.refusals import BallotRefused
from ..forms.ballots import KeyedBallotForm, SecretBallotForm
from ..models import Vote
from ..results import counting
from ..secret import casting, keys, reads as secret
from .ballot_keys import change_page, vote_to_cast
from .ballots import refused_form
from .votes import vote_page

bp = Blueprint("secret_ballots", __name__)
bp.after_request(uncached)
bp.after_request(padded)  # the page's length would reveal the ballot


@bp.get("/votes/<slug>/secret-ballot")
@opens(vote_to_cast, "vote:cast")
def show(vote: Vote) -> ResponseReturnValue:
    """Redirect to the vote: the key is shown only once."""
    return redirect_303(url_for("votes.show", slug=vote.slug, _anchor="ballot"))


@bp.post("/votes/<slug>/secret-ballot")
@opens(vote_to_cast, "vote:cast")
def create(vote: Vote) -> ResponseReturnValue:
    """Cast the secret ballot and show its key, the same one if the form is sent again."""
    form = SecretBallotForm(vote)
    if not form.validate():
        return vote_page(vote, form, status=422)
    answer = form.answer()
    try:
        key = casting.cast(vote, by=actor(), word=idempotency.key_sent(), **answer)
    except BallotRefused as broken:
        db.session.rollback()
        (vote,) = loaded_again()
        return _refused(vote, form, broken)
    page = _key_page(
        vote, key, choices.checked(counting.rules_of(vote), answer["marks"], answer["blank"])[0]
    )
    db.session.commit()
    return page


def _refused(vote: Vote, form: SecretBallotForm, broken: BallotRefused) -> ResponseReturnValue:
    """Render the vote's page with the errors.
    Someone who has voted before is asked for their key instead, with the new choices filled in.
    """
    if "already_voted" in broken.codes:
        return change_page(vote, KeyedBallotForm(vote), status=broken.status, again=True)
    return vote_page(vote, refused_form(form.refuse(broken), broken), status=broken.status)


def _key_page(vote: Vote, key: str, choice: str) -> Response:
    shown: dict[str, Any] = {
        "groups": keys.spelled(key).split(),
        "chosen": ballot_texts.chosen(vote, choice),
    }
    return render_page("voting/secret/key.html", vote=vote, **shown)


checkpoints_bp = Blueprint("checkpoints", __name__)
PAGE = 50


@checkpoints_bp.get("/votes/<slug>/checkpoints")
@opens(access.vote_to, "vote:view")
def index(vote: Vote) -> ResponseReturnValue:
    """List the checkpoints, the newest first, and what was fixed at opening."""
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
