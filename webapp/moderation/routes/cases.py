"""A group's cases, and how moderators and admins view one and decide.

A decision is shown only to the person concerned, through the inbox or the email's link, and they
can appeal.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from ...core.http import limits, tokens
from ...core.http.errors import UserError
from ...core.http.pages import page_number, render_page
from ...core.http.permissions import actor, opens, signed_in
from ...core.http.submit import submitted
from ...groups.access import group_to
from ...groups.models import Group
from .. import case_routing, decisions, reads
from ..forms import ACT_ICONS, CaseWordsForm, JudgementForm, hints_for
from ..models import CLOSED, OBJECTED, OBJECTION, RULES, TOLD, Case
from ..notifications import DECISION
from ..reportable_types import THINGS, people_to_tell


def queue_page(template: str, condition: Any, **context: Any) -> ResponseReturnValue:
    """Render the queue: open cases, or with `?show=closed` decided ones, of one `?kind=` or all."""
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
    passing: CaseWordsForm | None = None,
    status: int = 200,
    **context: Any,
) -> ResponseReturnValue:
    """Render the case with its context, and the form if the reader may decide."""
    acts, what = decisions.allowed_acts(actor(), case), THINGS.get(case.kind)
    thing = what.find(case.thing_id) if what is not None else None
    return render_page(
        template,
        status=status,
        case=case,
        what=what,
        thing=thing,
        visible=_visible(case, what, thing),
        hidden=what is not None and thing is not None and what.is_hidden(thing),
        acts=acts,
        form=form
        or (
            JudgementForm(acts, formdata=None, act=acts[0] if len(acts) == 1 else None)
            if acts
            else None
        ),
        passing=passing or CaseWordsForm(formdata=None),
        may_pass=case.is_waiting
        and bool(acts)
        and case_routing.judges(case) != case_routing.ADMINS,
        waits_for_other=case.state == OBJECTED and not acts,
        act_hints=hints_for(what, thing),
        act_icons=ACT_ICONS,
        reports=reads.reports_of(case, reads.SHOWN),
        rules=reads.rules_of([case])[case.id],
        steps=reads.case_log(case),
        previous=[one for one in reads.previous(case) if _leads_there(case, one)],
        **context,
    )


def _leads_there(case: Case, other: Case) -> bool:
    """Whether the reader can open the other case from this one's page."""
    return case_routing.may_see(actor(), other) and (
        case_routing.judges(other) == case_routing.ADMINS
    ) is (case_routing.judges(case) == case_routing.ADMINS)


def _visible(case: Case, what: Any, thing: Any) -> Any:
    """The current thing if the reader may see it: judging doesn't make anyone a member."""
    if thing is None:
        return None
    try:
        return what.load(actor(), case.thing_id)
    except NotFound:
        return None


def submit_decision(
    case: Case, url: str, again: Callable[..., ResponseReturnValue]
) -> ResponseReturnValue:
    """Save the decision from the form; `again` renders what the route's door opens with the form
    if it is refused.
    """
    form = JudgementForm()

    def page(refused: UserError, *found: Any) -> ResponseReturnValue:
        form.act.choices = JudgementForm(decisions.allowed_acts(actor(), case)).act.choices
        return again(*found, form, status=refused.status)

    def save() -> None:
        rule = form.rule.data if form.rule.data in RULES else None
        words, version = form.text.data or "", form.version.data or 0
        decisions.decide(case, form.act.data, rule, words, actor(), version)

    return submitted(
        form, save, page, to=url, flash=_("Decision saved. We’ll tell the person it’s about.")
    )


bp = Blueprint("cases", __name__, url_prefix="/groups/<slug>/manage/reports")
MODERATE = "group:moderate"


def _case_to(user: Any, action: str, slug: str, case_id: UUID) -> tuple[Group, Case]:
    group = group_to(user, action, slug)
    return group, case_routing.case_in(user, group, case_id)


@bp.get("")
@opens(group_to, MODERATE)
def index(group: Group) -> ResponseReturnValue:
    """List the cases that wait, or those that were decided."""
    return queue_page("moderation/queue.html", case_routing.queue_of(actor(), group), group=group)


@bp.get("/<uuid:case_id>")
@opens(_case_to, MODERATE)
def show(group: Group, case: Case) -> ResponseReturnValue:
    """Show one case, its context and its decision."""
    return _group_case_page(group, case)


