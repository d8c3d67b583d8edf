"""The queue's log in sentences, and what ticket kinds and choices say of themselves."""

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core import language
from .models import DONATION, DOOR, EventOption, QueueStep
from .told import window_in_words


def step_in_words(step: QueueStep) -> str:
    """One line of the log: who, how many, what, and the seats that were free when it happened."""
    if step.step == "seats":
        return _("The seats, the tickets, the deadline or the way they are given out changed.")
    who = step.who.name
    party = ngettext("%(who)s, alone,", "%(who)s, as %(num)s,", step.party, who=who)
    what = {
        "joined": _("joined the end of the queue"),
        "resized": _("changed the size of the party"),
        "left": _("left the queue"),
        "freed": _("gave up the seats"),
        "promoted": _("moved up: the first that fit"),
        "offered": _("was offered the seats: the first that fit"),
        "accepted": _("took the seats"),
        "declined": _("passed the offer on, and stands behind the others"),
        "expired": _("let the offer run out, and stands behind the others"),
        "skipped": _("did not fit and was passed, and keeps the place"),
        "split": _("did not all fit: the others come, and so many wait behind the others"),
        "parted": _("took what was free; the others of the party wait on in its place"),
        "picked": _("chose another ticket or answer"),
    }[step.step]
    if step.full:
        return _("%(party)s %(what)s: their choice “%(choice)s” is full.", party=party, what=what, choice=step.full)
    if step.seats_free is None:
        return f"{party} {what}."
    free = ngettext("%(num)s seat was free", "%(num)s seats were free", step.seats_free)
    return f"{party} {what}. {free}."


def price_in_words(ticket: EventOption) -> str:
    """“Free”, “Donation, 5 € suggested”, “10 € at the door”."""
    money = language.money(ticket.amount, ticket.currency or "EUR") if ticket.amount else ""
    if ticket.price == DONATION:
        return _("A donation, %(money)s suggested", money=money) if money else _("A donation, as you like")
    if ticket.price == DOOR:
        return _("%(money)s at the door", money=money) if money else _("Paid at the door")
    return _("Free")


def ticket_in_words(ticket: EventOption, zone: str) -> str:
    """What a ticket kind costs, how many are left, and when it is to be had where that is not now."""
    left = window_in_words(ticket, zone) if not ticket.is_open else _left(ticket.free, _("All are taken: you wait for one."))
    return " · ".join(part for part in (price_in_words(ticket), left) if part)


def choice_in_words(choice: EventOption) -> str:
    """How many may still choose it, where that is limited."""
    return _left(choice.free, _("Full"))


def _left(free: int | None, none: str) -> str:
    if free is None:
        return ""
    return ngettext("%(num)s left", "%(num)s left", free) if free else none
