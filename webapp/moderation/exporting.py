"""A person's data export: what they reported, and decisions about them.

Not who reported them.
"""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from .models import TOLD, Case, CaseStep, Report

_ROW = {"id": "names nothing outside of this site"}


def add(user: User, parts: PersonalData) -> None:
    """Add their reports, decided cases about them with what they were told, and what they did in
    cases.
    """
    decided = sa.select(Case.id).where(Case.author_id == user.id, Case.outcome.in_(TOLD))
    thing = {"about": about(Case, "case_id", "label")}
    parts.add(
        JsonFile(
            "reports",
            Report,
            Report.user_id == user.id,
            ("rule", "text", "created_at"),
            {
                **_ROW,
                "case_id": "what it is about is given instead",
                "user_id": "the person",
                "reporter_kind": "for those who judge",
            },
            thing,
        ),
        JsonFile(
            "decisions",
            Case,
            Case.id.in_(decided),
            ("kind", "label", "outcome", "closed_at", "created_at"),
            _LEFT_OUT,
        ),
        JsonFile(
            "steps-in-cases",
            CaseStep,
            sa.or_(
                CaseStep.user_id == user.id,
                sa.and_(CaseStep.case_id.in_(decided), CaseStep.action.in_(TOLD)),
            ),
            ("action", "rule", "text", "created_at"),
            {
                **_ROW,
                "case_id": "what it is about is given instead",
                "user_id": "who decided is not told",
            },
            thing,
        ),
    )


_LEFT_OUT = {
    **_ROW,
    "thing_id": "names nothing outside of this site",
    "group_id": "names nothing outside of this site",
    "author_id": "the person themselves",
    "of_others": "what it said of other people",
    "snapshot": "a copy of what the person wrote, which stands where they wrote it",
    "state": "how far it has come; the outcome says it",
    "open_as": "only while nobody has decided",
    "reporters": "nobody learns who or how many reported them",
    "pending_since": "says when someone reported",
    "escalated_at": "how those who judge share their work",
    "decided_by_id": "who decided is not told",
    "version": "keeps two changes apart",
    "nonce": "a secret of the mailed way to the decision",
}
