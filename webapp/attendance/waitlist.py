"""The waiting list: who gets free seats, in which order, and why.

An `owner` is an event or a session of its agenda: the rules are the same
(docs/decisions/0033-agenda.md). Everything here runs under the event's lock
(`core.db.session.locked`), and keeps the counters of the owner, its ticket types and its choices
equal to its rows. The rules (docs/decisions/0002-waiting-list.md and
0028-capacity-and-approval.md):

- Free seats go to the first waiting party that fits: there are seats for all of it, and places in
  what it has picked. A party that doesn't fit is passed and keeps its place.
- A newcomer takes seats only if no waiting party would fit in them.
- If hosts chose offers, seats are held for a party for 24 hours, or half of the remaining time if
  that is less. A party that declines or doesn't reply goes to the back, and gets another offer when
  other seats become free. Until then anyone can take the seats, including that party.
- A party may ask to go with those who fit. The rest waits like a party of its own, and is given its
  seats, not offered them.
- Nothing moves after the deadline, or at the latest after the start.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from ..core import hooks
from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.time import clock
from ..events import notices
from ..events.models import (
    GOING,
    NOT_GOING,
    OFFER,
    OFFERED,
    WAITING,
    Event,
    WaitlistEntry,
    WaitlistOwner,
    WaitlistStep,
    event_of,
)
from ..events.models.rsvp import in_order, seats_wanted, with_who
from ..events.models.waitlist import is_at, rows_of
from . import attendance_chart
from .registration import option_capacity

#: The longest time that an offer lasts: see `end_of_offer`.
OFFER_LASTS = timedelta(hours=24)
#: How many waiting parties are read at once.
BATCH = 200


def note_passed(owner: WaitlistOwner, passed: Sequence[WaitlistEntry]) -> None:
    """Log that these parties were passed for lack of seats, or of places in what they picked."""
    for entry in passed:
        log(owner, "skipped", entry, entry.seats_wanted, full=_full_for(owner, entry))


def _full_for(owner: WaitlistOwner, entry: WaitlistEntry) -> str:
    """Return the picked option that is full, if seats alone would suffice; else ""."""
    if not owner.has_registration_form or (
        owner.seats_free is not None and entry.seats_wanted > owner.seats_free
    ):
        return ""
    return option_capacity.first_full(entry.picks, entry.seats_wanted)


def log(
    owner: WaitlistOwner,
    step: str,
    entry: WaitlistEntry | None = None,
    party: int | None = None,
    full: str = "",
) -> None:
    """Add a step to the event's log, which includes its sessions, with the seats free before it."""
    event_id = event_of(owner).id
    so_far = sa.select(sa.func.coalesce(sa.func.max(WaitlistStep.number), 0)).where(
        WaitlistStep.event_id == event_id
    )
    db.session.add(
        WaitlistStep(
            event_id=event_id,
            session_id=None if isinstance(owner, Event) else owner.id,
            number=so_far.scalar_subquery() + 1,
            user_id=entry.user_id if entry else None,
            guest_id=entry.guest_id if entry else None,
            step=step,
            party=party or (entry.party if entry else 0),
            seats_free=owner.seats_free,
            full=full,
        )
    )


def is_moving(owner: WaitlistOwner) -> bool:
    """Whether seats are given out: published, not locked, before the deadline, and its group not
    deleted.
    """
    event = event_of(owner)
    if event.group is not None and event.group.deleted_at is not None:
        return False
    is_there = (
        event.is_published
        and event.deleted_at is None
        and event.hidden_at is None
        and event.locked_at is None
    )
    return is_there and owner.deadline > clock.now() and not owner.is_cancelled


def room(owner: WaitlistOwner, entry: WaitlistEntry | None = None) -> int | None:
    """Return how many more people fit, in the seats and in what the entry has picked; None: any
    number.
    """
    picks = entry.picks if entry and owner.has_registration_form else ()
    limits = (owner.seats_free, *option_capacity.free_in(picks))
    return min((free for free in limits if free is not None), default=None)


def has_room(owner: WaitlistOwner, seats: int, entry: WaitlistEntry | None = None) -> bool:
    """Whether so many seats are free, and so many places in what was picked."""
    free = room(owner, entry)
    return free is None or seats <= free


