"""The site's queue: groups, what stands outside of them, what was passed on, and what is about a
group's owner.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from ...core.permissions import admins_only, me
from .. import desks
from ..forms import JudgementForm
from ..models import Case
from .judging import case_page, decide, queue_page

bp = Blueprint("site_cases", __name__, url_prefix="/admin/reports")


@bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """What waits, or what was decided."""
    return queue_page("moderation/site_queue.html", desks.queue_of_site(me()))


@bp.get("/<uuid:case_id>")
@admins_only
def show(case_id: UUID) -> ResponseReturnValue:
    """One case, with what explains it, and the decision."""
    return _page(desks.case_of_site(me(), case_id))


@bp.post("/<uuid:case_id>/judgement")
@admins_only
def judge(case_id: UUID) -> ResponseReturnValue:
    """It is decided."""
    case = desks.case_of_site(me(), case_id)
    return decide(case, url_for("site_cases.show", case_id=case.id), _page)


def _page(case: Case, form: JudgementForm | None = None, **how: Any) -> ResponseReturnValue:
    return case_page("moderation/site_case.html", case, form, **how)
