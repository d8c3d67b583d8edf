"""How an event stands, in words: its state, its numbers, and why it cannot be deleted now."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from . import attendance
from .models import ASKED, GOING, MAYBE, NOT_GOING, OFFERED, WAITING, Event
from .reads import door
from .reads.overview import Stand

#: A few words, a number, and what else there is to say of it.
Stat = tuple[str, int, str]


def state_of(event: Event, now: datetime) -> tuple[str, str, str]:
    """The kind, the words and the sign of the event's state."""
    if event.is_cancelled:
        return ("no", _("Cancelled"), "")
    if event.is_draft:
        return ("note", _("Draft"), "eye")
    if event.is_finished:
        return ("", _("Over"), "")
    return ("yes", _("Under way") if event.starts_at <= now else _("Published"), "")


def stats_of(event: Event, stand: Stand) -> list[Stat]:
    """How many are going, or came, and of the others those of whom there are any."""
    if has_taken_place(event):
        return _stats_afterwards(event, stand)
    going = stand.people.get(GOING, 0)
    found: list[Stat] = [(_("Going"), going, _in_parties(stand.parties.get(GOING, 0), going))]
    others = {
        OFFERED: (_("Asked whether they take a seat"), _("the seats are held for them")),
        WAITING: (_("Waiting"), ""),
        ASKED: (_("Asking to come"), _("they hold no seat until you say yes")),
        MAYBE: (_("Maybe"), _("they hold no seat")),
        NOT_GOING: (_("Not coming"), ""),
    }
    for state, (label, words) in others.items():
        people, parties = stand.people.get(state, 0), stand.parties.get(state, 0)
        if parties or state == MAYBE or (state == WAITING and event.capacity is not None):
            found.append(
                (label, people, words if parties and words else _in_parties(parties, people))
            )
    return found


def _stats_afterwards(event: Event, stand: Stand) -> list[Stat]:
    """How many came, as far as anybody was checked in; who only waited or might have come is no
    part of it any more.
    """
    count = count_at_door(event)
    if count is None:
        return [
            (
                _("Were going"),
                stand.people.get(GOING, 0),
                _("nobody was checked in, so we don’t know who came"),
            )
        ]
    went = ngettext("of %(num)s who was going", "of %(num)s who were going", count.expected)
    return [(_("Came"), count.came, went), (_("Didn’t come"), count.absent, "")]


def has_taken_place(event: Event) -> bool:
    """Whether the event has ended without having been cancelled."""
    return event.is_finished and event.is_published


def count_at_door(event: Event) -> door.Count | None:
    """Who came, by the door; None where nobody was checked in."""
    return door.count_of(event) if attendance.had_a_door(event) else None


def ended_in_words(event: Event, count: door.Count | None) -> str:
    """“2 people came. 3 were going.” for those who may know who came, else “3 people were
    going.”; "" before the end.
    """
    if not has_taken_place(event):
        return ""
    if count is not None:
        came = ngettext("%(num)s person came.", "%(num)s people came.", count.came)
        return came + " " + ngettext("%(num)s was going.", "%(num)s were going.", count.expected)
    return ngettext("%(num)s person was going.", "%(num)s people were going.", event.seats_taken)


def _in_parties(parties: int, people: int) -> str:
    """Said only where some come with others."""
    return ngettext("in one party", "in %(num)d parties", parties) if parties != people else ""


def unchangeable_because(event: Event) -> str | None:
    """Why nothing about the event can change now, in a sentence, or None."""
    if event.is_changeable:
        return None
    if event.locked_at is not None:
        return _("This event is locked: nothing about it changes any more.")
    return _("This event was cancelled.")


def uncancellable_because(event: Event) -> str | None:
    """Why the event cannot be cancelled now, in a sentence, or None."""
    if not event.is_published and not event.is_cancelled:
        return _("Only a published event can be cancelled.")
    if event.is_finished:
        return _("This event is over: there is nothing left to cancel.")
    return unchangeable_because(event)


def unresumable_because(event: Event) -> str | None:
    """Why a cancelled event can no longer take place, in a sentence, or None."""
    if event.has_begun:
        return _("It should have started by now, so the cancellation can’t be undone.")
    return None


def undeletable_because(event: Event, is_answered: bool) -> str | None:
    """Why the event cannot be deleted now, in a sentence, or None.

    `is_answered`: people are going, may come or wait.
    """
    if event.locked_at is not None:
        return _("This event is locked. Unlock it first.")
    if event.is_published and not event.is_finished and is_answered:
        return _("People have answered. Cancel the event first, so that they hear of it.")
    return None
