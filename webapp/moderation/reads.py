"""What pages show of cases.

The queue is a page of two statements, and one more for the reasons, however long it is.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ..accounts.models import User
from ..core.extensions import db
from ..core.http.pages import Page
from ..groups import reads as groups
from ..groups.models import OWNER, Group
from . import case_routing
from .models import CLOSED, HIDDEN, OBJECTED, OBJECTION, TOLD, Case, CaseStep, Report, ReportAddress
from .reportable_types import people_to_tell

PAGE = 20
PREVIOUS = 10
#: Reports on a case's page.
SHOWN = 50


def queue(condition: sa.ColumnElement[bool], closed: bool, kind: str = "", page: int = 1) -> Page:
    """Return a page of a queue: open cases with appeals and longest waiting first, or closed ones,
    latest first.
    """
    query = sa.select(Case).options(
        joinedload(Case.author), joinedload(Case.group), joinedload(Case.decided_by)
    )
    query = query.where(condition, Case.state == CLOSED if closed else Case.state != CLOSED)
    if kind:
        query = query.where(Case.kind == kind)
    if closed:
        return _paged(query, (Case.closed_at.desc(), Case.id), page)
    return _paged(
        query, (sa.case((Case.state == OBJECTED, 0), else_=1), Case.pending_since, Case.id), page
    )


def _paged(wanted: Any, order: tuple[Any, ...], page: int) -> Page:
    total = (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(wanted.with_only_columns(Case.id).subquery())
        )
        or 0
    )
    rows = db.session.scalars(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE))
    return Page(list(rows), total, page, PAGE)


def waiting_in(group: Group, user: Any) -> sa.ScalarSelect[int]:
    """The number of cases that `user` should judge in the group, as a part of another statement."""
    own_decision = sa.and_(Case.state == OBJECTED, Case.decided_by_id == user.id)
    query = sa.select(sa.func.count(Case.id))
    query = query.where(case_routing.queue_of(user, group), Case.state != CLOSED, ~own_decision)
    return query.scalar_subquery()


def waiting_for_admin(user: User) -> sa.ScalarSelect[int]:
    """The number of cases that an admin should judge, as a part of another statement."""
    query = sa.select(sa.func.count(Case.id))
    return query.where(case_routing.queue_of_site(user), Case.state != CLOSED).scalar_subquery()


def rules_of(cases: Iterable[Case]) -> dict[UUID, Counter[str]]:
    """Return how often each reason was given, by case; one statement."""
    found: dict[UUID, Counter[str]] = {case.id: Counter() for case in cases}
    if found:
        counted = sa.select(Report.case_id, Report.rule, sa.func.count()).where(
            Report.case_id.in_(found)
        )
        for case_id, rule, number in db.session.execute(
            counted.group_by(Report.case_id, Report.rule)
        ):
            found[case_id][rule] = number
    return found


def reports_of(case: Case, most: int | None = None) -> list[Report]:
    """Return the reports, oldest first; with `most`, those with a text come first."""
    query = sa.select(Report).options(joinedload(Report.user)).where(Report.case_id == case.id)
    order = (Report.created_at, Report.id)
    return list(
        db.session.scalars(
            query.order_by(*((Report.text == "", *order) if most else order)).limit(most)
        )
    )


def addresses_of(case: Case) -> list[ReportAddress]:
    """Return where visitors who reported want to hear back, each address once."""
    query = sa.select(ReportAddress).join(ReportAddress.report).where(Report.case_id == case.id)
    rows = db.session.scalars(query.order_by(ReportAddress.created_at, ReportAddress.id))
    return list({row.email: row for row in rows}.values())


def case_log(case: Case) -> list[CaseStep]:
    """Return the steps of the case, in order."""
    query = (
        sa.select(CaseStep).options(joinedload(CaseStep.user)).where(CaseStep.case_id == case.id)
    )
    return list(db.session.scalars(query.order_by(CaseStep.created_at, CaseStep.id)))


def was_objected_to(case: Case) -> bool:
    """Whether there was an appeal."""
    return bool(
        db.session.scalar(
            sa.select(sa.exists().where(CaseStep.case_id == case.id, CaseStep.action == OBJECTION))
        )
    )


def previous(case: Case) -> list[Case]:
    """Return other cases about the same person in this group, or about the same thing, latest
    first.
    """
    same = sa.and_(Case.kind == case.kind, Case.thing_id == case.thing_id)
    if case.author_id is not None:
        same = sa.or_(same, Case.author_id == case.author_id)
    query = sa.select(Case).where(
        same, Case.id != case.id, Case.group_id.is_not_distinct_from(case.group_id)
    )
    return list(db.session.scalars(query.order_by(Case.created_at.desc(), Case.id).limit(PREVIOUS)))


def judges_of(case: Case) -> list[User]:
    """Return who may judge the case now, with active accounts."""
    judged_by = case_routing.judges(case)
    if judged_by == case_routing.ADMINS or case.group is None:
        admins = (
            sa.select(User).where(User.is_admin, User.deactivated_at.is_(None)).order_by(User.id)
        )
        return [
            person for person in db.session.scalars(admins) if case_routing.may_judge(person, case)
        ]
    people = groups.members(
        case.group, *([OWNER] if judged_by == case_routing.OWNERS else case_routing.MODERATING)
    )
    return [person for person in people if case_routing.may_judge(person, case)]


def reported_by(user: User) -> list[Report]:
    """Return the reports of `user`, latest first."""
    query = sa.select(Report).options(joinedload(Report.case)).where(Report.user_id == user.id)
    return list(db.session.scalars(query.order_by(Report.created_at.desc(), Report.id)))


def decided_about(user: User) -> list[Case]:
    """Return decisions about `user`, what they wrote and groups they own, latest first."""
    about = sa.or_(Case.author_id == user.id, case_routing.about_own_group(user))
    query = sa.select(Case).options(joinedload(Case.group)).where(about, Case.outcome.in_(TOLD))
    return list(db.session.scalars(query.order_by(Case.created_at.desc(), Case.id)))


def notified_case(case_id: UUID) -> Case | None:
    """Return the case if someone was notified of its decision and still has an account;
    else None.
    """
    case = db.session.get(Case, case_id)
    if (
        case is None
        or not case_routing.is_notified(case)
        or not people_to_tell(case.kind, case.thing_id, case.author)
    ):
        return None
    return case


def hidden_by(kind: str, thing_id: UUID) -> Case | None:
    """Return the latest case in which the thing was hidden."""
    return decided_as(HIDDEN, kind, thing_id)


def decided_as(outcome: str, kind: str, thing_id: UUID) -> Case | None:
    """Return the latest case about the thing with this outcome."""
    query = sa.select(Case).where(
        Case.kind == kind, Case.thing_id == thing_id, Case.outcome == outcome
    )
    return db.session.scalar(query.order_by(Case.closed_at.desc()).limit(1))
