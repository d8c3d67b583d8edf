"""The site's admins act by themselves, without a report: in a case all the same, so that the
person concerned is told why, may object, and what was decided can be taken back."""

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

#: What admins act upon by themselves. What else can be reported stands inside of these.
KINDS = ("person", "group", "event", "vote")


def find(user: User, kind: str, thing_id: UUID) -> tuple[Reportable, Any]:
    """What it is, and the thing: anybody, any group, an event or a vote that `user` sees or that
    was hidden. Raises NotFound.
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
    """The case that is to be judged, or taken back, instead of opening another: one that waits,
    or what holds now.
    """
    query = sa.select(Case).where(Case.open_as == reports.name_of(what, thing, what.group(thing)))
    open_one = db.session.scalar(query)
    if open_one is not None or not is_acted_upon(what, thing):
        return open_one
    return reads.decided_as(SUSPENDED if what.name == "person" else HIDDEN, what.name, thing.id)


def is_acted_upon(what: Reportable, thing: Any) -> bool:
    """Whether admins have closed the account, or hidden the thing."""
    return thing.suspended_at is not None if what.name == "person" else what.is_hidden(thing)


def allowed_acts(user: User, what: Reportable, thing: Any) -> list[str]:
    """What `user` may decide about it of their own accord; to take back, where the case about it
    is forgotten by now.
    """
    if is_acted_upon(what, thing):
        return [LIFTED]
    group, author = what.group(thing), what.author(thing)
    ids = {
        "group_id": group.id if group else None,
        "author_id": author.id if author else None,
        "thing_id": thing.id,
    }
    # never kept: who may do what is asked of a case
    case = Case(
        kind=what.name, state=OPEN, group=group, author=author, escalated_at=clock.now(), **ids
    )
    return [act for act in decisions.allowed_acts(user, case) if act != DISMISSED]


def act(what: Reportable, thing: Any, act: str, rule: str | None, words: str, by: User) -> Case:
    """It is decided in a case of its own, which is the site's admins'. Raises UserError."""
    case = reports.open_case(what, thing, what.group(thing))
    if case.group_id is not None:
        case.escalated_at = case.escalated_at or clock.now()
    return decisions.decide(case, act, rule, words, by, case.version)


def undo(what: Reportable, thing: Any, by: User) -> None:
    """The account can be used again, and its person is told; the thing shows again.

    For what no case speaks of any more.
    """
    if what.name == "person":
        suspensions.reopen(thing, by=by)
        outbox.enqueue_email(
            "accounts/approved", to=thing.email, locale=thing.locale, user=thing.id
        )
    elif what.unhide is not None:
        what.unhide(thing, by)
