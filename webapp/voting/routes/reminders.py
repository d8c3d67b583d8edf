"""Asking those who have not voted for their ballot."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import me, permission
from .. import access, errands, reminding

bp = Blueprint("vote_reminders", __name__)


@bp.post("/votes/<slug>/reminder")
@permission("vote:remind")
@limits.writes_to_people
def create(slug: str) -> ResponseReturnValue:
    """Those who have not voted are reminded, once a day however often it is pressed."""
    vote = access.editable(current_user, slug)
    try:
        errand = reminding.ask(vote, me())
        number = None if vote.is_secret else errands.count_of(vote, errand)
    except RuleBroken as broken:
        db.session.rollback()
        flash(broken.sentence, "no")
        return see(url_for("votes.show", slug=slug))
    db.session.commit()
    if number is None:
        flash(
            _(
                "Those who have not voted are reminded. How many they are is not told before "
                "voting closes."
            )
        )
    else:
        flash(ngettext("One person is reminded.", "%(num)d people are reminded.", number))
    return see(url_for("votes.show", slug=slug))
