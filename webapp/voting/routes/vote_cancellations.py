"""Cancelling a vote, or deleting it."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import page_with, submitted
from .. import access
from ..forms.votes import VoteCancellationForm, VoteRemovalForm
from ..models import Vote
from ..planning import votes

bp = Blueprint("vote_cancellations", __name__)


@bp.get("/votes/<slug>/cancellation")
@opens(access.vote_to, "vote:cancel")
def new(vote: Vote) -> ResponseReturnValue:
    """Ask why the vote is cancelled, or say why it can't be."""
    return _page(vote, VoteCancellationForm())


@bp.post("/votes/<slug>/cancellation")
@opens(access.vote_to, "vote:cancel")
def create(vote: Vote) -> ResponseReturnValue:
    """Cancel the vote."""
    form = VoteCancellationForm()
    return submitted(
        form,
        lambda: votes.cancel(vote, by=actor(), reason=form.reason.data or ""),
        again=page_with(_page, form),
        to=url_for("votes.show", slug=vote.slug),
        flash=_("Vote cancelled. We’ll tell everyone who can vote."),
    )


def _page(vote: Vote, form: VoteCancellationForm, status: int = 200) -> ResponseReturnValue:
    refusal = votes.uncancellable_because(vote)
    return render_page("voting/cancel.html", status=status, vote=vote, form=form, refusal=refusal)


removals_bp = Blueprint("vote_removals", __name__)


@removals_bp.get("/votes/<slug>/removal", endpoint="new")
@opens(access.vote_to, "vote:delete")
def new_removal(vote: Vote) -> ResponseReturnValue:
    """Ask before the vote is deleted, or say why it must stay listed."""
    return _removal_page(vote, VoteRemovalForm())


@removals_bp.post("/votes/<slug>/removal", endpoint="create")
@opens(access.vote_to, "vote:delete")
def create_removal(vote: Vote) -> ResponseReturnValue:
    """Delete the vote."""
    form = VoteRemovalForm()
    return submitted(
        form,
        lambda: votes.delete(vote, by=actor()),
        again=page_with(_removal_page, form),
        to=url_for("votes.index", group=vote.group.slug),
        flash=_("Vote deleted."),
    )


def _removal_page(vote: Vote, form: VoteRemovalForm, status: int = 200) -> ResponseReturnValue:
    refusal = votes.undeletable_because(vote)
    return render_page("voting/remove.html", status=status, vote=vote, form=form, refusal=refusal)
