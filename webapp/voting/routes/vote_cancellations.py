"""Cancelling a vote, or deleting it."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
from .. import access
from ..forms.votes import VoteCancellationForm, VoteRemovalForm
from ..models import Vote
from ..planning import votes

bp = Blueprint("vote_cancellations", __name__)


@bp.get("/votes/<slug>/cancellation")
@permission("vote:cancel")
def new(slug: str) -> ResponseReturnValue:
    """Ask why the vote is cancelled, or say why it can't be."""
    return _page(access.editable(current_user, slug), VoteCancellationForm())


@bp.post("/votes/<slug>/cancellation")
@permission("vote:cancel")
def create(slug: str) -> ResponseReturnValue:
    """Cancel the vote."""
    vote, form = access.editable(current_user, slug), VoteCancellationForm()
    return submitted(
        form,
        lambda: votes.cancel(vote, by=actor(), reason=form.reason.data or ""),
        again=lambda refused: _page(vote, form, status=refused.status),
        to=url_for("votes.show", slug=vote.slug),
        flash=_("Vote cancelled. We’ll tell everyone who can vote."),
    )


def _page(vote: Vote, form: VoteCancellationForm, status: int = 200) -> ResponseReturnValue:
    refusal = votes.uncancellable_because(vote)
    return render_page("voting/cancel.html", status=status, vote=vote, form=form, refusal=refusal)


removals_bp = Blueprint("vote_removals", __name__)


@removals_bp.get("/votes/<slug>/removal", endpoint="new")
@permission("vote:delete")
def new_removal(slug: str) -> ResponseReturnValue:
    """Ask before the vote is deleted, or say why it must stay listed."""
    return _removal_page(access.editable(current_user, slug), VoteRemovalForm())


@removals_bp.post("/votes/<slug>/removal", endpoint="create")
@permission("vote:delete")
def create_removal(slug: str) -> ResponseReturnValue:
    """Delete the vote."""
    vote, form = access.editable(current_user, slug), VoteRemovalForm()
    return submitted(
        form,
        lambda: votes.delete(vote, by=actor()),
        again=lambda refused: _removal_page(vote, form, status=refused.status),
        to=url_for("votes.index", group=vote.group.slug),
        flash=_("Vote deleted."),
    )


def _removal_page(vote: Vote, form: VoteRemovalForm, status: int = 200) -> ResponseReturnValue:
    refusal = votes.undeletable_because(vote)
    return render_page("voting/remove.html", status=status, vote=vote, form=form, refusal=refusal)
