"""The date that won becomes the time of the event."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.forms import Form
from ...core.pages import render_page, see
from ...core.permissions import me, permission
from .. import access, appointing, titles
from ..models import Vote

bp = Blueprint("appointments", __name__, url_prefix="/votes/<slug>/appointment")


@bp.get("")
@permission("vote:appoint")
def new(slug: str) -> ResponseReturnValue:
    """What would happen, before it does."""
    return _page(_vote(slug), Form())


@bp.post("")
@permission("vote:appoint")
def create(slug: str) -> ResponseReturnValue:
    """It has happened, once."""
    vote, form = _vote(slug), Form()
    was_about_event = vote.event_id is not None
    try:
        event = appointing.appoint(vote, me())
    except RuleBroken as broken:
        db.session.rollback()
        return _page(_vote(slug), form.refuse(broken), broken.status)
    db.session.commit()
    said = _("The event takes place on the date that won.")
    flash(
        said
        if was_about_event
        else _("Here is a draft of the event. Say where it takes place, then publish it.")
    )
    return see(url_for("events.show", slug=event.slug))


def _vote(slug: str) -> Vote:
    vote = access.vote_for(current_user, slug)
    if not appointing.may(current_user, vote):
        raise Forbidden()
    return vote


def _page(vote: Vote, form: Form, status: int = 200) -> ResponseReturnValue:
    refusal = (
        appointing.refusal_of(vote)
        if appointing.is_to_do(vote)
        else _("The date that won is the event’s time already.")
    )
    outlook = appointing.outlook(vote) if refusal is None else None
    return render_page(
        "voting/appointment.html",
        status=status,
        vote=vote,
        form=form,
        refusal=refusal,
        outlook=outlook,
        titles=titles,
    )