@bp.post("/<uuid:case_id>/decision")
@opens(_case_to, MODERATE)
def decide(group: Group, case: Case) -> ResponseReturnValue:
    """Decide the case."""
    url = url_for("cases.show", slug=group.slug, case_id=case.id)
    return submit_decision(case, url, _group_case_page)


@bp.post("/<uuid:case_id>/escalation")
@opens(_case_to, MODERATE)
def escalate(group: Group, case: Case) -> ResponseReturnValue:
    """Pass the case to the site's admins."""
    form = CaseWordsForm()
    return submitted(
        form,
        lambda: decisions.escalate(case, form.text.data or "", actor(), form.version.data or 0),
        again=lambda refused, group, case: _group_case_page(
            group, case, passing=form, status=refused.status
        ),
        to=url_for("cases.index", slug=group.slug),
        flash=_("Passed on. We’ve told the site’s admins."),
    )


def _group_case_page(
    group: Group, case: Case, form: JudgementForm | None = None, **how: Any
) -> ResponseReturnValue:
    return case_page("moderation/case.html", case, form, group=group, **how)


def _of_token(_reader: Any, case_id: UUID, token: str) -> tuple[Case, str]:
    case = reads.notified_case(case_id)
    if case is None or not tokens.matches(token, DECISION, case.id, case.nonce):
        abort(404)
    return case, token


decisions_bp = Blueprint("decisions", __name__, url_prefix="/decisions/<uuid:case_id>")


@decisions_bp.get("", endpoint="show")
@opens(case_routing.decision_for)
def show_decision(case: Case) -> ResponseReturnValue:
    """Show a decision about the reader."""
    return _decision_page(case, url_for("objections.create", case_id=case.id))


@decisions_bp.get("/<token>")
@opens(_of_token, to_visitors=True)
def show_by_link(case: Case, secret: str) -> ResponseReturnValue:
    """Show a decision by the link in its email: the account may be closed."""
    return _decision_page(case, url_for("objections.create_by_link", case_id=case.id, token=secret))


objections = Blueprint("objections", __name__, url_prefix="/decisions/<uuid:case_id>")


@objections.post("/objection")
@opens(case_routing.decision_for)
@limits.writes_to_people
def create(case: Case) -> ResponseReturnValue:
    """Object: someone else looks at the case again."""
    return _object(case, actor(), "objections.create", {"case_id": case.id}, "decisions.show")


@objections.post("/<token>/objection", endpoint="create_by_link")
@limits.writes_to_people
@opens(_of_token, to_visitors=True)
def create_by_link(case: Case, secret: str) -> ResponseReturnValue:
    """Object by the link in the email."""
    people = people_to_tell(case.kind, case.thing_id, case.author)
    by = next((person for person in people if person.id == current_user.id), people[0])
    return _object(
        case,
        by,
        "objections.create_by_link",
        {"case_id": case.id, "token": secret},
        "decisions.show_by_link",
    )


def _object(
    case: Case, by: Any, action: str, names: dict[str, Any], back: str
) -> ResponseReturnValue:
    form = CaseWordsForm()
    return submitted(
        form,
        lambda: decisions.object_to(case, form.text.data or "", by, form.version.data or 0),
        again=lambda refused, case, *_secret: _decision_page(
            case, url_for(action, **names), form, refused.status
        ),
        to=url_for(back, **names),
        flash=_("Appeal sent. Someone else will review it, and we’ll tell you what they decide."),
    )


def _decision_page(
    case: Case, action: str, form: CaseWordsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    steps = [step for step in reads.case_log(case) if step.action in (*TOLD, OBJECTION)]
    return render_page(
        "moderation/decision.html",
        status=status,
        case=case,
        steps=steps,
        form=form or CaseWordsForm(formdata=None),
        action=action,
        may_object=decisions.may_object(case),
    )


mine_bp = Blueprint("my_reports", __name__, url_prefix="/account/reports")


@mine_bp.get("", endpoint="index")
@signed_in
def my_reports() -> ResponseReturnValue:
    """List what the reader reported, and decisions about them and their groups."""
    return render_page(
        "moderation/mine.html",
        reports=reads.reported_by(actor()),
        decisions=reads.decided_about(actor()),
    )
