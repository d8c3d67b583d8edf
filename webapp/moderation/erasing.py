"""Remove erased people from cases: as reporters, judges and persons concerned.

The cases stay, without them.
"""

from uuid import UUID

import sqlalchemy as sa

from ..accounts.models import User
from ..core.db import base as ids
from ..core.db.base import new_id
from ..core.extensions import db
from ..core.time import clock
from .models import CLOSED, DISMISSED, GONE, Case, CaseStep, Report, ReportAddress


def erase(user: User) -> None:
    """Keep the texts of open reports without their author; delete texts in closed cases, and the
    email address of a visitor's report.
    """
    mine = Report.user_id == user.id
    closed = sa.select(Case.id).where(Case.state == CLOSED)
    db.session.execute(sa.update(Report).where(mine, Report.case_id.in_(closed)).values(text=""))
    db.session.execute(sa.update(Report).where(mine).values(user_id=None))
    db.session.execute(sa.delete(ReportAddress).where(ReportAddress.email == user.email))
    named = sa.cast(Case.of_others, sa.Text).contains(str(user.id))
    for case in db.session.scalars(sa.select(Case).where(named)):
        others = case.of_others.items()
        case.of_others = {person: words for person, words in others if person != str(user.id)}
    about = list(db.session.scalars(sa.select(Case).where(Case.author_id == user.id)))
    for case in about:
        _part_from(case, user.id)
    ids = [case.id for case in about]
    db.session.execute(sa.update(CaseStep).where(CaseStep.case_id.in_(ids)).values(text=""))
    db.session.execute(sa.update(Report).where(Report.case_id.in_(ids)).values(text=""))
    db.session.execute(sa.update(CaseStep).where(CaseStep.user_id == user.id).values(user_id=None))
    db.session.execute(
        sa.update(Case).where(Case.decided_by_id == user.id).values(decided_by_id=None)
    )
    db.session.flush()


def _part_from(case: Case, user_id: UUID) -> None:
    """Delete what was said about them; close an open case, as there is nobody left to judge."""
    if case.outcome in (None, DISMISSED) and case.state != CLOSED:
        case.outcome, case.closed_at, case.open_as = GONE, clock.now(), None
    case.state, case.closed_at = CLOSED, case.closed_at or clock.now()
    case.label = case.snapshot = ""
    case.of_others = {}
    case.nonce = ids.nonce()
    case.author_id = None
    case.version += 1
    if case.thing_id == user_id:
        case.thing_id = new_id()
