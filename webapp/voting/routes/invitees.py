"""Whom a vote among invited people is for: they are looked for and ticked, and only then
invited.
"""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from ...groups.access import require as require_in_group
from .. import access, inviting
from ..forms.invitees import PeopleForm
from ..forms.votes import JOIN, ONLY
from ..models import INVITED, Vote
from ..opening import NobodyElse

bp = Blueprint("invitees", __name__, url_prefix="/votes/<slug>/people")


@bp.get("")
@permission("vote:invite")
def edit(slug: str) -> ResponseReturnValue:
    """Those whom the vote is for, ticked, and the first of the others."""
    vote = _vote(slug)
    return _page(vote, PeopleForm(inviting.chosen_of(vote)))


@bp.post("/search")
@permission("vote:invite")
def read(slug: str) -> ResponseReturnValue:
    """Those whom the words find, beside those who are ticked already. Nothing is changed."""
    vote, form = _vote(slug), PeopleForm()
    return _page(vote, form, 200 if form.validate() else 422)


@bp.post("")
@permission("vote:invite")
@limits.writes_to_people
def update(slug: str) -> ResponseReturnValue:
    """The vote is for those who are ticked."""
    vote, form = _vote(slug), PeopleForm()
    if not form.validate():
        return _page(vote, form, 422)
    try:
        number = inviting.settle(
            vote, me(), form.chosen, form.alone.data == ONLY, form.alone.data == JOIN
        )
    except NobodyElse:
        db.session.rollback()
        return _page(_vote(slug), form, 422, is_alone=True)
    except RuleBroken as broken:
        db.session.rollback()
        return _page(_vote(slug), form.refuse(broken), broken.status)
    db.session.commit()
    flash(ngettext("The vote is for one person.", "The vote is for %(num)d people.", number))
    return see(url_for("votes.show", slug=slug))


def _vote(slug: str) -> Vote:
    """The vote, for somebody who runs it and may see who belongs to the group."""
    vote = access.editable(current_user, slug)
    require_in_group(current_user, "group:view_members", vote.group)
    if vote.electorate != INVITED:
        abort(404)
    return vote


def _page(
    vote: Vote, form: PeopleForm, status: int = 200, is_alone: bool = False
) -> ResponseReturnValue:
    words = "" if form.words.errors else form.words.data or ""
    people, has_more = inviting.people_called(vote, words, form.chosen)
    form.offer(people)
    shown: dict[str, Any] = {
        "vote": vote,
        "form": form,
        "has_more": has_more,
        "most": inviting.SHOWN,
    }
    shown["is_alone"] = is_alone
    shown["may_change"] = inviting.may_change(vote)
    shown["searched"] = request.method == "POST" and bool(form.words.data)
    return render_page("voting/people.html", status=status, invalid=status != 200, **shown)
