"""How a party gets its seats, or its place in the waiting list, of an event or of a session of its
agenda; and what becomes of offers when the event opens again.

Called under the event's lock.
"""

from datetime import timedelta
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..events.models import ASKED, GOING, OFFERED, WAITING, Event, WaitlistEntry, WaitlistOwner
from ..events.models.rsvp import in_order
from ..events.models.waitlist import is_at, rows_of
from . import waitlist, waitlist_log

Offered = TypeVar("Offered", bound=WaitlistEntry)


def come(line: WaitlistOwner, row: WaitlistEntry, party: int, split: bool = False) -> None:
    """The party has its seats, or waits. Where not all fit, and it wants to be `split`, those who
    fit come and the rest waits.

    Raises UserError when the party is too large, or holds seats already and cannot have more.
    """
    refuse_too_many(line, row, party)
    if row.holds_seats:
        _keep_seats(line, row, party, split)
    elif row.state == WAITING:
        _wait_on(line, row, party, split)
    else:
        arrive(line, row, party, split)


def arrive(line: WaitlistOwner, row: WaitlistEntry, party: int, split: bool = False) -> None:
    """A newcomer takes seats that nobody waiting fits in, or joins the queue."""
    waitlist.promote(line)
    row.party = party
    fits = (
        party if waitlist.has_room(line, party, row.picks) else waitlist.room(line, row.picks) or 0
    )
    if fits < party and not (split and fits):
        waitlist.move_to_back(line, row, "joined")
    else:
        if line.waiting_count:
            _note_passed(line)
        row.party = fits
        waitlist.seat(line, row)
        if fits < party:
            waitlist.wait_for_rest(line, row, party - fits)
    db.session.add(row)


def _keep_seats(line: WaitlistOwner, row: WaitlistEntry, party: int, split: bool) -> None:
    """Those who hold seats give some back, or take more where nobody who waits would fit in
    them.
    """
    if row.state == OFFERED:
        waitlist.seat(line, row, "accepted")
    if party > row.party + row.more:
        _grow(line, row, party, split)
    elif party > row.party:
        if party - row.party < row.more:
            waitlist.wait_for_rest(line, row, party - row.party)
            waitlist.promote(line, here=row)
    else:
        waitlist.forget_rest(line, row)
        if party < row.party:
            waitlist.resize(line, row, party)
            waitlist.seats_came_free(line)


def _grow(line: WaitlistOwner, row: WaitlistEntry, party: int, split: bool) -> None:
    waitlist.promote(line, here=row)
    further = party - row.party
    if waitlist.has_room(line, further, row.picks):
        waitlist.forget_rest(line, row)
        waitlist.resize(line, row, party)
        return
    fits = min(waitlist.room(line, row.picks) or 0, further - 1)
    if not split:
        raise UserError(_only_free(fits), "party")
    if fits:
        waitlist.resize(line, row, row.party + fits)
    waitlist.wait_for_rest(line, row, party - row.party)


def _wait_on(line: WaitlistOwner, row: WaitlistEntry, party: int, split: bool) -> None:
    """Who waits may become fewer where they stand, as more they stand behind; seats left to anyone
    are theirs.

    To be `split`, they take those for which nobody before them fits, and the others keep the place.
    """
    more = party - row.party
    if more:
        waitlist.resize(line, row, party)
    if more > 0:
        waitlist.move_to_back(line, row, "joined")
    row.has_let_go = False
    waitlist.promote(line, here=row)
    fits = waitlist.room(line, row.picks) or 0
    if split and fits and row.state == WAITING:
        _note_passed(line, before=row.place)
        waitlist.split_party(line, row, fits)


def _note_passed(line: WaitlistOwner, before: int | None = None) -> None:
    """The log says which parties, up to that place, do not fit in the seats that someone behind
    them takes now.
    """
    ahead = in_order(line) if before is None else in_order(line).where(rows_of(line).place < before)
    waitlist_log.note_passed(line, db.session.scalars(ahead).all())


def refuse_too_many(line: WaitlistOwner, row: WaitlistEntry, party: int) -> None:
    """A party that had its size already keeps it, also where hosts have lowered the number
    since.
    """
    if party < 1:
        raise UserError(_("Say how many of you come."), "party")
    if row.state in (GOING, WAITING, OFFERED, ASKED) and party <= row.party + row.more:
        return
    if isinstance(line, Event):
        _refuse_companions(line, party)
    if line.capacity is not None and party > line.capacity:
        seats = ngettext(
            "There is only %(num)s seat in all.",
            "There are only %(num)s seats in all.",
            line.capacity,
        )
        raise UserError(seats, "party")
    for option in row.picks:
        if option.places is not None and party > option.places:
            words = {"option": option.words}
            most = ngettext(
                "“%(option)s” has only %(num)s place in all.",
                "“%(option)s” has only %(num)s places in all.",
                option.places,
                **words,
            )
            raise UserError(most, "party")


def _refuse_companions(event: Event, party: int) -> None:
    if party <= event.companions + 1:
        return
    if event.companions == 0:
        raise UserError(
            _("Everyone answers for themselves here: companions are not planned."), "party"
        )
    most = ngettext(
        "You can bring at most %(num)s companion.",
        "You can bring at most %(num)s companions.",
        event.companions,
    )
    raise UserError(most, "party")


def offer_of(row: Offered | None, done: str) -> Offered:
    """The party, for which seats are held, or that has answered its offer so that it is `done`.

    Raises Conflict otherwise.
    """
    if row is not None and row.state == done and (row.has_let_go or done == GOING):
        return row
    if row is None or row.state != OFFERED:
        raise Conflict(_("No seats are held for you."))
    if row.offered_until is None or row.offered_until <= clock.now():
        raise Conflict(
            _(
                "The time to take these seats is over. You are still in the queue, behind the "
                "others."
            )
        )
    return row


def _only_free(seats: int) -> str:
    if not seats:
        return _("No further seat is free. Your party stays as it is.")
    return ngettext(
        "Only %(num)s further seat is free. Your party stays as it is.",
        "Only %(num)s further seats are free. Your party stays as it is.",
        seats,
    )


def reopened(event: Event, new_seats: bool) -> None:
    """The event's free seats went to those who wait, after it was closed, or has another number
    of seats.
    """
    if new_seats:
        waitlist.capacity_changed(event)
    else:
        waitlist.seats_came_free(event)


def resumed(event: Event) -> None:
    """Offers of an event that takes place after all are as long as new ones, and its free seats
    are given.
    """
    renew_offers(event)
    waitlist.promote(event)


def renew_offers(line: WaitlistOwner) -> None:
    """Each offer is open for as long as a new one; the end of answers ends it, too."""
    now, model = clock.now(), rows_of(line)
    offered = sa.select(model).where(is_at(line), model.state == OFFERED)
    for row in db.session.scalars(offered, execution_options=POPULATE_EXISTING):
        row.offered_until = now + max(
            timedelta(), min(waitlist.OFFER_LASTS, (line.deadline - now) / 2)
        )
