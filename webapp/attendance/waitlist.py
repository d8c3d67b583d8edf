"""The waiting list: who gets the seats that are free, in which order, and why.

A `line` is an event, or a session of its agenda: the rules are the same
(docs/decisions/0033-agenda.md). Everything here is called under the event's lock
(`core.db.session.locked`), and keeps the counters of the line, its ticket kinds and its choices
equal to its rows. The rules, in one place (docs/decisions/0002-waiting-list.md and
0028-limited-places.md):

- Seats go to the first waiting party that fits: there are seats for all of it, and places in what
  it has picked. A party that
  does not fit is passed, and keeps its place.
- A newcomer takes seats only when nobody who waits would fit in them.
- Where hosts chose offers, seats are held for a party for 24 hours, or half of the time left when
  that is less. A party
  that lets its offer go stands behind all others, and is asked again when other seats come free;
  until then the seats
  are anyone's, and its own at a click.
- A party may ask to come with those who fit: the rest waits like a party of its own, and is given
  its seats, not offered them.
- Nothing moves after the deadline, at latest after the start.
"""

from collections.abc import Iterable, Sequence
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
)
from ..events.models.rsvp import event_of, in_order, needed, with_who
from ..events.models.waitlist import is_at, rows_of
from . import attendance_chart, waitlist_log
from .registration import option_capacity

OFFER_LASTS = timedelta(hours=24)
#: How many waiting parties are read at once.
BATCH = 200


def is_moving(line: WaitlistOwner) -> bool:
    """Whether seats are still given out: published, neither locked nor past the deadline, and
    not put away with its group.
    """
    event = event_of(line)
    if event.group is not None and event.group.deleted_at is not None:
        return False
    is_there = (
        event.is_published
        and event.deleted_at is None
        and event.hidden_at is None
        and event.locked_at is None
    )
    return is_there and line.deadline > clock.now() and not line.is_cancelled


def room(line: WaitlistOwner, picks: Iterable[EventOption] = ()) -> int | None:
    """For how many further people with these picks there are a seat and a place in each; None:
    for any number.
    """
    rooms = [
        free for free in (line.seats_free, *option_capacity.free_in(picks)) if free is not None
    ]
    return min(rooms, default=None)


def has_room(line: WaitlistOwner, seats: int, picks: Iterable[EventOption] = ()) -> bool:
    """Whether so many seats are free, and so many places in what was picked."""
    free = room(line, picks)
    return free is None or seats <= free


def promote(line: WaitlistOwner, here: WaitlistEntry | None = None) -> None:
    """No seat is free any more for which someone waits who fits, those of offers that ran out
    included. `here` is the answer of the person who acts now: they get seats rather than an offer
    of seats, and no notice."""
    expire(line)
    if not is_moving(line):
        return
    noted: set[UUID] = set()
    while (
        line.waiting_count and (fitting := _that_fit(line)) and _serve(line, fitting, here, noted)
    ):
        pass


def _serve(
    line: WaitlistOwner,
    fitting: Sequence[WaitlistEntry],
    here: WaitlistEntry | None,
    noted: set[UUID],
) -> bool:
    """Those of the parties that still fit when it is their turn have their seats, and the log
    says whom they passed.
    """
    may_fit, passed, has_given = {row.id for row in fitting}, [], False
    last = rows_of(line).place <= fitting[-1].place
    for row in db.session.scalars(in_order(line).where(last)).all():
        if row.id not in may_fit or not has_room(line, row.needs, row.picks):
            passed.append(row)
            continue
        waitlist_log.note_passed(line, [one for one in passed if one.id not in noted])
        noted.update(one.id for one in passed)
        passed, has_given = [], True
        _give(line, row, here)
    return has_given


def _that_fit(line: WaitlistOwner) -> Sequence[WaitlistEntry]:
    """The first waiting parties that fit in what is free now, in order; those that let an offer
    go are not asked.
    """
    if line.seats_free == 0:
        return []
    model, fitting = rows_of(line), in_order(line).limit(BATCH)
    if line.seats_free is not None:
        fitting = fitting.where(needed(model) <= line.seats_free)
    if line.asks:
        fitting = fitting.where(~option_capacity.is_full_for(needed()))
    return db.session.scalars(
        fitting.options(*with_who(model)), execution_options=POPULATE_EXISTING
    ).all()


def _give(line: WaitlistOwner, row: WaitlistEntry, here: WaitlistEntry | None) -> None:
    if row is here:
        seat(line, row, "accepted")
    elif line.promotion == OFFER and row.state == WAITING:
        _offer(line, row)
    else:
        seats = row.needs
        seat(line, row, "promoted")
        notices.promoted(line, row, seats)


def _offer(line: WaitlistOwner, row: WaitlistEntry) -> None:
    attendance_chart.turn(line)
    waitlist_log.log(line, "offered", row)
    now = clock.now()
    _hold(line, row, row.party)
    line.waiting_count -= 1
    row.state, row.offered_until = OFFERED, now + min(OFFER_LASTS, (line.deadline - now) / 2)
    notices.offered(line, row)


def _hold(line: WaitlistOwner, row: WaitlistEntry, seats: int) -> None:
    """So many seats more, or fewer, are kept from others, and as many places in what the party
    has picked.
    """
    line.seats_taken += seats
    if line.asks:
        option_capacity.take(row.picks, seats)


