"""The shifts of an event: hours for which a number of people are needed.

Attendees sign up for them; hosts assign and remove people, too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, ngettext

from ..accounts.models import User
from ..core.db.base import new_id
from ..core.db.session import POPULATE_EXISTING, one_or_404
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from ..core.time.time_zones import to_moment
from ..events import planning
from ..events.models import Event
from . import helping, notifications
from .models import EventShift, ShiftClaim

MOST, MOST_PLACES = 100, 200
LONGEST = timedelta(days=2)


def with_id(event: Event, shift_id: UUID) -> EventShift:
    """Return the event's shift with this id. Raises NotFound."""
    return one_or_404(_of(event, shift_id), fresh=True)


def add(event: Event, by: User, id: UUID | None = None, **values: Any) -> EventShift:
    """Add a shift without people. Raises UserError if there are too many or the times
    aren't valid.
    """
    event = planning.hold_changeable(event)
    if helping.number_of(EventShift, event) >= MOST:
        raise UserError(_("You can have up to %(most)s shifts.", most=MOST))
    shift = EventShift(id=id or new_id(), event_id=event.id, taken=0, version=1)
    _write(event, shift, values)
    db.session.add(shift)
    helping.note(event)
    audit.record("shift.added", by=by, subject=event)
    notifications.changed(event)
    return shift


def change(event: Event, shift: EventShift, by: User, version: int, **values: Any) -> None:
    """Change the shift, and notify its people of new hours. Raises UserError if it would have fewer
    places than are taken.
    Raises Conflict if someone else changed it since `version`, to something else.
    """
    event = planning.hold_changeable(event)
    shift = _there(event, shift.id)
    if shift.version != version and _is_so(event, shift, values):
        return
    if shift.version != version:
        raise Conflict(
            _(
                "Someone else has changed this since you opened it. Check it, then make your "
                "change again."
            )
        )
    hours = shift.starts_at, shift.ends_at
    _write(event, shift, values)
    shift.version += 1
    if (shift.starts_at, shift.ends_at) != hours:
        again = (
            sa.update(ShiftClaim).where(ShiftClaim.shift_id == shift.id).values(reminded_at=None)
        )
        db.session.execute(again, execution_options={"synchronize_session": False})
        notifications.moved(event, people_in(shift), shift, by)
    notifications.changed(event)


def remove(event: Event, shift: EventShift, by: User) -> None:
    """Delete the shift, and notify its people.
    Raises NotFound if it's gone.
    """
    event = planning.hold_changeable(event)
    shift = with_id(event, shift.id)
    if shift.ends_at > clock.now():
        notifications.unassigned(event, people_in(shift), shift.title, by)
    db.session.delete(shift)
    helping.note(event)
    audit.record("shift.removed", by=by, subject=event)
    notifications.changed(event)


def claim(event: Event, shift_id: UUID, by: User) -> EventShift:
    """Sign `by` up for the shift.
    Raises Conflict if it's full, and UserError if they have another shift at that time.
    """
    event = helping.hold_event(event, by, to_take=True)
    shift = _there(event, shift_id)
    if _has_place(shift, by):
        return shift
    _refuse(shift, by, _("You already have “%(other)s” at that time."))
    if shift.taken >= shift.capacity:
        raise Conflict(
            _("“%(shift)s” is full. Someone has just taken the last spot.", shift=shift.title)
        )
    _take(event, shift, by)
    return shift


def release(event: Event, shift_id: UUID, by: User) -> EventShift:
    """Free the place of `by`, and notify hosts. Raises UserError if the shift has ended."""
    event = helping.hold_event(event, by)
    shift = _there(event, shift_id)
    _refuse_over(shift)
    if helping.release_claim(shift, by.id):
        notifications.released(event, by, [shift.title])
    return shift


def assign(event: Event, shift_id: UUID, who: str, by: User) -> User:
    """Assign someone to the shift and notify them. Raises UserError at `who`, if it's full or they
    can't do it.
    """
    event = planning.hold_changeable(event)
    shift = _there(event, shift_id)
    user = helping.find_helper(event, who, by)
    if _has_place(shift, user):
        return user
    try:
        _refuse(shift, user, _("They already have “%(other)s” at that time."))
    except UserError as broken:
        raise UserError(broken.message, "who") from None
    if shift.taken >= shift.capacity:
        raise UserError(
            _(
                "“%(shift)s” is full. Increase the number of people needed first.",
                shift=shift.title,
            ),
            "who",
        )
    _take(event, shift, user)
    notifications.assigned(event, user, shift.title, by)
    return user


