"""Judging a case: decide, escalate, appeal, and decide again.

Everything under the case's lock.
"""

from typing import Any

from flask_babel import gettext as _

from ..accounts import suspensions
from ..accounts.models import User
from ..core.db import actor_lock
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..groups import access as group_access, memberships, reads as groups
from ..groups.models import Membership
from . import case_routing, notices, reads
from .models import (
    BANNED,
    CLOSED,
    DISMISSED,
    ESCALATED,
    HIDDEN,
    LIFTED,
    OBJECTED,
    OBJECTION,
    OPEN,
    REMOVED,
    SUSPENDED,
    UPHELD,
    WARNED,
    Case,
    CaseStep,
)
from .reportable_types import THINGS, people_to_tell

#: Outcomes that can be lifted.
UNDONE = (HIDDEN, BANNED, SUSPENDED, WARNED, REMOVED)


def allowed_acts(user: Any, case: Case) -> list[str]:
    """Return what `user` may decide in the case now."""
    if not case_routing.may_judge(user, case):
        return []
    if case.state == OBJECTED:
        return [UPHELD, LIFTED]
    if case.state == CLOSED:
        return [LIFTED] if case.outcome in UNDONE else []
    acts = [DISMISSED]
    what = THINGS.get(case.kind)
    thing = what.find(case.thing_id) if what is not None else None
    if (
        what is not None
        and thing is not None
        and what.hide is not None
        and not what.is_hidden(thing)
        and what.may_hide(thing)
    ):
        acts.append(HIDDEN)
    if what is not None and people_to_tell(case.kind, case.thing_id, case.author):
        acts.append(WARNED)
    membership = _membership(case)
    if membership is not None and group_access.can_remove(user, membership):
        acts += [REMOVED, BANNED]
    if (
        case_routing.judges(case) == case_routing.ADMINS
        and case.author is not None
        and suspensions.may_suspend(case.author, user)
    ):
        acts.append(SUSPENDED)
    return acts


def decide(case: Case, act: str, rule: str | None, words: str, by: User, version: int) -> Case:
    """Decide the case, carry it out, log it, and notify the person concerned and the reporters.

    The author isn't told of a dismissed report. Raises UserError if the act isn't allowed now, and
    Conflict if someone else has acted since `version`.
    """
    if act in {REMOVED, BANNED, SUSPENDED} and case.author is not None:
        actor_lock.end_rights_of(case.author.id)  # before the case, which they lock to appeal
    case = _held(case, version)
    if act not in allowed_acts(by, case):
        raise UserError(_("You can’t decide that here now. Check the report again."), "act")
    was = case.state
    if case_routing.judges(case) == case_routing.ADMINS and case.group_id is not None:
        case.escalated_at = (
            case.escalated_at or clock.now()
        )  # admins keep the case, even if roles in the group change
    _DO.get(act, _nothing)(case, by, words)
    case.state, case.open_as, case.closed_at = CLOSED, None, clock.now()
    case.outcome = case.outcome if act == UPHELD else act
    case.decided_by_id = by.id
    step = _step(case, act, by, words, rule)
    details = {"kind": case.kind, "thing": str(case.thing_id), "group": str(case.group_id or "")}
    audit.record(f"case.{act}", by=by, subject=case, **details)
    notices.settled(case)
    if act != DISMISSED:
        notices.decided(case, step, people_to_tell(case.kind, case.thing_id, case.author))
    if was == OPEN:
        notices.looked_at(case, reads.reports_of(case))
    return case


def escalate(case: Case, words: str, by: User, version: int) -> Case:
    """Pass the case to admins, with a reason, and notify them.

    Raises UserError if that isn't possible, and Conflict if someone else has acted since `version`.
    """
    case = _held(case, version)
    if (
        not case.is_waiting
        or not case_routing.may_judge(by, case)
        or case_routing.judges(case) == case_routing.ADMINS
    ):
        raise UserError(_("This report can’t be passed on."))
    _pass_on(case, by, words)
    notices.settled(case)
    notices.arrived(case, by)
    return case


def object_to(case: Case, words: str, by: User, version: int) -> Case:
    """Appeal: someone else looks at the decision again. Notify those who may judge now.

    Only once: raises UserError after that.
    """
    case = _held(case, version)
    if not may_object(case):
        raise UserError(_("There has already been an appeal. Only one is possible."))
    case.state, case.pending_since = OBJECTED, clock.now()
    _step(case, OBJECTION, by, words)
    audit.record("case.objected", by=by, subject=case)
    if case_routing.judges(case) != case_routing.ADMINS and not reads.judges_of(case):
        _pass_on(case, None, "")
    notices.arrived(case, by)
    return case


def may_object(case: Case) -> bool:
    """Whether the person concerned can still appeal."""
    return (
        case.state == CLOSED
        and case_routing.is_notified(case)
        and case.outcome != LIFTED
        and not reads.was_objected_to(case)
    )


def _pass_on(case: Case, by: User | None, words: str) -> None:
    case.escalated_at = clock.now()
    _step(case, ESCALATED, by, words)
    audit.record("case.escalated", by=by, subject=case)


def _held(case: Case, version: int) -> Case:
    """Lock the case. Raises Conflict if someone else was faster."""
    case = locked(Case, case.id)
    group_access.forget_roles()
    if case.version != version:
        raise Conflict(
            _(
                "Someone else has just acted on this report. What they did is shown below. Check "
                "it, then continue."
            )
        )
    case.version += 1
    return case


def _step(case: Case, act: str, by: User | None, words: str, rule: str | None = None) -> CaseStep:
    step = CaseStep(
        case_id=case.id, user_id=by.id if by else None, action=act, text=words, rule=rule
    )
    db.session.add(step)
    db.session.flush()
    return step


def _nothing(case: Case, by: User, words: str) -> None:
    """Do nothing, for decisions that consist only of text."""


def _hide(case: Case, by: User, words: str) -> None:
    what = THINGS[case.kind]
    assert what.hide is not None
    what.hide(what.find(case.thing_id), by, words)


def _remove(case: Case, by: User, words: str) -> None:
    _part(case, by, words, banned=False)


def _ban(case: Case, by: User, words: str) -> None:
    _part(case, by, words, banned=True)


def _part(case: Case, by: User, words: str, banned: bool) -> None:
    membership = _membership(case)
    if membership is None:
        raise Conflict(_("This person has since left the group."))
    memberships.remove(membership, by=by, reason=words, banned=banned, notify=False)


def _suspend(case: Case, by: User, words: str) -> None:
    assert case.author is not None
    suspensions.suspend(case.author, by=by)


def _lift(case: Case, by: User, words: str) -> None:
    """Undo what was decided, as far as possible; nobody becomes a member again without joining."""
    what = THINGS.get(case.kind)
    thing = what.find(case.thing_id) if what is not None else None
    if (
        case.outcome == HIDDEN
        and what is not None
        and thing is not None
        and what.unhide is not None
    ):
        what.unhide(thing, by)
    if case.outcome == BANNED and case.group is not None and case.author is not None:
        ban = groups.ban_of(case.group, case.author)
        if ban is not None:
            memberships.unban(ban, case.group, by=by)
    if case.outcome == SUSPENDED and case.author is not None:
        suspensions.reopen(case.author, by=by)


def _membership(case: Case) -> Membership | None:
    if case.group is None or case.author is None:
        return None
    return groups.membership_of(case.group, case.author)


_DO = {HIDDEN: _hide, REMOVED: _remove, BANNED: _ban, SUSPENDED: _suspend, LIFTED: _lift}