def promote(owner: WaitlistOwner, here: WaitlistEntry | None = None) -> None:
    """Expire old offers, and give free seats to waiting parties until none fits.

    `here` is the entry of the person who is acting: they get seats without an offer or a notice.
    """
    expire(owner)
    if not is_moving(owner):
        return
    noted: set[UUID] = set()
    while (
        owner.waiting_count
        and (fitting := _that_fit(owner))
        and _serve(owner, fitting, here, noted)
    ):
        pass


def _serve(
    owner: WaitlistOwner,
    fitting: Sequence[WaitlistEntry],
    here: WaitlistEntry | None,
    noted: set[UUID],
) -> bool:
    """Seat those of the parties that still fit when it is their turn; log whom they passed."""
    may_fit, passed, has_given = {entry.id for entry in fitting}, [], False
    last = rows_of(owner).position <= fitting[-1].position
    for entry in db.session.scalars(in_order(owner).where(last)).all():
        if entry.id not in may_fit or not has_room(owner, entry.seats_wanted, entry):
            passed.append(entry)
            continue
        note_passed(owner, [one for one in passed if one.id not in noted])
        noted.update(one.id for one in passed)
        passed, has_given = [], True
        _give(owner, entry, here)
    return has_given


def _that_fit(owner: WaitlistOwner) -> Sequence[WaitlistEntry]:
    """Return the first waiting parties that fit now, in order, without those that declined an
    offer.
    """
    if owner.seats_free == 0:
        return []
    model, fitting = rows_of(owner), in_order(owner).limit(BATCH)
    if owner.seats_free is not None:
        fitting = fitting.where(seats_wanted(model) <= owner.seats_free)
    if owner.has_registration_form:
        fitting = fitting.where(~option_capacity.is_full_for(seats_wanted()))
    return db.session.scalars(
        fitting.options(*with_who(model)), execution_options=POPULATE_EXISTING
    ).all()


def _give(owner: WaitlistOwner, entry: WaitlistEntry, here: WaitlistEntry | None) -> None:
    if entry is here:
        seat(owner, entry, "accepted")
    elif owner.promotion == OFFER and entry.state == WAITING:
        _offer(owner, entry)
    else:
        seats = entry.seats_wanted
        seat(owner, entry, "promoted")
        notices.promoted(owner, entry, seats)


def _offer(owner: WaitlistOwner, entry: WaitlistEntry) -> None:
    attendance_chart.record_day(owner)
    log(owner, "offered", entry)
    _hold(owner, entry, entry.party)
    owner.waiting_count -= 1
    entry.state, entry.offered_until = OFFERED, end_of_offer(owner)
    notices.offered(owner, entry)


def end_of_offer(owner: WaitlistOwner) -> datetime:
    """Return when an offer made now ends; immediately if the deadline has passed."""
    now = clock.now()
    return now + max(timedelta(), min(OFFER_LASTS, (owner.deadline - now) / 2))


def _hold(owner: WaitlistOwner, entry: WaitlistEntry, seats: int) -> None:
    """Hold more seats for the party, or free some, and as many places in what it has picked."""
    owner.seats_taken += seats
    if owner.has_registration_form:
        option_capacity.take(entry.picks, seats)


def seat(owner: WaitlistOwner, entry: WaitlistEntry, step: str = "") -> None:
    """Seat the whole party; `step` is its log entry, empty for parties that never waited."""
    attendance_chart.record_day(owner)
    if step:
        log(owner, step, entry, entry.seats_wanted)
    if not entry.holds_seats:
        _hold(owner, entry, entry.party)
    elif entry.seats_waiting:
        _hold(owner, entry, entry.seats_waiting)
        entry.party += entry.seats_waiting
    if entry.is_on_waitlist:
        owner.waiting_count -= 1
    _stand(entry, GOING, None)


def move_to_back(owner: WaitlistOwner, entry: WaitlistEntry, step: str) -> None:
    """Put the party at the back of the waiting list; seats that it held become free."""
    attendance_chart.record_day(owner)
    log(owner, step, entry)
    if entry.holds_seats:
        _hold(owner, entry, -entry.party)
    if not entry.is_on_waitlist:
        owner.waiting_count += 1
    owner.last_position += 1
    _stand(entry, WAITING, owner.last_position)


def wait_for_rest(owner: WaitlistOwner, entry: WaitlistEntry, rest: int) -> None:
    """Let the party wait for `rest` more seats: at the back, or in its place if it now
    needs fewer.
    """
    attendance_chart.record_day(owner)
    behind = rest > entry.seats_waiting
    if not entry.seats_waiting:
        owner.waiting_count += 1
    log(owner, "split" if behind else "resized", entry, rest)
    if behind:
        owner.last_position += 1
        entry.position = owner.last_position
    entry.seats_waiting = rest


