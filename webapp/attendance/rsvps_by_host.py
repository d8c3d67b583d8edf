"""Hosts answer for others: add people, change their answers and withdraw them.

The person is notified and learns which host did it.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts import blocks
from ..accounts.models import User
from ..core.db import actor_lock
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.text.strings import folded
from ..core.time import clock
from ..events import access, notices
from ..events.models import GOING, NOT_GOING, Event, Rsvp
from ..groups.models import Membership
from . import rsvps
from .approvals import hold
from .registration.answers import RegistrationAnswers


def answer_for(event: Event, by: User, who: User, **answer: Any) -> Rsvp:
    """Answer for `who`, by the same rules as for everyone, waiting list included, and notify them.

    Raises UserError if they answered Can't go themselves, can't answer the event, or have blocked
    `by`. Hosts don't learn which of the last two it is.
    """
    actor_lock.keep_rights_of(who)
    event = hold(event)
    row = rsvps.of(event, who) or rsvps.new_answer(event, who)
    return _given(row, by, **answer)


def change(event: Event, by: User, row_id: UUID, **answer: Any) -> Rsvp:
    """Change the answer and notify the person."""
    user = rsvps.with_id(event, row_id).user
    if user is not None:
        actor_lock.keep_rights_of(user)
    event = hold(event)
    row = rsvps.with_id(event, row_id)
    return _given(row, by, **answer)


def find_person(event: Event, words: str) -> User:
    """Return the person with this handle, or with this name among members and people who
    answered.
    """
    name = words.strip()
    found = db.session.scalar(sa.select(User).where(User.handle == name.removeprefix("@").lower()))
    if found is not None and found.is_here:
        return found
    answered = sa.select(Rsvp.user_id).where(Rsvp.event_id == event.id)
    members = sa.select(Membership.user_id).where(Membership.group_id == event.group_id)
    near = sa.or_(User.id.in_(answered), User.id.in_(members))
    named = User.search_text == sa.literal(f"{folded(name)} ") + User.handle
    called = sa.select(User).where(named, near).limit(2)
    people = db.session.scalars(called).all()
    if len(people) == 1:
        return people[0]
    if people:
        raise UserError(
            _(
                "Several people have this name. Enter the handle, such as @%(handle)s.",
                handle=people[0].handle,
            ),
            "who",
        )
    raise UserError(
        _("No one found. Enter a handle, or the full name of a group member."),
        "who",
    )


def _refuse_unwilling(row: Rsvp, by: User) -> None:
    who, event = row.who, row.event
    if row.state == NOT_GOING and not row.by_host:
        raise UserError(
            _("%(name)s said they can’t go. Only they can change that.", name=who.name),
            "who",
        )
    keeps_away = isinstance(who, User) and (not who.is_verified or blocks.has_blocked(who, by=by))
    if keeps_away or not (
        who.is_active and access.may_see(who, event) and access.can_answer(who, event)
    ):
        raise UserError(
            _("You can’t answer for %(name)s. Ask them to answer themselves.", name=who.name),
            "who",
        )


def _given(
    row: Rsvp,
    by: User,
    state: str = GOING,
    party: int = 1,
    split: bool = False,
    ticket: UUID | None = None,
) -> Rsvp:
    if state != NOT_GOING:
        _refuse_unwilling(row, by)
    rsvps.end_offer(row, state)
    before = rsvps.summary_of(row)
    rsvps.set_answer(row, state, party, split, RegistrationAnswers(ticket=ticket), by_host=True)
    if rsvps.summary_of(row) != before:
        row.answered_at, row.by_host, row.decline_message = clock.now(), True, ""
        audit.record(
            "rsvp.for_other", by=by, subject=row.who, event=str(row.event_id), state=row.state
        )
        notices.answered_by_host(row, by)
    notices.signal_answers(row.event)
    return row
