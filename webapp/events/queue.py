"""The waiting list: who gets the seats that are free, in which order, and why.

Everything here is called under the event's lock (`core.database.locked`) and keeps the counters of the event, its ticket kinds
and its choices equal to its rows. The rules, in one place (docs/decisions/0002-waiting-list.md and 0028-limited-places.md):

- Seats go to the first waiting party that fits: there are seats for all of it, and places in what it has picked. A party that
  does not fit is passed, and keeps its place.
- A newcomer takes seats only when nobody who waits would fit in them.
- Where hosts chose offers, seats are held for a party for 24 hours, or half of the time left when that is less. A party
  that lets its offer go stands behind all others, and is asked again when other seats come free; until then the seats
  are anyone's, and its own at a click.
- A party may come with those who fit: the rest waits like a party of its own, and is given its seats rather than offered them.
  One that waits does so when it asks to, not by itself: its rest keeps its place.
- Nothing moves after the deadline, at latest after the start.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from ..core import clock
from ..core.database import FRESH
from ..core.extensions import db
from . import days, notices, places, steps
from .models import GOING, OFFER, OFFERED, WAITING, Event, EventOption, Rsvp, needed, queued, with_who

OFFER_LASTS = timedelta(hours=24)
#: How many waiting parties are read at once.
BATCH = 200


def is_moving(event: Event) -> bool:
    """Whether seats are still given out: published, neither locked nor past the deadline, and not put away with its group."""
    if event.group is not None and event.group.deleted_at is not None:
        return False
    is_there = event.is_published and event.deleted_at is None and event.hidden_at is None
    return is_there and event.locked_at is None and event.deadline > clock.now()


def room(event: Event, picks: Iterable[EventOption] = ()) -> int | None:
    """For how many further people with these picks there are a seat and a place in each; None: for any number."""
    rooms = [free for free in (event.seats_free, *places.free_in(picks)) if free is not None]
    return min(rooms, default=None)


def has_room(event: Event, seats: int, picks: Iterable[EventOption] = ()) -> bool:
    """Whether so many seats are free, and so many places in what was picked."""
    free = room(event, picks)
    return free is None or seats <= free


def settle(event: Event, here: Rsvp | None = None) -> None:
    """No seat is free any more for which someone waits who fits, those of offers that ran out included.

    `here` is the answer of the person who acts now: they get seats rather than an offer of seats, and no notice.
    """
    expire(event)
    if not is_moving(event):
        return
    noted: set[UUID] = set()
    while event.waiting_count and (fitting := _that_fit(event)) and _serve(event, fitting, here, noted):
        pass


def _serve(event: Event, fitting: Sequence[Rsvp], here: Rsvp | None, noted: set[UUID]) -> bool:
    """Those of the parties that still fit when it is their turn have their seats, and the log says whom they passed."""
    may_fit, passed, has_given = {row.id for row in fitting}, [], False
    for row in db.session.scalars(in_order(event).where(Rsvp.place <= fitting[-1].place)).all():
        if row.id not in may_fit or not has_room(event, row.needs, row.picks):
            passed.append(row)
            continue
        steps.note_passed(event, [one for one in passed if one.id not in noted])
        noted.update(one.id for one in passed)
        passed, has_given = [], True
        _give(event, row, here)
    return has_given


def _that_fit(event: Event) -> Sequence[Rsvp]:
    """The first waiting parties that fit in what is free now, in order; those that let an offer go are not asked."""
    if event.seats_free == 0:
        return []
    fitting = in_order(event).limit(BATCH)
    if event.seats_free is not None:
        fitting = fitting.where(needed() <= event.seats_free)
    if event.asks:
        fitting = fitting.where(~places.is_full_for(needed()))
    return db.session.scalars(fitting.options(*with_who()), execution_options=FRESH).all()


def in_order(event: Event) -> sa.Select[Rsvp]:
    """Who waits, but for those that let an offer go: a statement of Rsvp."""
    return sa.select(Rsvp).where(Rsvp.event_id == event.id, queued(), Rsvp.has_let_go.is_(False)).order_by(Rsvp.place)


def _give(event: Event, row: Rsvp, here: Rsvp | None) -> None:
    if row is here:
        seat(event, row, "accepted")
    elif event.promotion == OFFER and row.state == WAITING:
        _offer(event, row)
    else:
        seats = row.needs
        seat(event, row, "promoted")
        notices.promoted(event, row, seats)


def _offer(event: Event, row: Rsvp) -> None:
    days.turn(event)
    steps.log(event, "offered", row)
    now = clock.now()
    _hold(event, row, row.party)
    event.waiting_count -= 1
    row.state, row.offered_until = OFFERED, now + min(OFFER_LASTS, (event.deadline - now) / 2)
    notices.offered(event, row)


def _hold(event: Event, row: Rsvp, seats: int) -> None:
    """So many seats more, or fewer, are kept from others, and as many places in what the party has picked."""
    event.seats_taken += seats
    if event.asks:
        places.take(row.picks, seats)


def seat(event: Event, row: Rsvp, step: str = "") -> None:
    """The whole party is going; `step` is what the log says of it, nothing for those who never waited."""
    days.turn(event)
    if step:
        steps.log(event, step, row, row.needs)
    if not row.holds_seats:
        _hold(event, row, row.party)
    elif row.more:
        _hold(event, row, row.more)
        row.party += row.more
    if row.is_queued:
        event.waiting_count -= 1
    _stand(row, GOING, None)


def stand_behind(event: Event, row: Rsvp, step: str) -> None:
    """The party waits behind all others; seats that it held are free."""
    days.turn(event)
    steps.log(event, step, row)
    if row.holds_seats:
        _hold(event, row, -row.party)
    if not row.is_queued:
        event.waiting_count += 1
    event.last_place += 1
    _stand(row, WAITING, event.last_place)


def wait_for_rest(event: Event, row: Rsvp, rest: int) -> None:
    """The party comes, and waits for so many further seats: behind all others, or as fewer where it stands already."""
    days.turn(event)
    behind = rest > row.more
    if not row.more:
        event.waiting_count += 1
    steps.log(event, "split" if behind else "resized", row, rest)
    if behind:
        event.last_place += 1
        row.place = event.last_place
    row.more = rest


def part(event: Event, row: Rsvp, fits: int) -> None:
    """So many of a party that waits come; the rest waits on, where the party stood."""
    days.turn(event)
    steps.log(event, "parted", row, fits)
    _hold(event, row, fits)
    row.state, row.party, row.more = GOING, fits, row.party - fits


def forget_rest(event: Event, row: Rsvp) -> None:
    """The party comes, and waits for no further seats."""
    if row.more:
        days.turn(event)
        steps.log(event, "left", row, row.more)
        event.waiting_count -= 1
        _stand(row, GOING, None)


def release(event: Event, row: Rsvp, state: str) -> None:
    """Whose answer it is neither holds seats nor waits, and brings nobody; it is `state`."""
    days.turn(event)
    if row.state == WAITING or (row.holds_seats and event.is_limited):
        steps.log(event, "freed" if row.state == GOING else "left", row)
    if row.holds_seats:
        _hold(event, row, -row.party)
    if row.is_queued:
        event.waiting_count -= 1
    _stand(row, state, None)
    row.party = 1


def resize(event: Event, row: Rsvp, party: int) -> None:
    """The party counts so many; the seats that it holds follow."""
    days.turn(event)
    if row.state == WAITING or event.is_limited:
        steps.log(event, "resized", row, party)
    if row.holds_seats:
        _hold(event, row, party - row.party)
    row.party = party


def pick(event: Event, row: Rsvp, picks: list[EventOption]) -> None:
    """The party has picked these instead of others; the places that it holds follow."""
    if row.is_queued or row.holds_seats:
        steps.log(event, "picked", row)
    if row.holds_seats:
        places.take(row.picks, -row.party)
        places.take(picks, row.party)
    row.picks = picks


def _stand(row: Rsvp, state: str, place: int | None) -> None:
    row.state, row.place, row.offered_until, row.has_let_go, row.more = state, place, None, False, 0


def seats_came_free(event: Event, here: Rsvp | None = None) -> None:
    """Everyone who waits has a chance at the free seats, those included who let an earlier offer go."""
    if event.waiting_count:
        rested = sa.update(Rsvp).where(Rsvp.event_id == event.id, Rsvp.has_let_go.is_(True)).values(has_let_go=False)
        db.session.execute(rested, execution_options={"synchronize_session": "fetch"})
    settle(event, here)


def capacity_changed(event: Event) -> None:
    """The queue moved up as far as the new seats, deadline or way of promotion allow; nobody lost a seat."""
    if event.waiting_count:
        steps.log(event, "seats")
    seats_came_free(event)
    notices.changed(event)


def expire(event: Event, now: datetime | None = None) -> None:
    """Offers that ran out are over: their parties stand behind all others, in the order in which the offers ended."""
    ended = sa.select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.offered_until <= (now or clock.now()))
    ended = ended.order_by(Rsvp.offered_until, Rsvp.place).options(*with_who())
    for row in db.session.scalars(ended, execution_options=FRESH).all():
        let_go(event, row, "expired")
        if is_moving(event):
            notices.expired(event, row)


def let_go(event: Event, row: Rsvp, step: str) -> None:
    """The seats offered are free; the party stands behind all others and is asked again when others come free."""
    stand_behind(event, row, step)
    row.has_let_go = True
