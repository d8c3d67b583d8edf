"""A group's queue: what was reported in it, for those who moderate."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import see
from ...core.permissions import me, permission
from ...groups.access import group_to
from ...groups.models import Group
from .. import desks
from .. import judging as verbs
from ..forms import JudgementForm, WordsForm
from ..models import Case
from .judging import case_page, decide, queue_page

bp = Blueprint("cases", __name__, url_prefix="/groups/<slug>/manage/reports")
MODERATE = "group:moderate"


@bp.get("")
@permission(MODERATE)
def index(slug: str) -> ResponseReturnValue:
    """What waits, or what was decided."""
    group = group_to(current_user, MODERATE, slug)
    return queue_page("moderation/queue.html", desks.queue_of(me(), group), group=group)


@bp.get("/<uuid:case_id>")
@permission(MODERATE)
def show(slug: str, case_id: UUID) -> ResponseReturnValue:
    """One case, with what explains it, and the decision."""
    group, case = _case(slug, case_id)
    return _page(group, case)


@bp.post("/<uuid:case_id>/judgement")
@permission(MODERATE)
def judge(slug: str, case_id: UUID) -> ResponseReturnValue:
    """It is decided."""
    group, case = _case(slug, case_id)
    url = url_for("cases.show", slug=group.slug, case_id=case.id)
    return decide(case, url, lambda *what, **how: _page(group, *what, **how))


@bp.post("/<uuid:case_id>/escalation")
@permission(MODERATE)
def escalate(slug: str, case_id: UUID) -> ResponseReturnValue:
    """The site's admins judge it."""
    group, case = _case(slug, case_id)
    form = WordsForm()
    if not form.validate():
        return _page(group, case, passing=form, status=422)
    try:
        verbs.escalate(case, form.words.data or "", me(), form.version.data or 0)
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken)
        return _page(group, case, passing=form, status=broken.status)
    db.session.commit()
    flash(_("Passed on. The people who look after the site are told."), "yes")
    return see(url_for("cases.index", slug=group.slug))


def _case(slug: str, case_id: UUID) -> tuple[Group, Case]:
    group = group_to(current_user, MODERATE, slug)
    return group, desks.case_in(me(), group, case_id)


def _page(
    group: Group, case: Case, form: JudgementForm | None = None, **how: Any
) -> ResponseReturnValue:
    return case_page("moderation/case.html", case, form, group=group, **how)
