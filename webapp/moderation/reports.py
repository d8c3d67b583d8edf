"""Reports: many reports of one thing are one case, and nobody is told who reported."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.time import clock
from ..groups import access as group_access
from ..groups.models import Group
from . import notices
from .models import LABEL, MEMBER, OPEN, PERSON, VISITOR, Case, Report, ReportAddress
from .reportable_types import Reportable

#: How much one person may write about one thing, in one report and in total.
WORDS = 2000
ALL_WORDS = 3 * WORDS


def report(
    what: Reportable,
    thing: Any,
    by: User | None,
    rule: str,
    words: str,
    group: Group | None = None,
    address: tuple[str, str] | None = None,
) -> Report:
    """Add a report to the thing's open case, and notify its judges. `by` is None for a visitor.

    `group` is where it happened, for things without a place of their own; `address` a visitor's
    email address and language. What the same person adds goes into the same report. Raises
    UserError for one's own things.
    """
    author = what.author(thing)
    if by is not None and author is not None and author.id == by.id:
        raise UserError(_("This is yours, so you don’t need to report it."))
    case = open_case(what, thing, group or what.group(thing))
    row = _own(case, by)
    if row is None:
        row = _first(case, by, rule, words)
    else:
        _add_to(row, rule, words)
    if by is None and address is not None:
        db.session.add(ReportAddress(report_id=row.id, email=address[0], locale=address[1]))
        notices.received(row, *address)
    notices.arrived(case, by)
    db.session.flush()
    return row


def own_report(what: Reportable, thing_id: UUID, user: Any) -> Report | None:
    """Return the report of the thing by `user`, while it is undecided."""
    if user.id is None:
        return None
    query = (
        sa.select(Report)
        .join(Report.case)
        .where(Case.kind == what.name, Case.thing_id == thing_id, Case.state == OPEN)
    )
    return db.session.scalar(
        query.where(Report.user_id == user.id).order_by(Report.created_at.desc()).limit(1)
    )


def open_case(what: Reportable, thing: Any, group: Group | None) -> Case:
    """Lock and return the thing's open case, or create it; if two create one at once, both get the
    same.

    Raises UserError if it keeps being closed meanwhile.
    """
    name = name_of(what, thing, group)
    for _once in range(3):
        found = db.session.scalar(sa.select(Case).where(Case.open_as == name))
        if found is None:
            found = _new_case(what, thing, group, name)
            try:
                with db.session.begin_nested():
                    db.session.add(found)
            except IntegrityError:
                continue
        case = locked(Case, found.id)
        if case.state == OPEN:
            return case
    raise UserError(_("Someone is reviewing it right now. Send your report again."))


def name_of(what: Reportable, thing: Any, group: Group | None) -> str:
    """Return the unique name of the open case about the thing."""
    return f"{what.name}:{thing.id}:{group.id if group else ''}"


def _new_case(what: Reportable, thing: Any, group: Group | None, name: str) -> Case:
    author = what.author(thing)
    return Case(
        kind=what.name,
        thing_id=thing.id,
        group_id=group.id if group else None,
        author_id=author.id if author else None,
        label=what.label(thing)[:LABEL],
        **what.snapshot(thing),
        open_as=name,
        pending_since=clock.now(),
    )


def _own(case: Case, by: User | None) -> Report | None:
    if by is None:
        return None
    return db.session.scalar(
        sa.select(Report).where(Report.case_id == case.id, Report.user_id == by.id)
    )


def _first(case: Case, by: User | None, rule: str, words: str) -> Report:
    row = Report(
        case_id=case.id,
        user_id=by.id if by else None,
        reporter_kind=_case_status(case, by),
        rule=rule,
        text=words,
    )
    case.reporters += 1
    db.session.add(row)
    db.session.flush()
    return row


def _add_to(row: Report, rule: str, words: str) -> None:
    row.rule = rule
    if not words or words in row.text.split("\n\n"):
        return
    both = "\n\n".join(part for part in (row.text, words) if part)
    if len(both) > ALL_WORDS:
        raise UserError(
            _("You’ve already written a lot about this. Someone will review it."), "text"
        )
    row.text = both


def _case_status(case: Case, by: User | None) -> str:
    if by is None:
        return VISITOR
    return (
        MEMBER
        if case.group is not None and group_access.role_of(by, case.group) is not None
        else PERSON
    )
