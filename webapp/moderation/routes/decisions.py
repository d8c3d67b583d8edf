"""What was decided about someone, for them alone: the reason, and a word against it.

By the inbox, or by the mail's own way.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http import limits, tokens
from ...core.http.pages import render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.http.submit import submitted
from .. import case_routing, decisions, reads
from ..forms import CaseWordsForm
from ..models import OBJECTION, TOLD, Case
from ..notifications import DECISION
from ..reportable_types import people_to_tell

bp = Blueprint("decisions", __name__, url_prefix="/decisions/<uuid:case_id>")


@bp.get("")
@signed_in
def show(case_id: UUID) -> ResponseReturnValue:
    """Show a decision about the reader."""
    return _page(
        case_routing.decision_for(actor(), case_id), url_for("objections.create", case_id=case_id)
    )


@bp.get("/<token>")
@public
def mailed(case_id: UUID, token: str) -> ResponseReturnValue:
    """Show a decision by the link in its email: the account may be closed."""
    return _page(
        _of_token(case_id, token), url_for("objections.mailed", case_id=case_id, token=token)
    )


objections = Blueprint("objections", __name__, url_prefix="/decisions/<uuid:case_id>")


@objections.post("/objection")
@signed_in
@limits.writes_to_people
def create(case_id: UUID) -> ResponseReturnValue:
    """Object: someone else looks at the case again."""
    case = case_routing.decision_for(actor(), case_id)
    return _object(case, actor(), "objections.create", {"case_id": case_id}, "decisions.show")


@objections.post("/<token>/objection", endpoint="mailed")
@public
@limits.writes_to_people
def create_mailed(case_id: UUID, token: str) -> ResponseReturnValue:
    """Object by the link in the email."""
    case = _of_token(case_id, token)
    people = people_to_tell(case.kind, case.thing_id, case.author)
    by = next((person for person in people if person.id == current_user.id), people[0])
    return _object(
        case, by, "objections.mailed", {"case_id": case_id, "token": token}, "decisions.mailed"
    )


def _of_token(case_id: UUID, token: str) -> Case:
    case = reads.told_case(case_id)
    if case is None or not tokens.matches(token, DECISION, case.id, case.nonce):
        abort(404)
    return case


def _object(
    case: Case, by: Any, action: str, names: dict[str, Any], back: str
) -> ResponseReturnValue:
    form = CaseWordsForm()
    return submitted(
        form,
        lambda: decisions.object_to(case, form.text.data or "", by, form.version.data or 0),
        again=lambda refused: _page(case, url_for(action, **names), form, refused.status),
        to=url_for(back, **names),
        flash=_("Appeal sent. Someone else will review it, and we’ll tell you what they decide."),
    )


def _page(
    case: Case, action: str, form: CaseWordsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    told = [step for step in reads.case_log(case) if step.action in (*TOLD, OBJECTION)]
    return render_page(
        "moderation/decision.html",
        status=status,
        case=case,
        steps=told,
        form=form or CaseWordsForm(formdata=None),
        action=action,
        may_object=decisions.may_object(case),
    )


mine_bp = Blueprint("my_reports", __name__, url_prefix="/account/reports")


@mine_bp.get("")
@signed_in
def index() -> ResponseReturnValue:
    """List what the reader reported, and decisions about them and their groups."""
    return render_page(
        "moderation/mine.html",
        reports=reads.reported_by(actor()),
        decisions=reads.decided_about(actor()),
    )
