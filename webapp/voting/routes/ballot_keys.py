"""A secret ballot found by its key: read and changed while voting is open, checked after the count.

Keys are sent only in form bodies. A page with a key is only the response to the form that sent it.
"""

from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts import loader
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.pages import padded, render_page, uncached
from ...core.http.permissions import actor, loaded_again, opens
from ...core.http.submit import InvalidForm, submitted
from .. import access, reads
from ..ballots import ballot_texts
from ..ballots.refusals import BallotRefused
from ..forms.ballots import KeyedBallotForm, KeyForm
from ..models import Vote
from ..planning.methods import METHODS
from ..secret import bundle, casting, keys, reads as secret
from .ballots import refused_form

bp = Blueprint("ballot_keys", __name__, url_prefix="/votes/<slug>/key")
bp.after_request(uncached)
bp.after_request(padded)  # the page's length would reveal the ballot


def _vote(user: Any, action: str, slug: str) -> Vote:
    return _secret(access.vote_to(user, action, slug))


def vote_to_cast(user: Any, action: str, slug: str) -> Vote:
    """Return the secret vote with this slug, as `access.vote_to_cast` does."""
    return _secret(access.vote_to_cast(user, action, slug))


def _secret(vote: Vote) -> Vote:
    # don't update the person's row just before or with the ballot: that would link the two
    loader.skip_last_seen()
    return vote if vote.is_secret else abort(404)


@bp.get("")
@opens(_vote, "vote:view")
def show(vote: Vote) -> ResponseReturnValue:
    """Ask for the key, to change the ballot or to check it after the count."""
    return _question(vote, KeyForm())


@bp.post("")
@opens(_vote, "vote:view")
def read(vote: Vote) -> ResponseReturnValue:
    """Show what the ballot with this key says."""
    form = KeyForm()
    if not form.validate():
        return _question(vote, form, 422)
    key = form.key.data or ""
    try:
        if vote.is_counted:
            return _checked(vote, key)
        choice = casting.found(vote, actor(), key)
    except BallotRefused as broken:
        db.session.rollback()
        (vote,) = loaded_again()
        return _question(vote, form.refuse(broken), broken.status)
    return change_page(
        vote, KeyedBallotForm.of(vote, choice, keys.spelled(keys.read(key))), choice=choice
    )


@bp.post("/ballot")
@opens(vote_to_cast, "vote:cast")
def update(vote: Vote) -> ResponseReturnValue:
    """Change the ballot with this key.

    With a wrong key, the form keeps what was chosen.
    """
    form = KeyedBallotForm(vote)

    def again(refused: UserError, vote: Vote) -> ResponseReturnValue:
        if not vote.is_open and not isinstance(refused, InvalidForm):
            return _question(vote, KeyForm(formdata=None).refuse(refused), refused.status)
        return change_page(vote, refused_form(form, refused), refused.status)

    return submitted(
        form,
        lambda: casting.change(vote, actor(), form.key.data or "", **form.answer()),
        again,
        to=url_for("votes.show", slug=vote.slug, _anchor="ballot"),
        flash=_("Your ballot was changed. The key stays the same."),
    )


def change_page(
    vote: Vote,
    form: KeyedBallotForm,
    status: int = 200,
    choice: str | None = None,
    again: bool = False,
) -> ResponseReturnValue:
    """Render the form to change a ballot, with a field for its key. `choice`: its choice, once the
    key has found it; `again`: someone who has voted submitted a new ballot.
    """
    shown: dict[str, Any] = {
        "vote": vote,
        "form": form,
        "again": again,
        "method": METHODS[vote.kind],
    }
    shown["chosen"] = None if choice is None else ballot_texts.chosen(vote, choice)
    return render_page(
        "voting/secret/change.html",
        status=status,
        marks=ballot_texts,
        invalid=form.errors,
        **shown,
    )


def _question(vote: Vote, form: Any, status: int = 200) -> ResponseReturnValue:
    voter_state = reads.voter_state(current_user, vote)
    restores = secret.restores(vote) if vote.opened_at is not None else []
    shown: dict[str, Any] = {
        "vote": vote,
        "form": form,
        "voter_state": voter_state,
        "restores": restores,
    }
    return render_page("voting/secret/find.html", status=status, invalid=form.errors, **shown)


def _checked(vote: Vote, key: str) -> ResponseReturnValue:
    """Whether the ballot was counted as cast."""
    found = bundle.checked(vote, key)
    chosen = ballot_texts.chosen(vote, found.choice) if found.found else ""
    line = keys.tracker_of(str(vote.id), keys.read(key))
    shown: dict[str, Any] = {
        "form": KeyForm(formdata=None),
        "found": found,
        "chosen": chosen,
        "line": line,
    }
    return render_page("voting/secret/checked.html", vote=vote, **shown)
