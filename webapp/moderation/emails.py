"""The words of the letters about cases, found at the moment of delivery."""

from uuid import UUID

from ..accounts.models import User
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.links import absolute
from ..mail.emails import EmailContext, email_context
from . import decisions, labels
from .models import Case, CaseStep, Report

DECISION = "moderation-decision"


def way_to(case: Case) -> str:
    """The path of the decision for whoever has its mail: it needs no sign-in, for an account may
    be closed.
    """
    return f"/decisions/{case.id}/{tokens.derive(DECISION, case.id, case.nonce)}"


@email_context("moderation/decided")
def decided(user: str, step: str) -> EmailContext | None:
    """What was decided and why, and how to object; also to those whose account was closed by it."""
    reader, done = db.session.get(User, UUID(user)), db.session.get(CaseStep, UUID(step))
    if reader is None or reader.erased_at is not None or done is None:
        return None
    case = done.case
    rule = labels.RULES[done.rule] if done.rule else ""
    sentence = labels.decision(done.action, case.own_label)
    more = {
        "sentence": sentence,
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


@email_context("moderation/received")
def received(report: str) -> EmailContext | None:
    """That it arrived, without a word of what anybody wrote: whoever has this address may never
    have been here.
    """
    return {} if db.session.get(Report, UUID(report)) is not None else None


@email_context("moderation/looked_at")
def looked_at(report: str) -> EmailContext | None:
    """That someone has looked, and nothing else."""
    return {} if db.session.get(Report, UUID(report)) is not None else None