def unassign(event: Event, shift_id: UUID, user_id: UUID, by: User) -> None:
    """Remove that person from the shift and notify them. Calling it again has no effect."""
    event = planning.hold_changeable(event)
    shift = _there(event, shift_id)
    user = next((one for one in people_in(shift) if one.id == user_id), None)
    if user is not None and helping.release_claim(shift, user_id):
        notifications.unassigned(event, [user], shift.title, by)
        notifications.changed(event)


def people_in(shift: EventShift) -> Sequence[User]:
    """Return the people in the shift, in the order in which they signed up."""
    query = (
        sa.select(User)
        .join(ShiftClaim, ShiftClaim.user_id == User.id)
        .where(ShiftClaim.shift_id == shift.id)
    )
    return db.session.scalars(query.order_by(ShiftClaim.created_at, ShiftClaim.id)).all()


def _take(event: Event, shift: EventShift, user: User) -> None:
    shift.taken += 1
    db.session.add(ShiftClaim(shift_id=shift.id, user_id=user.id))
    db.session.flush()
    notifications.changed(event)


def _refuse(shift: EventShift, user: User, elsewhere: str) -> None:
    _refuse_over(shift)
    claimed = sa.select(EventShift.title).join(ShiftClaim, ShiftClaim.shift_id == EventShift.id)
    claimed = claimed.where(ShiftClaim.user_id == user.id, EventShift.event_id == shift.event_id)
    other = db.session.scalar(
        claimed.where(
            EventShift.starts_at < shift.ends_at, EventShift.ends_at > shift.starts_at
        ).limit(1)
    )
    if other is not None:
        raise UserError(elsewhere % {"other": other})


def _refuse_over(shift: EventShift) -> None:
    if shift.ends_at <= clock.now():
        raise UserError(_("“%(shift)s” has ended.", shift=shift.title))


def _has_place(shift: EventShift, user: User) -> bool:
    mine = sa.exists().where(ShiftClaim.shift_id == shift.id, ShiftClaim.user_id == user.id)
    return bool(db.session.scalar(sa.select(mine)))


def _of(event: Event, shift_id: UUID) -> sa.Select[EventShift]:
    return sa.select(EventShift).where(EventShift.id == shift_id, EventShift.event_id == event.id)


def _there(event: Event, shift_id: UUID) -> EventShift:
    found = db.session.scalar(_of(event, shift_id), execution_options=POPULATE_EXISTING)
    if found is None:
        raise Conflict(_("Someone has removed this shift."))
    return found


def _is_so(event: Event, shift: EventShift, values: Mapping[str, Any]) -> bool:
    """Whether the shift already has these values, as when a form is sent twice."""
    now = (shift.title, shift.description, shift.capacity, shift.starts_at, shift.ends_at)
    return now == (
        values["title"],
        values.get("description") or "",
        values["capacity"],
        *_hours(event, values),
    )


def _hours(event: Event, values: Mapping[str, Any]) -> list[datetime]:
    return [to_moment(values[name], event.zone, 0, name) for name in ("starts", "ends")]


def _write(event: Event, shift: EventShift, values: Mapping[str, Any]) -> None:
    starts, ends = _hours(event, values)
    if ends <= starts:
        raise UserError(_("The end must be after the start."), "ends")
    if ends - starts > LONGEST:
        raise UserError(_("A shift can last up to two days."), "ends")
    if values["capacity"] < shift.taken:
        taken = ngettext(
            "%(num)s person has signed up. Enter at least that many.",
            "%(num)s people have signed up. Enter at least that many.",
            shift.taken,
        )
        raise UserError(taken, "capacity")
    shift.title, shift.description = values["title"], values.get("description") or ""
    shift.starts_at, shift.ends_at, shift.capacity = starts, ends, values["capacity"]