def split_party(owner: WaitlistOwner, entry: WaitlistEntry, fits: int) -> None:
    """Seat `fits` people of a waiting party; the rest keeps its place."""
    attendance_chart.record_day(owner)
    log(owner, "parted", entry, fits)
    _hold(owner, entry, fits)
    entry.state, entry.party, entry.seats_waiting = GOING, fits, entry.party - fits


def forget_rest(owner: WaitlistOwner, entry: WaitlistEntry) -> None:
    """Stop waiting for the rest of a party that is going."""
    if entry.seats_waiting:
        attendance_chart.record_day(owner)
        log(owner, "left", entry, entry.seats_waiting)
        owner.waiting_count -= 1
        _stand(entry, GOING, None)


def release(owner: WaitlistOwner, entry: WaitlistEntry, state: str) -> None:
    """Set the answer to `state`, releasing its seats, its place on the waiting list and its
    plus-ones.

    Subscribers free the person's tasks as well.
    """
    attendance_chart.record_day(owner)
    entry.withdrawals = (entry.withdrawals or 0) + (state == NOT_GOING and not entry.is_out)
    if entry.state == WAITING or (entry.holds_seats and owner.is_limited):
        log(owner, "freed" if entry.state == GOING else "left", entry)
    if entry.holds_seats:
        _hold(owner, entry, -entry.party)
    if entry.is_on_waitlist:
        owner.waiting_count -= 1
    _stand(entry, state, None)
    entry.party = 1
    if isinstance(owner, Event):
        hooks.event_left(event=owner, user=entry.user)
    _follow(owner, entry)


def resize(owner: WaitlistOwner, entry: WaitlistEntry, party: int) -> None:
    """Change the size of the party, and of the seats that it holds."""
    attendance_chart.record_day(owner)
    if entry.state == WAITING or owner.is_limited:
        log(owner, "resized", entry, party)
    if entry.holds_seats:
        _hold(owner, entry, party - entry.party)
    entry.party = party
    _follow(owner, entry)


def _follow(owner: WaitlistOwner, entry: WaitlistEntry) -> None:
    """Let subscribers adjust what depends on the answer, such as seats in sessions."""
    if isinstance(owner, Event):
        hooks.answer_shrank(event=owner, answer=entry)


def _stand(entry: WaitlistEntry, state: str, position: int | None) -> None:
    entry.state, entry.position, entry.offered_until, entry.declined_offer, entry.seats_waiting = (
        state,
        position,
        None,
        False,
        0,
    )


def seats_came_free(owner: WaitlistOwner, here: WaitlistEntry | None = None) -> None:
    """Give free seats to waiting parties, including those that declined or missed an
    earlier offer.
    """
    if owner.waiting_count:
        rested = (
            sa.update(rows_of(owner))
            .where(is_at(owner), rows_of(owner).declined_offer.is_(True))
            .values(declined_offer=False)
        )
        db.session.execute(rested, execution_options={"synchronize_session": "fetch"})
    promote(owner, here)


def capacity_changed(owner: WaitlistOwner) -> None:
    """Give out seats after the capacity, deadline or kind of promotion changed; nobody loses a
    seat.
    """
    if owner.waiting_count:
        log(owner, "seats")
    seats_came_free(owner)
    notices.signal_answers(owner)


def expire(owner: WaitlistOwner, now: datetime | None = None) -> None:
    """Expire offers that have run out: their parties go to the back, in the order in which the
    offers ended.

    Those of a cancelled event stay, because nobody can accept them.
    """
    if event_of(owner).is_cancelled:
        return
    model = rows_of(owner)
    ended = (
        sa.select(model)
        .where(is_at(owner), model.offered_until <= (now or clock.now()))
        .options(*with_who(model))
    )
    ended = ended.order_by(model.offered_until, model.position)
    for entry in db.session.scalars(ended, execution_options=POPULATE_EXISTING).all():
        decline_offer(owner, entry, "expired")
        if is_moving(owner):
            notices.expired(owner, entry)


def decline_offer(owner: WaitlistOwner, entry: WaitlistEntry, step: str) -> None:
    """Release the offered seats and put the party at the back; it gets an offer when others become
    free.
    """
    move_to_back(owner, entry, step)
    entry.declined_offer = True