def seat(line: WaitlistOwner, row: WaitlistEntry, step: str = "") -> None:
    """The whole party is going; `step` is what the log says of it, nothing for those who never
    waited.
    """
    attendance_chart.turn(line)
    if step:
        waitlist_log.log(line, step, row, row.needs)
    if not row.holds_seats:
        _hold(line, row, row.party)
    elif row.more:
        _hold(line, row, row.more)
        row.party += row.more
    if row.is_queued:
        line.waiting_count -= 1
    _stand(row, GOING, None)


def move_to_back(line: WaitlistOwner, row: WaitlistEntry, step: str) -> None:
    """The party waits behind all others; seats that it held are free."""
    attendance_chart.turn(line)
    waitlist_log.log(line, step, row)
    if row.holds_seats:
        _hold(line, row, -row.party)
    if not row.is_queued:
        line.waiting_count += 1
    line.last_place += 1
    _stand(row, WAITING, line.last_place)


def wait_for_rest(line: WaitlistOwner, row: WaitlistEntry, rest: int) -> None:
    """The party comes, and waits for so many further seats: behind all others, or as fewer where
    it stands already.
    """
    attendance_chart.turn(line)
    behind = rest > row.more
    if not row.more:
        line.waiting_count += 1
    waitlist_log.log(line, "split" if behind else "resized", row, rest)
    if behind:
        line.last_place += 1
        row.place = line.last_place
    row.more = rest


def split_party(line: WaitlistOwner, row: WaitlistEntry, fits: int) -> None:
    """So many of a party that waits come; the rest waits on, where the party stood."""
    attendance_chart.turn(line)
    waitlist_log.log(line, "parted", row, fits)
    _hold(line, row, fits)
    row.state, row.party, row.more = GOING, fits, row.party - fits


def forget_rest(line: WaitlistOwner, row: WaitlistEntry) -> None:
    """The party comes, and waits for no further seats."""
    if row.more:
        attendance_chart.turn(line)
        waitlist_log.log(line, "left", row, row.more)
        line.waiting_count -= 1
        _stand(row, GOING, None)


def release(line: WaitlistOwner, row: WaitlistEntry, state: str) -> None:
    """Whose answer it is neither holds seats nor waits, and brings nobody; it is `state`.

    What they had taken to do is free.
    """
    attendance_chart.turn(line)
    row.withdrawals = (row.withdrawals or 0) + (state == NOT_GOING and not row.is_out)
    if row.state == WAITING or (row.holds_seats and line.is_limited):
        waitlist_log.log(line, "freed" if row.state == GOING else "left", row)
    if row.holds_seats:
        _hold(line, row, -row.party)
    if row.is_queued:
        line.waiting_count -= 1
    _stand(row, state, None)
    row.party = 1
    if isinstance(line, Event):
        hooks.event_left(event=line, user=row.user)
    _follow(line, row)


def resize(line: WaitlistOwner, row: WaitlistEntry, party: int) -> None:
    """The party counts so many; the seats that it holds follow."""
    attendance_chart.turn(line)
    if row.state == WAITING or line.is_limited:
        waitlist_log.log(line, "resized", row, party)
    if row.holds_seats:
        _hold(line, row, party - row.party)
    row.party = party
    _follow(line, row)


def _follow(line: WaitlistOwner, row: WaitlistEntry) -> None:
    """What belongs to an answer, such as seats in sessions, goes as it goes."""
    if isinstance(line, Event):
        hooks.answer_shrank(event=line, answer=row)


def _stand(row: WaitlistEntry, state: str, place: int | None) -> None:
    row.state, row.place, row.offered_until, row.has_let_go, row.more = state, place, None, False, 0


def seats_came_free(line: WaitlistOwner, here: WaitlistEntry | None = None) -> None:
    """Everyone who waits has a chance at the free seats, those included who let an earlier offer
    go.
    """
    if line.waiting_count:
        rested = (
            sa.update(rows_of(line))
            .where(is_at(line), rows_of(line).has_let_go.is_(True))
            .values(has_let_go=False)
        )
        db.session.execute(rested, execution_options={"synchronize_session": "fetch"})
    promote(line, here)


def capacity_changed(line: WaitlistOwner) -> None:
    """The queue moved up as far as the new seats, deadline or way of promotion allow; nobody
    lost a seat.
    """
    if line.waiting_count:
        waitlist_log.log(line, "seats")
    seats_came_free(line)
    notices.changed(line)


def expire(line: WaitlistOwner, now: datetime | None = None) -> None:
    """Offers that ran out are over: their parties stand behind all others, in the order in which
    the offers ended. Those of a cancelled event stay, for nobody can take them."""
    if event_of(line).is_cancelled:
        return
    model = rows_of(line)
    ended = (
        sa.select(model)
        .where(is_at(line), model.offered_until <= (now or clock.now()))
        .options(*with_who(model))
    )
    ended = ended.order_by(model.offered_until, model.place)
    for row in db.session.scalars(ended, execution_options=POPULATE_EXISTING).all():
        decline_offer(line, row, "expired")
        if is_moving(line):
            notices.expired(line, row)


def decline_offer(line: WaitlistOwner, row: WaitlistEntry, step: str) -> None:
    """The seats offered are free; the party stands behind all others and is asked again when
    others come free.
    """
    move_to_back(line, row, step)
    row.has_let_go = True
