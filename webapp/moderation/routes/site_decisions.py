"""The site's admins act upon somebody, a group or an event without a report."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import admins_may, me
from .. import acting
from ..forms import ACT_ICONS, JudgementForm, hints_for
from ..models import LIFTED, RULES
from ..things import Reportable

bp = Blueprint("site_decisions", __name__, url_prefix="/admin/decisions")


@bp.get("/<kind>/<uuid:thing_id>")
@admins_may("site:moderate")
def new(kind: str, thing_id: UUID) -> ResponseReturnValue:
    """What it is, and what can be done; where a case about it waits or holds, that one."""
    what, thing = acting.found(me(), kind, thing_id)
    case = acting.standing(what, thing)
    if case is not None:
        return see(url_for("site_cases.show", case_id=case.id))
    acts = acting.acts_on(me(), what, thing)
    chosen = acts[0] if len(acts) == 1 else None
    return _page(
        what, thing, acts, JudgementForm(acts, formdata=None, act=chosen) if acts else None
    )


@bp.post("/<kind>/<uuid:thing_id>")
@admins_may("site:moderate")
def create(kind: str, thing_id: UUID) -> ResponseReturnValue:
    """It is decided, and whoever it is about is told why."""
    what, thing = acting.found(me(), kind, thing_id)
    acts = acting.acts_on(me(), what, thing)
    if acts == [LIFTED]:
        return _taken_back(what, thing)
    form = JudgementForm(acts)
    if not form.validate():
        return _page(what, thing, acts, form, 422)
    rule = form.rule.data if form.rule.data in RULES else None
    try:
        case = acting.act(what, thing, form.act.data, rule, form.words.data or "", me())
    except RuleBroken as broken:
        db.session.rollback()
        what, thing = acting.found(me(), kind, thing_id)
        form.refuse(broken)
        return _page(what, thing, acting.acts_on(me(), what, thing), form, broken.status)
    there = url_for("site_cases.show", case_id=case.id)
    db.session.commit()
    flash(_("Decided. Whoever it concerns is told."), "yes")
    return see(there)


def _taken_back(what: Reportable, thing: Any) -> ResponseReturnValue:
    """What holds although nothing is left of the case in which it was decided; of one that is
    left, that case takes it back.
    """
    case = acting.standing(what, thing)
    if case is not None:
        return see(url_for("site_cases.show", case_id=case.id))
    there = url_for("site_decisions.new", kind=what.name, thing_id=thing.id)
    acting.take_back(what, thing, me())
    db.session.commit()
    flash(_("Taken back."), "yes")
    return see(there)


def _page(
    what: Reportable, thing: Any, acts: list[str], form: JudgementForm | None, status: int = 200
) -> ResponseReturnValue:
    shown = {"what": what, "thing": thing, "acts": acts, "form": form, "act_icons": ACT_ICONS}
    hints = hints_for(what, thing)
    return render_page("moderation/site_decision.html", status=status, act_hints=hints, **shown)
