"""Admins act without a report, but still in a case. So the person concerned is told why and can
appeal, and the decision can be lifted.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from ..accounts import suspensions
from ..accounts.models import User
from ..core.extensions import db
from ..core.time import clock
from ..mail import outbox
from . import decisions, reads, reports
from .models import DISMISSED, HIDDEN, LIFTED, OPEN, SUSPENDED, Case
from .reportable_types import THINGS, Reportable

#: What admins can act on directly. Everything else that can be reported is inside one of these.
KINDS = ("person", "group", "event", "vote")


def find(user: User, kind: str, thing_id: UUID) -> tuple[Reportable, Any]:
    """Return the type and the thing: any person or group, or an event or vote that `user` sees or
    that is hidden.

    Raises NotFound.
    """
    if kind not in KINDS:
        raise NotFound()
    what = THINGS[kind]
    thing = what.find(thing_id)
    if thing is None:
        raise NotFound()
    if kind in ("event", "vote") and not what.is_hidden(thing):
        what.load(user, thing_id)
    return what, thing


def case_to_use(what: Reportable, thing: Any) -> Case | None:
    """Return the existing case to use instead of a new one: an open one, or the one whose decision
    applies now.
    """
    query = sa.select(Case).where(Case.open_as == reports.name_of(what, thing, what.group(thing)))
    open_one = db.session.scalar(query)
    if open_one is not None or not is_acted_upon(what, thing):
        return open_one
    return reads.decided_as(SUSPENDED if what.name == "person" else HIDDEN, what.name, thing.id)


def is_acted_upon(what: Reportable, thing: Any) -> bool:
    """Whether admins have closed the account, or the thing is hidden."""
    return thing.suspended_at is not None if what.name == "person" else what.is_hidden(thing)


def allowed_acts(user: User, what: Reportable, thing: Any) -> list[str]:
    """Return what `user` may decide without a report; LIFTED if it is acted on and no case
    is left.
    """
    if is_acted_upon(what, thing):
        return [LIFTED]
    group, author = what.group(thing), what.author(thing)
    ids = {
        "group_id": group.id if group else None,
        "author_id": author.id if author else None,
        "thing_id": thing.id,
    }
    # never stored: a case is needed to ask who may do what
    case = Case(
        kind=what.name, state=OPEN, group=group, author=author, escalated_at=clock.now(), **ids
    )
    return [act for act in decisions.allowed_acts(user, case) if act != DISMISSED]


def act(what: Reportable, thing: Any, act: str, rule: str | None, words: str, by: User) -> Case:
    """Decide in a new case for admins. Raises UserError."""
    case = reports.open_case(what, thing, what.group(thing))
    if case.group_id is not None:
        case.escalated_at = case.escalated_at or clock.now()
    return decisions.decide(case, act, rule, words, by, case.version)


def undo(what: Reportable, thing: Any, by: User) -> None:
    """Reopen the account and notify the person, or show the thing again.

    Only if no case about it is left.
    """
    if what.name == "person":
        suspensions.reopen(thing, by=by)
        outbox.enqueue_email(
            "accounts/approved", to=thing.email, locale=thing.locale, user=thing.id
        )
    elif what.unhide is not None:
        what.unhide(thing, by)
