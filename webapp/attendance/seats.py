"""How a party gets its seats, or its place in the waiting list, of an event or of a session of its
agenda; and what becomes of offers when the event opens again.

Called under the event's lock.
"""

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
from . import waitlist

Offered = TypeVar("Offered", bound=WaitlistEntry)


def take_seats(owner: WaitlistOwner, entry: WaitlistEntry, party: int, split: bool = False) -> None:
    """The party has its seats, or waits. Where not all fit, and it wants to be `split`, those who
    fit come and the rest waits.

    Raises UserError when the party is too large, or holds seats already and cannot have more.
    """
    refuse_too_many(owner, entry, party)
    if entry.holds_seats:
        _keep_seats(owner, entry, party, split)
    elif entry.state == WAITING:
        _wait_on(owner, entry, party, split)
    else:
        seat_newcomer(owner, entry, party, split)


def seat_newcomer(
    owner: WaitlistOwner, entry: WaitlistEntry, party: int, split: bool = False
) -> None:
    """A newcomer takes seats that nobody waiting fits in, or joins the queue."""
    waitlist.promote(owner)
    entry.party = party
    fits = party if waitlist.has_room(owner, party, entry) else waitlist.room(owner, entry) or 0
    if fits < party and not (split and fits):
        waitlist.move_to_back(owner, entry, "joined")
    else:
        if owner.waiting_count:
            _note_passed(owner)
        entry.party = fits
        waitlist.seat(owner, entry)
        if fits < party:
            waitlist.wait_for_rest(owner, entry, party - fits)
    db.session.add(entry)


def _keep_seats(owner: WaitlistOwner, entry: WaitlistEntry, party: int, split: bool) -> None:
    """Those who hold seats give some back, or take more where nobody who waits would fit in
    them.
    """
    if entry.state == OFFERED:
        waitlist.seat(owner, entry, "accepted")
    if party > entry.party + entry.seats_waiting:
        _grow(owner, entry, party, split)
    elif party > entry.party:
        if party - entry.party < entry.seats_waiting:
            waitlist.wait_for_rest(owner, entry, party - entry.party)
            waitlist.promote(owner, here=entry)
    else:
        waitlist.forget_rest(owner, entry)
        if party < entry.party:
            waitlist.resize(owner, entry, party)
            waitlist.seats_came_free(owner)


def _grow(owner: WaitlistOwner, entry: WaitlistEntry, party: int, split: bool) -> None:
    waitlist.promote(owner, here=entry)
    further = party - entry.party
    if waitlist.has_room(owner, further, entry):
        waitlist.forget_rest(owner, entry)
        waitlist.resize(owner, entry, party)
        return
    fits = min(waitlist.room(owner, entry) or 0, further - 1)
    if not split:
        raise UserError(_only_free(fits), "party")
    if fits:
        waitlist.resize(owner, entry, entry.party + fits)
    waitlist.wait_for_rest(owner, entry, party - entry.party)


def _wait_on(owner: WaitlistOwner, entry: WaitlistEntry, party: int, split: bool) -> None:
    """Who waits may become fewer where they stand, as more they stand behind; seats left to anyone
    are theirs.

    To be `split`, they take those for which nobody before them fits, and the others keep the place.
    """
    more = party - entry.party
    if more:
        waitlist.resize(owner, entry, party)
    if more > 0:
        waitlist.move_to_back(owner, entry, "joined")
    entry.declined_offer = False
    waitlist.promote(owner, here=entry)
    fits = waitlist.room(owner, entry) or 0
    if split and fits and entry.state == WAITING:
        _note_passed(owner, before=entry.position)
        waitlist.split_party(owner, entry, fits)


def _note_passed(owner: WaitlistOwner, before: int | None = None) -> None:
    """The log says which parties, up to that place, do not fit in the seats that someone behind
    them takes now.
    """
    ahead = (
        in_order(owner)
        if before is None
        else in_order(owner).where(rows_of(owner).position < before)
    )
    waitlist.note_passed(owner, db.session.scalars(ahead).all())


def refuse_too_many(owner: WaitlistOwner, entry: WaitlistEntry, party: int) -> None:
    """A party that had its size already keeps it, also where hosts have lowered the number
    since.
    """
    if party < 1:
        raise UserError(_("Choose how many of you are going."), "party")
    if (
        entry.state in (GOING, WAITING, OFFERED, ASKED)
        and party <= entry.party + entry.seats_waiting
    ):
        return
    if isinstance(owner, Event):
        _refuse_companions(owner, party)
    if owner.capacity is not None and party > owner.capacity:
        seats = ngettext(
            "There’s only %(num)s seat in total.",
            "There are only %(num)s seats in total.",
            owner.capacity,
        )
        raise UserError(seats, "party")
    for option in entry.picks if owner.has_registration_form else ():
        if option.capacity is not None and party > option.capacity:
            words = {"option": option.label}
            most = ngettext(
                "There’s only %(num)s “%(option)s” in total.",
                "There are only %(num)s “%(option)s” in total.",
                option.capacity,
                **words,
            )
            raise UserError(most, "party")


def _refuse_companions(event: Event, party: int) -> None:
    if party <= event.max_plus_ones + 1:
        return
    if event.max_plus_ones == 0:
        raise UserError(_("You can’t bring plus-ones to this event."), "party")
    most = ngettext(
        "You can bring up to %(num)s plus-one.",
        "You can bring up to %(num)s plus-ones.",
        event.max_plus_ones,
    )
    raise UserError(most, "party")


def offer_of(entry: Offered | None, done: str) -> Offered:
    """The party, for which seats are held, or that has answered its offer so that it is `done`.

    Raises Conflict otherwise.
    """
    if entry is not None and entry.state == done and (entry.declined_offer or done == GOING):
        return entry
    if entry is None or entry.state != OFFERED:
        raise Conflict(_("We’re not holding any seats for you."))
    if entry.offered_until is None or entry.offered_until <= clock.now():
        raise Conflict(
            _("You didn’t accept in time. You’re still waiting, at the back of the list.")
        )
    return entry


def _only_free(seats: int) -> str:
    if not seats:
        return _("No more seats are free. Your answer hasn’t changed.")
    return ngettext(
        "Only %(num)s more seat is free. Your answer hasn’t changed.",
        "Only %(num)s more seats are free. Your answer hasn’t changed.",
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


def renew_offers(owner: WaitlistOwner) -> None:
    """Each offer is open for as long as a new one; the end of answers ends it, too."""
    model = rows_of(owner)
    offered = sa.select(model).where(is_at(owner), model.state == OFFERED)
    for entry in db.session.scalars(offered, execution_options=POPULATE_EXISTING):
        entry.offered_until = waitlist.end_of_offer(owner)
