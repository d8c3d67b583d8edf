"""What a group's moderators and the site's admins do alike: look at a queue and a case, and
decide.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import page_number, render_page, see
from ...core.permissions import me
from .. import desks, judging, reads
from ..forms import ACT_ICONS, JudgementForm, WordsForm, hints_for
from ..models import CLOSED, OBJECTED, RULES, Case
from ..things import THINGS


def queue_page(template: str, condition: Any, **context: Any) -> ResponseReturnValue:
    """The queue: what waits, or with `?show=closed` what was decided, of one `?kind=` or all."""
    closed, kind = request.args.get("show") == CLOSED, request.args.get("kind", "")
    kind = kind if kind in THINGS else ""
    listing = reads.queue(condition, closed, kind, page_number())
    rules = reads.rules_of(listing.items)
    return render_page(
        template,
        {"queue": "moderation/_queue.html"},
        listing=listing,
        rules=rules,
        closed=closed,
        kind=kind,
        **context,
    )


def case_page(
    template: str,
    case: Case,
    form: JudgementForm | None = None,
    passing: WordsForm | None = None,
    status: int = 200,
    **context: Any,
) -> ResponseReturnValue:
    """The case with everything that helps to judge it, and the form where the reader may."""
    acts, what = judging.acts_of(me(), case), THINGS.get(case.kind)
    thing = what.find(case.thing_id) if what is not None else None
    return render_page(
        template,
        status=status,
        case=case,
        what=what,
        thing=thing,
        seen=_seen(case, what, thing),
        hidden=what is not None and thing is not None and what.is_hidden(thing),
        acts=acts,
        form=form
        or (
            JudgementForm(acts, formdata=None, act=acts[0] if len(acts) == 1 else None)
            if acts
            else None
        ),
        passing=passing or WordsForm(formdata=None),
        may_pass=case.waits and bool(acts) and desks.desk_of(case) != desks.ADMINS,
        waits_for_other=case.state == OBJECTED and not acts,
        act_hints=hints_for(what, thing),
        act_icons=ACT_ICONS,
        reports=reads.reports_of(case, reads.SHOWN),
        rules=reads.rules_of([case])[case.id],
        steps=reads.steps_of(case),
        previous=[one for one in reads.previous(case) if _leads_there(case, one)],
        **context,
    )


def _leads_there(case: Case, other: Case) -> bool:
    """Whether the reader finds the other case beside this one."""
    return desks.may_see(me(), other) and (desks.desk_of(other) == desks.ADMINS) is (
        desks.desk_of(case) == desks.ADMINS
    )


def _seen(case: Case, what: Any, thing: Any) -> Any:
    """The thing as it is now, when the reader may see it besides: those who judge are no members
    by that.
    """
    if thing is None:
        return None
    try:
        return what.load(me(), case.thing_id)
    except NotFound:
        return None


def decide(case: Case, url: str, again: Callable[..., ResponseReturnValue]) -> ResponseReturnValue:
    """The decision is made as the form says it; `again` draws the case as it is now, with the
    form, where it cannot be.
    """
    form = JudgementForm()
    if not form.validate():
        form.act.choices = JudgementForm(judging.acts_of(me(), case)).act.choices
        return again(case, form, status=422)
    rule = form.rule.data if form.rule.data in RULES else None
    try:
        judging.judge(
            case, form.act.data, rule, form.words.data or "", me(), form.version.data or 0
        )
    except RuleBroken as broken:
        db.session.rollback()
        form.act.choices = JudgementForm(judging.acts_of(me(), case)).act.choices
        form.refuse(broken)
        return again(case, form, status=broken.status)
    db.session.commit()
    flash(_("Decided. Whoever it concerns is told."), "yes")
    return see(url)
