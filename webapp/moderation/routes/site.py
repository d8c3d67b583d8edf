"""The site's cases, and what admins do without a report.

The site's cases are about groups, about things outside groups, about a group's owner, or escalated.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, admins_may, admins_only
from ...core.http.submit import done, refused_at, submitted
from ...groups import groups
from .. import admin_actions, case_routing
from ..forms import ACT_ICONS, JudgementForm, hints_for
from ..models import LIFTED, RULES, Case
from ..reportable_types import Reportable
from .cases import case_page, queue_page, submit_decision

bp = Blueprint("site_decisions", __name__, url_prefix="/admin/decisions")


@bp.get("/<kind>/<uuid:thing_id>")
@admins_may("site:moderate")
def new(kind: str, thing_id: UUID) -> ResponseReturnValue:
    """Show the thing and what can be done, or its open case."""
    what, thing = admin_actions.find(actor(), kind, thing_id)
    case = admin_actions.case_to_use(what, thing)
    if case is not None and case_routing.may_see(actor(), case):
        return redirect_303(url_for("site_cases.show", case_id=case.id))
    acts = admin_actions.allowed_acts(actor(), what, thing)
    if case is not None and acts == [LIFTED]:
        acts = []  # its group decided, and its moderators can lift it
    chosen = acts[0] if len(acts) == 1 else None
    return _page(
        what, thing, acts, JudgementForm(acts, formdata=None, act=chosen) if acts else None
    )


@bp.post("/<kind>/<uuid:thing_id>")
@admins_may("site:moderate")
def create(kind: str, thing_id: UUID) -> ResponseReturnValue:
    """Decide, and tell the person concerned why."""
    what, thing = admin_actions.find(actor(), kind, thing_id)
    acts = admin_actions.allowed_acts(actor(), what, thing)
    if acts == [LIFTED]:
        return _undone(what, thing)
    form = JudgementForm(acts)

    def act() -> Case:
        rule = form.rule.data if form.rule.data in RULES else None
        words = form.text.data or ""
        return admin_actions.act(what, thing, form.act.data, rule, words, actor())

    return submitted(
        form,
        act,
        again=lambda refused: _page(
            what, thing, admin_actions.allowed_acts(actor(), what, thing), form, refused.status
        ),
        to=lambda case: url_for("site_cases.show", case_id=case.id),
        flash=_("Decision saved. We’ll tell the person it’s about."),
    )


def _undone(what: Reportable, thing: Any) -> ResponseReturnValue:
    """Lift a decision whose case is gone. If there is a case, it is lifted there."""
    case = admin_actions.case_to_use(what, thing)
    if case is not None:
        return redirect_303(url_for(".new", kind=what.name, thing_id=thing.id))
    there = url_for("site_decisions.new", kind=what.name, thing_id=thing.id)
    admin_actions.undo(what, thing, actor())
    return done(there, _("Decision lifted."))


def _page(
    what: Reportable, thing: Any, acts: list[str], form: JudgementForm | None, status: int = 200
) -> ResponseReturnValue:
    shown = {"what": what, "thing": thing, "acts": acts, "form": form, "act_icons": ACT_ICONS}
    shown["case"] = admin_actions.case_to_use(what, thing)
    hints = hints_for(what, thing)
    return render_page("moderation/site_decision.html", status=status, act_hints=hints, **shown)


names_bp = Blueprint("group_names", __name__, url_prefix="/admin/groups")


@names_bp.post("/<uuid:group_id>/approval")
@admins_may("site:moderate")
def approve(group_id: UUID) -> ResponseReturnValue:
    """Approve the group's name, so that others see the group; tell its owners."""
    what, group = admin_actions.find(actor(), "group", group_id)
    version = request.form.get("version", 0, type=int)
    there = url_for("site_decisions.new", kind="group", thing_id=group.id)
    return submitted(
        None,
        lambda: groups.approve_name(group, actor(), version),
        again=refused_at(there),
        to=there if admin_actions.case_to_use(what, group) else url_for("admin_lists.groups"),
        flash=_("Name approved. We’ll tell the group’s owners."),
    )


site_cases_bp = Blueprint("site_cases", __name__, url_prefix="/admin/reports")


def _case(case_id: UUID) -> Case:
    return case_routing.case_of_site(actor(), case_id)


@site_cases_bp.get("")
@admins_only
def index() -> ResponseReturnValue:
    """List the cases that wait, or those that were decided."""
    return queue_page("moderation/site_queue.html", case_routing.queue_of_site(actor()))


@site_cases_bp.get("/<uuid:case_id>")
@admins_may("site:admin", _case)
def show(case: Case) -> ResponseReturnValue:
    """Show one case, its context and its decision."""
    return _site_case_page(case)


@site_cases_bp.post("/<uuid:case_id>/decision")
@admins_may("site:admin", _case)
def decide(case: Case) -> ResponseReturnValue:
    """Decide the case."""
    return submit_decision(case, url_for("site_cases.show", case_id=case.id), _site_case_page)


def _site_case_page(
    case: Case, form: JudgementForm | None = None, **how: Any
) -> ResponseReturnValue:
    return case_page("moderation/site_case.html", case, form, **how)
