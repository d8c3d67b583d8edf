"""What follows from a closed vote: its outcome, or the time of its event."""

from typing import Any

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from ...core.http import limits
from ...core.http.errors import Conflict, UserError
from ...core.http.forms import Form
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, opens
from ...core.http.submit import submitted
from .. import access
from ..ballots import ballot_texts
from ..forms.managing import StatementForm
from ..models import Statement, Vote
from ..results import outcomes, schedule_event

bp = Blueprint("vote_outcomes", __name__, url_prefix="/votes/<slug>/outcome")


@bp.get("")
@opens(access.vote_to, "vote:conclude")
def edit(vote: Vote) -> ResponseReturnValue:
    """Show the form for the outcome, or why there is none."""
    refusal = outcomes.closed_because(vote)
    if refusal is not None:
        flash(refusal, "note")
        return redirect_303(url_for("votes.show", slug=vote.slug))
    statement = outcomes.of(vote)
    return _page(vote, statement, StatementForm(statement))


@bp.post("")
@opens(access.vote_to, "vote:conclude")
@limits.writes_to_people
def update(vote: Vote) -> ResponseReturnValue:
    """Publish the outcome and notify the voters, or change it silently."""
    statement, form = outcomes.of(vote), StatementForm()

    def save() -> None:
        values = (form.body.data or "", form.review_on.data)
        if statement is None:
            outcomes.publish(vote, actor(), *values)
        else:
            outcomes.change(vote, actor(), *values, version=form.of_version)

    return submitted(
        form,
        save,
        again=lambda refused, vote: _refused_page(vote, form, refused),
        to=url_for("votes.show", slug=vote.slug, _anchor="outcome"),
        flash=_("Outcome saved. We won’t tell anyone again.")
        if statement
        else _("Outcome published. We’ll tell everyone who could vote."),
    )


def _refused_page(vote: Vote, form: StatementForm, refused: UserError) -> ResponseReturnValue:
    """On a conflict show the other version beside one's own; submitting again replaces it."""
    statement = outcomes.of(vote)
    if not isinstance(refused, Conflict) or statement is None:
        return _page(vote, statement, form, refused.status)
    form.agree_on(statement)
    return _page(vote, statement, form, refused.status, theirs=statement)


def _page(
    vote: Vote,
    statement: Statement | None,
    form: StatementForm,
    status: int = 200,
    theirs: Statement | None = None,
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "vote": vote,
        "statement": statement,
        "form": form,
        "theirs": theirs,
        "invalid": status != 200,
    }
    return render_page("voting/statement.html", status=status, **shown)


scheduling_bp = Blueprint("event_scheduling", __name__, url_prefix="/votes/<slug>/scheduling")


def _vote_to_schedule(user: Any, _action: str, slug: str) -> Vote:
    vote = access.vote_for(user, slug)
    if not schedule_event.may(user, vote):
        raise Forbidden()
    return vote


@scheduling_bp.get("")
@opens(_vote_to_schedule, "vote:schedule_event")
def new(vote: Vote) -> ResponseReturnValue:
    """Show what scheduling the event would change."""
    return _schedule_event_page(vote, Form())


@scheduling_bp.post("")
@opens(_vote_to_schedule, "vote:schedule_event")
def create(vote: Vote) -> ResponseReturnValue:
    """Schedule the event on the winning date, once."""
    form = Form()
    scheduled = (
        _("The event now takes place on the winning date.")
        if vote.event_id is not None
        else _("Here’s a draft of the event. Add the place, then publish it.")
    )
    return submitted(
        None,
        lambda: schedule_event.schedule(vote, actor()),
        again=lambda refused, vote: _schedule_event_page(
            vote, form.refuse(refused), refused.status
        ),
        to=lambda event: url_for("events.show", slug=event.slug),
        flash=scheduled,
    )


def _schedule_event_page(vote: Vote, form: Form, status: int = 200) -> ResponseReturnValue:
    refusal = (
        schedule_event.refusal_of(vote)
        if schedule_event.is_to_do(vote)
        else _("The winning date is already the event’s time.")
    )
    return render_page(
        "voting/scheduling.html",
        status=status,
        vote=vote,
        form=form,
        refusal=refusal,
        outlook=schedule_event.preview(vote) if refusal is None else None,
        marks=ballot_texts,
    )
