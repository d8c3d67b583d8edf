"""The waiting list: who gets free seats, in which order, and why.

An `owner` is an event or a session of its agenda: the rules are the same
(docs/decisions/0033-agenda.md). Everything here runs under the event's lock
(`core.db.session.locked`). Parties change inside `change`, which keeps the counters of the owner,
its ticket types and its choices equal to its rows. The rules
(docs/decisions/0002-waiting-list.md and 0028-capacity-and-approval.md):

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

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    EventOption,
    WaitlistEntry,
    WaitlistOwner,
    WaitlistStep,
)
from ..events.models.rsvp import in_order, seats_wanted, with_who
from . import attendance_chart
from .registration import option_capacity

#: The longest time that an offer lasts: see `end_of_offer`.
OFFER_LASTS = timedelta(hours=24)
#: How many waiting parties are read at once.
BATCH = 200


@contextmanager
def change(entry: WaitlistEntry, step: str = "", party: int | None = None) -> Iterator[None]:
    """Log the step, and change every counter by what changes in the entry meanwhile.

    Nothing else changes the counters of seats, of parties that wait, and of places in options.
    Without a `step` nothing is logged: the party never waited.
    """
    owner = entry.owner
    if step:
        log(owner, step, entry, party)
    seats, was_waiting, places = entry.seats_taken, entry.is_on_waitlist, _places(entry)
    yield
    more, waiting = entry.seats_taken - seats, entry.is_on_waitlist - was_waiting
    if more or waiting:
        attendance_chart.record_day(owner)
        owner.seats_taken += more
        owner.waiting_count += waiting
    option_capacity.recount(places, _places(entry))


def _places(entry: WaitlistEntry) -> dict[EventOption, int]:
    """Return how many places the party holds in each option that it has picked."""
    seats = entry.seats_taken
    return dict.fromkeys(entry.picks, seats) if seats and entry.owner.has_registration_form else {}


def note_passed(passed: Sequence[WaitlistEntry]) -> None:
    """Log that these parties were passed for lack of seats, or of places in what they picked."""
    for entry in passed:
        log(entry.owner, "skipped", entry, entry.seats_wanted, full=_full_for(entry))


def _full_for(entry: WaitlistEntry) -> str:
    """Return the picked option that is full, if seats alone would suffice; else ""."""
    owner = entry.owner
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
    event_id = owner.event.id
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
    event = owner.event
    if event.group is not None and event.group.deleted_at is not None:
        return False
    is_there = (
        event.is_published
        and event.deleted_at is None
        and event.hidden_at is None
        and event.locked_at is None
    )
    return is_there and owner.deadline > clock.now() and not owner.is_cancelled


def room(entry: WaitlistEntry) -> int | None:
    """Return how many more people fit, in the seats and in what the party has picked; None: any
    number.
    """
    picks = entry.picks if entry.owner.has_registration_form else ()
    limits = (entry.owner.seats_free, *option_capacity.free_in(picks))
    return min((free for free in limits if free is not None), default=None)


def has_room(entry: WaitlistEntry, seats: int) -> bool:
    """Whether so many seats are free, and so many places in what the party has picked."""
    free = room(entry)
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
    last = owner.entry_model.position <= fitting[-1].position
    for entry in db.session.scalars(in_order(owner).where(last)).all():
        if entry.id not in may_fit or not has_room(entry, entry.seats_wanted):
            passed.append(entry)
            continue
        note_passed([one for one in passed if one.id not in noted])
        noted.update(one.id for one in passed)
        passed, has_given = [], True
        _give(entry, here)
    return has_given


def _that_fit(owner: WaitlistOwner) -> Sequence[WaitlistEntry]:
    """Return the first waiting parties that fit now, in order, without those that declined an
    offer.
    """
    if owner.seats_free == 0:
        return []
    model, fitting = owner.entry_model, in_order(owner).limit(BATCH)
    if owner.seats_free is not None:
        fitting = fitting.where(seats_wanted(model) <= owner.seats_free)
    if owner.has_registration_form:
        fitting = fitting.where(~option_capacity.is_full_for(seats_wanted()))
    return db.session.scalars(
        fitting.options(*with_who(model)), execution_options=POPULATE_EXISTING
    ).all()


def _give(entry: WaitlistEntry, here: WaitlistEntry | None) -> None:
    if entry is here:
        seat(entry, "accepted")
    elif entry.owner.promotion == OFFER and entry.state == WAITING:
        with change(entry, "offered"):
            entry.state, entry.offered_until = OFFERED, end_of_offer(entry.owner)
        notices.offered(entry)
    else:
        seats = entry.seats_wanted
        seat(entry, "promoted")
        notices.promoted(entry, seats)


def end_of_offer(owner: WaitlistOwner) -> datetime:
    """Return when an offer made now ends; immediately if the deadline has passed."""
    now = clock.now()
    return now + max(timedelta(), min(OFFER_LASTS, (owner.deadline - now) / 2))


def seat(entry: WaitlistEntry, step: str = "") -> None:
    """Seat the whole party; `step` is its log entry, empty for parties that never waited."""
    with change(entry, step, entry.seats_wanted):
        entry.party += entry.seats_waiting
        _stand(entry, GOING)


def move_to_back(entry: WaitlistEntry, step: str) -> None:
    """Put the party at the back of the waiting list; seats that it held become free."""
    with change(entry, step):
        _stand(entry, WAITING, _next_position(entry.owner))


def wait_for_rest(entry: WaitlistEntry, rest: int) -> None:
    """Let the party wait for `rest` more seats: at the back, or in its place if it now
    needs fewer.
    """
    behind = rest > entry.seats_waiting
    with change(entry, "split" if behind else "resized", rest):
        if behind:
            entry.position = _next_position(entry.owner)
        entry.seats_waiting = rest


def split_party(entry: WaitlistEntry, fits: int) -> None:
    """Seat `fits` people of a waiting party; the rest keeps its place."""
    with change(entry, "parted", fits):
        entry.state, entry.party, entry.seats_waiting = GOING, fits, entry.party - fits


def forget_rest(entry: WaitlistEntry) -> None:
    """Stop waiting for the rest of a party that is going."""
    if entry.seats_waiting:
        with change(entry, "left", entry.seats_waiting):
            _stand(entry, GOING)


def release(entry: WaitlistEntry, state: str) -> None:
    """Set the answer to `state`, releasing its seats, its place on the waiting list and its
    plus-ones.

    Subscribers free the person's tasks as well.
    """
    step = "freed" if entry.state == GOING else "left"
    waited = entry.state == WAITING or (entry.holds_seats and entry.owner.is_limited)
    with change(entry, step if waited else ""):
        entry.withdrawals = (entry.withdrawals or 0) + (state == NOT_GOING and not entry.is_out)
        _stand(entry, state)
        entry.party = 1
    if isinstance(entry.owner, Event):
        hooks.event_left(event=entry.owner, user=entry.user)
    _follow(entry)


def resize(entry: WaitlistEntry, party: int) -> None:
    """Change the size of the party, and of the seats that it holds."""
    is_logged = entry.state == WAITING or entry.owner.is_limited
    with change(entry, "resized" if is_logged else "", party):
        entry.party = party
    _follow(entry)


def _follow(entry: WaitlistEntry) -> None:
    """Let subscribers adjust what depends on the answer, such as seats in sessions."""
    if isinstance(entry.owner, Event):
        hooks.answer_shrank(answer=entry)


def _stand(entry: WaitlistEntry, state: str, position: int | None = None) -> None:
    entry.state, entry.position, entry.seats_waiting = state, position, 0
    entry.offered_until, entry.declined_offer = None, False


def _next_position(owner: WaitlistOwner) -> int:
    """Return the position at the back of the waiting list."""
    owner.last_position += 1
    return owner.last_position


def seats_came_free(owner: WaitlistOwner, here: WaitlistEntry | None = None) -> None:
    """Give free seats to waiting parties, including those that declined or missed an
    earlier offer.
    """
    if owner.waiting_count:
        model = owner.entry_model
        rested = (
            sa.update(model)
            .where(model.owner_id == owner.id, model.declined_offer.is_(True))
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
    if owner.event.is_cancelled:
        return
    model = owner.entry_model
    ended = owner.entries().where(model.offered_until <= (now or clock.now()))
    ended = ended.options(*with_who(model)).order_by(model.offered_until, model.position)
    for entry in db.session.scalars(ended, execution_options=POPULATE_EXISTING).all():
        decline_offer(entry, "expired")
        if is_moving(owner):
            notices.expired(entry)


def decline_offer(entry: WaitlistEntry, step: str) -> None:
    """Release the offered seats and put the party at the back; it gets an offer when others become
    free.
    """
    move_to_back(entry, step)
    entry.declined_offer = True
