"""Short forms of reports and decisions."""

from typing import Any

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.moderation import decisions, reports
from webapp.moderation.models import Case
from webapp.moderation.reportable_types import THINGS
from webapp.notifications.models import Notification


def reported(
    kind: str, thing: Any, by: Any = None, rule: str = "spam", text: str = "", **more: Any
) -> Case:
    """Report something; return its case, committed."""
    row = reports.report(THINGS[kind], thing, by, rule, text, **more)
    db.session.commit()
    return row.case


def judged(case: Case, act: str, by: Any, text: str = "Because", rule: str | None = "spam") -> Case:
    """Decide a case; return it, committed."""
    decisions.decide(case, act, rule, text, by, case.version)
    db.session.commit()
    return case


def cases() -> list[Case]:
    """Return all cases, oldest first."""
    return list(db.session.scalars(sa.select(Case).order_by(Case.created_at, Case.id)))


def lines(person: Any, kind: str) -> list[str]:
    """Return the notifications of this kind in someone's inbox, oldest first."""
    query = sa.select(Notification.label).where(
        Notification.user_id == person.id, Notification.kind == kind
    )
    return list(db.session.scalars(query.order_by(Notification.created_at, Notification.id)))
