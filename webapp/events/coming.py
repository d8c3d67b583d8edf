"""How a party that wants to come gets its seats, or its place in the queue. Called under the event's lock."""

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core.errors import RuleBroken
from ..core.extensions import db
from . import queue, steps
from .models import ASKED, GOING, OFFERED, WAITING, Event, Rsvp


def come(event: Event, row: Rsvp, party: int, split: bool = False) -> None:
    """The party has its seats, or waits. Where not all fit, and it wants to be `split`, those who fit come and the rest waits.

    Raises RuleBroken when the party is too large, or holds seats already and cannot have more.
    """
    refuse_too_many(event, row, party)
    if row.holds_seats:
        _keep_seats(event, row, party, split)
    elif row.state == WAITING:
        _wait_on(event, row, party, split)
    else:
        arrive(event, row, party, split)


def arrive(event: Event, row: Rsvp, party: int, split: bool = False) -> None:
    """A newcomer takes seats that nobody waiting fits in, or joins the queue."""
    queue.settle(event)
    row.party = party
    fits = party if queue.has_room(event, party, row.picks) else queue.room(event, row.picks) or 0
    if fits < party and not (split and fits):
        queue.stand_behind(event, row, "joined")
    else:
        if event.waiting_count:
            _note_passed(event)
        row.party = fits
        queue.seat(event, row)
        if fits < party:
            queue.wait_for_rest(event, row, party - fits)
    db.session.add(row)


def _keep_seats(event: Event, row: Rsvp, party: int, split: bool) -> None:
    """Those who hold seats give some back, or take more where nobody who waits would fit in them."""
    if row.state == OFFERED:
        queue.seat(event, row, "accepted")
    if party > row.party + row.more:
        _grow(event, row, party, split)
    elif party > row.party:
        if party - row.party < row.more:
            queue.wait_for_rest(event, row, party - row.party)
            queue.settle(event, here=row)
    else:
        queue.forget_rest(event, row)
        if party < row.party:
            queue.resize(event, row, party)
            queue.seats_came_free(event)


def _grow(event: Event, row: Rsvp, party: int, split: bool) -> None:
    queue.settle(event, here=row)
    further = party - row.party
    if queue.has_room(event, further, row.picks):
        queue.forget_rest(event, row)
        queue.resize(event, row, party)
        return
    fits = min(queue.room(event, row.picks) or 0, further - 1)
    if not split:
        raise RuleBroken(_only_free(fits), "party")
    if fits:
        queue.resize(event, row, row.party + fits)
    queue.wait_for_rest(event, row, party - row.party)


def _wait_on(event: Event, row: Rsvp, party: int, split: bool) -> None:
    """Who waits may become fewer where they stand, as more they stand behind; seats left to anyone are theirs.

    To be `split`, they take those for which nobody before them fits, and the others keep the place.
    """
    more = party - row.party
    if more:
        queue.resize(event, row, party)
    if more > 0:
        queue.stand_behind(event, row, "joined")
    row.has_let_go = False
    queue.settle(event, here=row)
    fits = queue.room(event, row.picks) or 0
    if split and fits and row.state == WAITING:
        _note_passed(event, before=row.place)
        queue.part(event, row, fits)


def _note_passed(event: Event, before: int | None = None) -> None:
    """The log says which parties, up to that place, do not fit in the seats that somebody behind them takes now."""
    ahead = queue.in_order(event) if before is None else queue.in_order(event).where(Rsvp.place < before)
    steps.note_passed(event, db.session.scalars(ahead).all())


def refuse_too_many(event: Event, row: Rsvp, party: int) -> None:
    """A party that had its size already keeps it, also where hosts have lowered the number since."""
    if party < 1:
        raise RuleBroken(_("Say how many of you come."), "party")
    if row.state in (GOING, WAITING, OFFERED, ASKED) and party <= row.party + row.more:
        return
    if party > event.companions + 1:
        if event.companions == 0:
            raise RuleBroken(_("Everyone answers for themselves here: companions are not planned."), "party")
        raise RuleBroken(
            ngettext("You can bring at most %(num)s companion.", "You can bring at most %(num)s companions.", event.companions),
            "party",
        )
    if event.capacity is not None and party > event.capacity:
        seats = ngettext("There is only %(num)s seat in all.", "There are only %(num)s seats in all.", event.capacity)
        raise RuleBroken(seats, "party")
    for option in row.picks:
        if option.places is not None and party > option.places:
            words = {"option": option.words}
            most = ngettext(
                "“%(option)s” has only %(num)s place in all.",
                "“%(option)s” has only %(num)s places in all.",
                option.places,
                **words,
            )
            raise RuleBroken(most, "party")


def _only_free(seats: int) -> str:
    if not seats:
        return _("No further seat is free. Your party stays as it is.")
    return ngettext(
        "Only %(num)s further seat is free. Your party stays as it is.",
        "Only %(num)s further seats are free. Your party stays as it is.",
        seats,
    )
