"""How a party gets seats or a place on the waiting list, of an event or an agenda session.

Also what happens to offers when an event reopens. Called under the event's lock.
"""

from typing import TypeVar

from flask_babel import gettext as _, ngettext

from ..core.db.session import POPULATE_EXISTING
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.time import clock
from ..events import notices
from ..events.models import (
    GOING,
    OFFERED,
    SEATED_WAITING_OR_ASKED,
    WAITING,
    Event,
    WaitlistEntry,
    WaitlistOwner,
)
from ..events.models.rsvp import in_order
from . import waitlist

Offered = TypeVar("Offered", bound=WaitlistEntry)


def take_seats(entry: WaitlistEntry, party: int, split: bool = False) -> None:
    """Give the party seats or put it on the waiting list; with `split`, those who fit go and the
    rest waits.

    Raises UserError if the party is too large, or has seats already and can't get more.
    """
    refuse_too_many(entry, party)
    if entry.holds_seats:
        _keep_seats(entry, party, split)
    elif entry.state == WAITING:
        _wait_on(entry, party, split)
    else:
        seat_newcomer(entry, party, split)


def seat_newcomer(entry: WaitlistEntry, party: int, split: bool = False) -> None:
    """Give a newcomer seats in which no waiting party fits, or put them on the waiting list."""
    waitlist.promote(entry.owner)
    entry.party = party
    fits = party if waitlist.has_room(entry, party) else waitlist.room(entry) or 0
    if fits < party and not (split and fits):
        waitlist.move_to_back(entry, "joined")
    else:
        if entry.owner.waiting_count:
            waitlist.note_passed(db.session.scalars(in_order(entry.owner)).all())
        entry.party = fits
        waitlist.seat(entry)
        if fits < party:
            waitlist.wait_for_rest(entry, party - fits)
    db.session.add(entry)


def _keep_seats(entry: WaitlistEntry, party: int, split: bool) -> None:
    """Change a party that holds seats: give some back, or take more that no waiting party
    fits in.
    """
    if entry.state == OFFERED:
        waitlist.seat(entry, "accepted")
    if party > entry.party + entry.seats_waiting:
        _grow(entry, party, split)
    elif party > entry.party:
        if party - entry.party < entry.seats_waiting:
            waitlist.wait_for_rest(entry, party - entry.party)
            waitlist.promote(entry.owner, here=entry)
    else:
        waitlist.forget_rest(entry)
        if party < entry.party:
            waitlist.resize(entry, party)
            waitlist.seats_came_free(entry.owner)


def _grow(entry: WaitlistEntry, party: int, split: bool) -> None:
    waitlist.promote(entry.owner, here=entry)
    further = party - entry.party
    if waitlist.has_room(entry, further):
        waitlist.forget_rest(entry)
        waitlist.resize(entry, party)
        return
    fits = min(waitlist.room(entry) or 0, further - 1)
    if not split:
        raise UserError(_only_free(fits), "party")
    if fits:
        waitlist.resize(entry, entry.party + fits)
    waitlist.wait_for_rest(entry, party - entry.party)


def _wait_on(entry: WaitlistEntry, party: int, split: bool) -> None:
    """Change a waiting party. A smaller one keeps its place, a larger one goes to the back.

    Free seats that no party ahead fits in are given to it; with `split` it takes fewer seats than
    it needs, and the rest keeps the place.
    """
    more = party - entry.party
    if more:
        waitlist.resize(entry, party)
    if more > 0:
        waitlist.move_to_back(entry, "joined")
    entry.declined_offer = False
    waitlist.promote(entry.owner, here=entry)
    fits = waitlist.room(entry) or 0
    if split and fits and entry.state == WAITING:
        is_ahead = type(entry).position < entry.position
        waitlist.note_passed(db.session.scalars(in_order(entry.owner).where(is_ahead)).all())
        waitlist.split_party(entry, fits)


def refuse_too_many(entry: WaitlistEntry, party: int) -> None:
    """Raises UserError if the party is larger than allowed.

    A party that already had this size keeps it, even if hosts have lowered the limit since.
    """
    if party < 1:
        raise UserError(_("Choose how many of you are going."), "party")
    owner = entry.owner
    if entry.state in SEATED_WAITING_OR_ASKED and party <= entry.party + entry.seats_waiting:
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
            values = {"option": option.label}
            most = ngettext(
                "There’s only %(num)s “%(option)s” in total.",
                "There are only %(num)s “%(option)s” in total.",
                option.capacity,
                **values,
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


def give_up(entry: WaitlistEntry, state: str) -> None:
    """Set the answer to `state`; its seats go to the waiting list."""
    held = entry.holds_seats
    waitlist.release(entry, state)
    db.session.add(entry)
    if held:
        waitlist.seats_came_free(entry.owner)


def decline(entry: Offered | None) -> Offered:
    """Decline the offered seats: they go to the next party, and this one to the back of the list.

    Calling it twice is harmless. Raises Conflict if no seats are held.
    """
    entry = offer_of(entry, WAITING)
    if not entry.declined_offer:
        waitlist.decline_offer(entry, "declined")
        waitlist.promote(entry.owner)
        notices.signal_answers(entry.owner)
    return entry


def offer_of(entry: Offered | None, done: str) -> Offered:
    """Return the entry if seats are held for it, or if its offer was answered with `done`.

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
    """Give free seats to the waiting list after an event reopened or its capacity changed."""
    if new_seats:
        waitlist.capacity_changed(event)
    else:
        waitlist.seats_came_free(event)


def resumed(event: Event) -> None:
    """Renew the offers of an event that takes place after all, and give out its free seats."""
    renew_offers(event)
    waitlist.promote(event)


def renew_offers(owner: WaitlistOwner) -> None:
    """Extend each offer to the length of a new one, which the deadline may cut short."""
    offered = owner.entries().where(owner.entry_model.state == OFFERED)
    for entry in db.session.scalars(offered, execution_options=POPULATE_EXISTING):
        entry.offered_until = waitlist.end_of_offer(owner)
