"""Who can vote: the electoral roll, invitations, and reminders to vote.

People are searched for and selected first, and invited only on submit.
"""

from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from ...core.extensions import db
from ...core.http import limits
from ...core.http.errors import UserError
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, loaded_again, opens
from ...core.http.submit import done, refused_at, submitted
from ...core.jobs import fan_out
from ...groups.access import require as require_in_group
from .. import access
from ..electorate import electorates, invitees, reminders, roll
from ..forms.managing import InviteesForm
from ..forms.votes import JOIN, ONLY
from ..models import INVITED, Vote
from ..planning.lifecycle import NobodyElse
from ..results import quorum_text

invitees_bp = Blueprint("invitees", __name__, url_prefix="/votes/<slug>/people")


def _vote(user: Any, action: str, slug: str) -> Vote:
    """The vote, if the reader may do `action` and see the group's members."""
    vote = access.vote_to(user, action, slug)
    require_in_group(user, "group:view_members", vote.group)
    if vote.electorate != INVITED:
        abort(404)
    return vote


@invitees_bp.get("")
@opens(_vote, "vote:invite")
def edit(vote: Vote) -> ResponseReturnValue:
    """List the invited people, selected, and the first of the others."""
    return _page(vote, InviteesForm(invitees.chosen_of(vote)))


@invitees_bp.post("/search")
@opens(_vote, "vote:invite")
def read(vote: Vote) -> ResponseReturnValue:
    """Search people, keeping the selected ones; nothing is changed."""
    form = InviteesForm()
    return _page(vote, form, 200 if form.validate() else 422)


@invitees_bp.post("")
@opens(_vote, "vote:invite")
@limits.writes_to_people
def update(vote: Vote) -> ResponseReturnValue:
    """Invite the selected people."""
    form = InviteesForm()
    if not form.validate():
        return _page(vote, form, 422)
    try:
        number = invitees.replace(
            vote, actor(), form.chosen, form.alone.data == ONLY, form.alone.data == JOIN
        )
    except NobodyElse:
        db.session.rollback()
        (vote,) = loaded_again()
        return _page(vote, form, 422, is_alone=True)
    except UserError as broken:
        db.session.rollback()
        (vote,) = loaded_again()
        return _page(vote, form.refuse(broken), broken.status)
    return done(
        url_for("votes.show", slug=vote.slug),
        ngettext(
            "Saved. 1 person is invited to vote.",
            "Saved. %(num)d people are invited to vote.",
            number,
        ),
    )


def _page(
    vote: Vote, form: InviteesForm, status: int = 200, is_alone: bool = False
) -> ResponseReturnValue:
    words = "" if form.words.errors else form.words.data or ""
    people, has_more = invitees.find_people(vote, words, form.chosen)
    form.offer(people)
    shown: dict[str, Any] = {
        "vote": vote,
        "form": form,
        "has_more": has_more,
        "most": invitees.SHOWN,
    }
    shown["is_alone"] = is_alone
    shown["may_change"] = invitees.may_change(vote)
    return render_page("voting/people.html", status=status, invalid=status != 200, **shown)


voters_bp = Blueprint("voters", __name__)


@voters_bp.get("/votes/<slug>/voters")
@opens(access.vote_to, "vote:view_voters")
def show(vote: Vote) -> ResponseReturnValue:
    """List who can vote and, in named votes with the result, who has.

    In a secret vote each person sees only their own mark.
    """
    listing, voted = roll.listed(actor(), vote, page_number()), None
    if not vote.is_anonymous and access.can_see_results(current_user, vote):
        voted = roll.voted_among(
            vote, [line.voter.user_id for line in listing.items if line.is_named]
        )
    elif vote.is_secret and access.has_voted(actor(), vote):
        voted = {actor().id}
    return render_page(
        "voting/voters.html",
        vote=vote,
        listing=listing,
        voted=voted,
        electorates=electorates,
        terms=quorum_text,
    )


reminders_bp = Blueprint("vote_reminders", __name__)


@reminders_bp.post("/votes/<slug>/reminder")
@opens(access.vote_to, "vote:remind")
@limits.writes_to_people
def create(vote: Vote) -> ResponseReturnValue:
    """Remind those who haven't voted, at most once a day."""

    def remind() -> str:
        reminder = reminders.ask(vote, actor())
        if vote.is_secret:
            return _(
                "Everyone who hasn’t voted yet will be reminded. How many there are isn’t shown "
                "until voting closes."
            )
        number = fan_out.count_of(vote, reminder)
        return ngettext("1 person will be reminded.", "%(num)d people will be reminded.", number)

    url = url_for("votes.show", slug=vote.slug)
    return submitted(None, remind, again=refused_at(url), to=url, flash=str)
