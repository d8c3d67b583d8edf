"""Notices about cases to judges, persons concerned and reporters."""

from collections.abc import Iterable

import sqlalchemy as sa

from ..accounts.models import User
from ..core import live
from ..core.extensions import db
from ..core.time import clock
from ..mail import outbox
from ..notifications.models import Notification
from ..notifications.notify import notify
from . import case_routing, reads
from .models import OBJECTED, Case, CaseStep, Report


def arrived(case: Case, by: User | None) -> None:
    """Notify those who may judge the case, unless they have an unread notice or acted
    themselves.
    """
    people = [person for person in reads.judges_of(case) if by is None or person.id != by.id]
    scope = f"report_case:{case.id}"
    waiting = sa.select(Notification.user_id).where(
        Notification.scope == scope, Notification.read_at.is_(None)
    )
    know = set(
        db.session.scalars(
            waiting.where(Notification.user_id.in_([person.id for person in people]))
        )
    )
    new = [person for person in people if person.id not in know]
    words = {"what": case.kind, "objection": case.state == OBJECTED}
    if case_routing.judges(case) == case_routing.ADMINS or case.group is None:
        notify(new, "report.raised", f"/admin/reports/{case.id}", words, scope=scope)
        return
    group = case.group
    url = f"{group.path}/manage/reports/{case.id}"
    words["group"] = group.name
    notify(new, "report.arrived", url, words, scope=scope, about=group.name, group_id=group.id)


def settled(case: Case) -> None:
    """Mark all notices that ask to look at the case as read."""
    mine = Notification.scope == f"report_case:{case.id}"
    marking = (
        sa.update(Notification)
        .where(mine, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )
    for user_id in db.session.scalars(marking.returning(Notification.user_id)).all():
        live.signal(f"user:{user_id}:inbox")


def decided(case: Case, step: CaseStep, people: Iterable[User]) -> None:
    """Notify the person concerned of the decision, its reason and how to appeal, even if they can't
    sign in.
    """
    words = {"act": step.action, "label": case.own_label, "reason": step.text}
    notify(
        people,
        "case.decided",
        f"/decisions/{case.id}",
        words,
        scope=f"decision:{case.id}",
        step=step.id,
    )


def looked_at(case: Case, reports: Iterable[Report]) -> None:
    """Tell the reporters that someone has looked at it, and nothing else."""
    people = [
        report.user for report in reports if report.user is not None and report.user.is_active
    ]
    notify(
        people,
        "report.closed",
        "/account/reports",
        {"label": case.label},
        scope=f"reported:{case.id}",
    )
    for address in reads.addresses_of(case):
        outbox.enqueue_email(
            "moderation/looked_at",
            to=address.email,
            locale=address.locale,
            report=address.report_id,
        )


def received(report: Report, email: str, locale: str) -> None:
    """Confirm a visitor's report by email."""
    outbox.enqueue_email("moderation/received", to=email, locale=locale, report=report.id)
