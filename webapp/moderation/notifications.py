"""The notification types of reports, and the text of their inbox lines."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.links import absolute
from ..core.text.bidi import isolated
from ..groups.models import Group, Membership
from ..mail.emails import EmailContext, email_context
from ..notifications.models import INBOX, NOW
from ..notifications.notification_types import SITE, email_of, notification
from . import case_routing, decisions, labels
from .models import CLOSED, Case, CaseStep, Report


def _open_cases(_reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    return sa.select(Case.id).where(Case.id.in_(ids), Case.state != CLOSED)


def _open_in_groups(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Open cases in groups that the reader moderates, unless admins judge them."""
    mine = sa.select(Membership.group_id).where(
        Membership.user_id == reader.id, Membership.role.in_(case_routing.MODERATING)
    )
    cases = _open_cases(reader, ids).join(Group, Group.id == Case.group_id)
    return cases.where(Case.escalated_at.is_(None), Group.deleted_at.is_(None), Group.id.in_(mine))


@notification(
    "report.arrived",
    SITE,
    _l("Reports in a group you manage"),
    _l("New report"),
    holds=_open_in_groups,
)
def _arrived(what: str, objection: bool, group: str) -> str:
    if objection:
        return _("Someone appealed a decision in %(group)s", group=group)
    return _("Something was reported in %(group)s", group=group)


@notification(
    "report.raised",
    SITE,
    _l("Reports to the site’s admins"),
    _l("New report"),
    for_admins=True,
    holds=_open_cases,
)
def _raised(what: str, objection: bool) -> str:
    return (
        _("Someone appealed a decision")
        if objection
        else _("Something was reported to the site’s admins")
    )


@notification(
    "case.decided",
    SITE,
    _l("Decisions about you, or about what you wrote"),
    _l("Moderators’ decision"),
    channels=(NOW,),
)
def _decided(act: str, label: str, reason: str) -> str:
    sentence = labels.decision(act, label)
    return f"{sentence}: {isolated(reason)}" if reason else sentence


@notification(
    "report.closed", SITE, _l("Reviews of your reports"), _l("Report reviewed"), usual=INBOX
)
def _closed(label: str) -> str:
    return _("Someone reviewed your report about “%(label)s”. Thank you.", label=label)


DECISION = "moderation-decision"


def way_to(case: Case) -> str:
    """Return the decision's path for its email. It needs no sign-in, because an account may be
    closed.
    """
    return f"/decisions/{case.id}/{tokens.derive(DECISION, case.id, case.nonce)}"


@email_of("moderation/decided", "case.decided")
def decided(user: str, step: str) -> EmailContext | None:
    """The decision, its reason, and how to appeal; also sent to accounts closed by it."""
    reader, done = db.session.get(User, UUID(user)), db.session.get(CaseStep, UUID(step))
    if reader is None or reader.erased_at is not None or done is None:
        return None
    case = done.case
    rule = labels.RULES[done.rule] if done.rule else ""
    more = {
        "url": absolute(way_to(case)),
        "may_object": decisions.may_object(case),
        "group": case.group,
    }
    return {
        "user": reader,
        "case": case,
        "act": done.action,
        "reason": done.text,
        "rule": rule,
        **more,
    }


@email_context("moderation/received", to_strangers=True)
@email_context("moderation/looked_at", to_strangers=True)
def received(report: str) -> EmailContext | None:
    """The report arrived, or someone has looked at it; without any text from it, because the owner
    of this address may never have been here.
    """
    return {} if db.session.get(Report, UUID(report)) is not None else None
