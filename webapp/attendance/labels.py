"""Texts for hosts: the waiting list's log, answers and notices; and for all: ticket types and
choices.
"""

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..core import i18n
from ..events.models import (
    ASKED,
    DONATION,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    ON_SITE,
    REFUSED,
    WAITING,
    EventNotice,
    EventOption,
    Rsvp,
    WaitlistEntry,
    WaitlistStep,
    change_notice,
)
from ..events.models.change_notice import SESSION
from .registration.answers import window_in_words

#: Someone's answer as others see it: the kind of chip, and its label.
ANSWERS = {
    GOING: ("yes", _l("Going")),
    MAYBE: ("note", _l("Maybe")),
    WAITING: ("wait", _l("Waiting list")),
    OFFERED: ("wait", _l("Waiting list")),
    ASKED: ("wait", _l("Requested")),
    NOT_GOING: ("no", _l("Not going")),
    REFUSED: ("no", _l("Not going")),
}
_NOTICE_TITLES = {
    change_notice.PUBLISHED: _l("Event published"),
    change_notice.CHANGED: _l("New time or place"),
    change_notice.CANCELLED: _l("Event cancelled"),
    change_notice.RESUMED: _l("Event back on"),
    change_notice.HIDDEN: _l("Event hidden by moderators"),
    change_notice.SHOWN: _l("Event visible again"),
    change_notice.DAY: _l("Reminder the day before"),
    change_notice.HOUR: _l("Reminder an hour before"),
    change_notice.FEEDBACK: _l("How was it?"),
    change_notice.INVITED: _l("Personal invitations"),
    change_notice.MEMBERS: _l("Invitations to members"),
}


#: Confirmation after an answer to an event, or to a session.
_SAVED = {
    GOING: _l("Saved: you’re going."),
    MAYBE: _l("Saved: maybe."),
    NOT_GOING: _l("Saved: you can’t go."),
    ASKED: _l("Request sent. We’ll email you when a host has answered."),
}
_SAVED_OF_SESSION = {GOING: _l("It’s on your agenda."), NOT_GOING: _l("Removed from your agenda.")}


def saved_in_words(entry: WaitlistEntry) -> str:
    """Say what became of someone's own answer, or of their seats in a session."""
    saved = _SAVED if isinstance(entry, Rsvp) else _SAVED_OF_SESSION
    waiting = _("You’re on the waiting list. We’ll email you when there’s a seat for you.")
    return str(saved.get(entry.state, waiting))


def accepted_in_words(entry: WaitlistEntry) -> str:
    """Confirm that the offered seats are taken."""
    if not isinstance(entry, Rsvp):
        return ngettext(
            "You have a seat. The session is on your agenda.",
            "You have %(num)s seats. The session is on your agenda.",
            entry.party,
        )
    return ngettext(
        "The seat is yours: you’re going.",
        "The %(num)s seats are yours: you’re going.",
        entry.party,
    )


def declined_in_words() -> str:
    """Confirm that an offer was declined."""
    return _("Declined. You’re now at the back of the waiting list.")


def notice_in_words(row: EventNotice) -> str:
    """Return a title for the notice: a message's subject, else what happened."""
    if row.kind == SESSION:
        return _("Session: %(title)s", title=row.subject)
    return str(_NOTICE_TITLES.get(row.kind, row.subject))


def status_in_words(row: Rsvp) -> str:
    """Describe someone's answer to a host, in one sentence."""
    if row.state == GOING:
        return ngettext(
            "They’re going, with 1 seat.",
            "They’re going, with %(num)s seats.",
            row.party,
        )
    if row.state == WAITING:
        return ngettext(
            "They’re waiting for 1 seat.", "They’re waiting for %(num)s seats.", row.party
        )
    return {
        OFFERED: _("They’ve been offered seats."),
        ASKED: _("They’ve requested to join."),
        REFUSED: _("A host declined their request."),
        MAYBE: _("They answered “Maybe”."),
        NOT_GOING: _("They’re not going."),
    }[row.state]


def step_in_words(step: WaitlistStep) -> str:
    """Describe a step of the log: who, how many, what, and how many seats were free at the time."""
    if step.step == "seats" and step.session is not None:
        return _(
            "The seats or the time of the session “%(session)s” changed.",
            session=step.session.title,
        )
    if step.step == "seats":
        return _("The seats, ticket types, deadline or waiting list rule changed.")
    who = step.who.name
    party = ngettext("%(who)s (1 person)", "%(who)s (%(num)s people)", step.party, who=who)
    what = _what_happened(step)
    if step.session is not None:
        what = _("%(what)s (session “%(session)s”)", what=what, session=step.session.title)
    if step.full or step.seats_free is None:
        return f"{party} {what}."
    free = _("No seats were free")
    if step.seats_free:
        free = ngettext("%(num)s seat was free", "%(num)s seats were free", step.seats_free)
    return f"{party} {what}. {free}."


def _what_happened(step: WaitlistStep) -> str:
    if step.step == "skipped" and step.full:
        return _(
            "was skipped, because “%(choice)s” is full. They keep their place", choice=step.full
        )
    return {
        "joined": _("joined the waiting list"),
        "resized": _("changed how many seats they need"),
        "left": _("left the waiting list"),
        "freed": ngettext("gave up their seat", "gave up their seats", step.party),
        "promoted": ngettext(
            "got a seat (first on the list who fits)",
            "got seats (first on the list who fit)",
            step.party,
        ),
        "offered": ngettext(
            "was offered a seat (first on the list who fits)",
            "was offered seats (first on the list who fit)",
            step.party,
        ),
        "accepted": ngettext("accepted the seat", "accepted the seats", step.party),
        "declined": _("declined the offer and moved to the back of the list"),
        "expired": _("didn’t reply to the offer in time and moved to the back of the list"),
        "skipped": _("was skipped (not enough seats). They keep their place"),
        "split": _("joined the waiting list; the rest of their group is going"),
        "parted": ngettext(
            "took the free seat; the rest of their group keeps its place on the list",
            "took the free seats; the rest of their group keeps its place on the list",
            step.party,
        ),
        "picked": _("chose another ticket type or answer"),
    }[step.step]


def price_in_words(ticket: EventOption) -> str:
    """Return text such as “Free”, “Donation, 5 € suggested” or “10 € at the door”."""
    money = i18n.money(ticket.amount, ticket.currency or "EUR") if ticket.amount else ""
    if ticket.price == DONATION:
        return (
            _("Donation, %(money)s suggested", money=money) if money else _("Donation, any amount")
        )
    if ticket.price == ON_SITE:
        return _("%(money)s at the door", money=money) if money else _("Pay at the door")
    return _("Free")


def ticket_in_words(ticket: EventOption, zone: str) -> str:
    """Return a ticket type's price, how many are left, and when it is available if not now."""
    if ticket.capacity == 0:
        left = _("No longer available")
    elif not ticket.is_open:
        left = window_in_words(ticket, zone)
    else:
        left = _left(ticket.free, _("Full. You’d join the waiting list."))
    return " · ".join(part for part in (price_in_words(ticket), left) if part)


def choice_in_words(choice: EventOption) -> str:
    """Return how many can still choose it, if that is limited."""
    return _left(choice.free, _("Full"))


def _left(free: int | None, none: str) -> str:
    if free is None:
        return ""
    return ngettext("%(num)s left", "%(num)s left", free) if free else none
