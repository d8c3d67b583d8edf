"""In words: the queue's log, answers, and what people were told, as hosts read them; ticket
kinds and choices, as all do.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..core.i18n import language
from ..events.models import (
    ASKED,
    DONATION,
    DOOR,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    REFUSED,
    WAITING,
    EventNews,
    EventOption,
    Rsvp,
    WaitlistEntry,
    WaitlistStep,
    change_notice,
)
from ..events.models.change_notice import SESSION
from .registration.answers import window_in_words

#: How someone stands to the event, as others see it: the kind of the chip, and its words.
ANSWERS = {
    GOING: ("yes", _l("Going")),
    MAYBE: ("note", _l("Maybe")),
    WAITING: ("wait", _l("In the queue")),
    OFFERED: ("wait", _l("In the queue")),
    ASKED: ("wait", _l("Waiting for your answer")),
    NOT_GOING: ("no", _l("Not coming")),
    REFUSED: ("no", _l("Not coming")),
}
_NEWS = {
    change_notice.PUBLISHED: _l("The event was published"),
    change_notice.CHANGED: _l("Another time or place"),
    change_notice.CANCELLED: _l("The event was cancelled"),
    change_notice.RESUMED: _l("The event takes place after all"),
    change_notice.HIDDEN: _l("Moderators hid the event"),
    change_notice.SHOWN: _l("The event can be seen again"),
    change_notice.DAY: _l("Reminder, the day before"),
    change_notice.HOUR: _l("Reminder, an hour before"),
    change_notice.FEEDBACK: _l("How was it?"),
    change_notice.INVITED: _l("Invitations, one by one"),
    change_notice.MEMBERS: _l("Invitations to members"),
}


#: What those who answer read at once: of an event, of a session.
_SAVED = {
    GOING: _l("Saved: you’re going."),
    MAYBE: _l("Saved: maybe."),
    NOT_GOING: _l("Saved: you can’t go."),
    ASKED: _l("Request sent. We’ll email you when a host has answered."),
}
_SAVED_OF_SESSION = {GOING: _l("It’s on your agenda."), NOT_GOING: _l("Off your agenda.")}


def saved_in_words(entry: WaitlistEntry) -> str:
    """What became of someone's own answer, or of their seats in a session."""
    saved = _SAVED if isinstance(entry, Rsvp) else _SAVED_OF_SESSION
    waiting = _("You’re on the waiting list. We’ll email you when there’s a seat for you.")
    return str(saved.get(entry.state, waiting))


def accepted_in_words(entry: WaitlistEntry) -> str:
    """The seats that were held for someone are theirs."""
    if not isinstance(entry, Rsvp):
        return ngettext(
            "The seat is yours: it’s on your agenda.",
            "The %(num)s seats are yours: it’s on your agenda.",
            entry.party,
        )
    return ngettext(
        "The seat is yours: you’re going.",
        "The %(num)s seats are yours: you’re going.",
        entry.party,
    )


def declined_in_words() -> str:
    """Someone passed on the seats that were held for them."""
    return _("Declined. You keep waiting, at the back of the list.")


def news_in_words(row: EventNews) -> str:
    """What people are told, as a title: the subject of what a host wrote, else what happened."""
    if row.kind == SESSION:
        return _("Session: %(title)s", title=row.subject)
    return str(_NEWS.get(row.kind, row.subject))


def standing_in_words(row: Rsvp) -> str:
    """One sentence about how they stand, to a host."""
    if row.state == GOING:
        return ngettext(
            "They are going, and hold one seat.",
            "They are going, and hold %(num)s seats.",
            row.party,
        )
    if row.state == WAITING:
        return ngettext("They wait for one seat.", "They wait for %(num)s seats.", row.party)
    return {
        OFFERED: _("Seats are held for them."),
        ASKED: _("They have asked to come."),
        REFUSED: _("A host has said no to them."),
        MAYBE: _("They may come."),
        NOT_GOING: _("They do not come."),
    }[row.state]


def step_in_words(step: WaitlistStep) -> str:
    """One line of the log: who, how many, what, and the seats that were free when it happened."""
    if step.step == "seats" and step.session is not None:
        return _(
            "The seats or the time of the session “%(session)s” changed.",
            session=step.session.title,
        )
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
    if step.session is not None:
        what = _("%(what)s (session “%(session)s”)", what=what, session=step.session.title)
    if step.full:
        return _(
            "%(party)s %(what)s: their choice “%(choice)s” is full.",
            party=party,
            what=what,
            choice=step.full,
        )
    if step.seats_free is None:
        return f"{party} {what}."
    free = ngettext("%(num)s seat was free", "%(num)s seats were free", step.seats_free)
    return f"{party} {what}. {free}."


def price_in_words(ticket: EventOption) -> str:
    """“Free”, “Donation, 5 € suggested”, “10 € at the door”."""
    money = language.money(ticket.amount, ticket.currency or "EUR") if ticket.amount else ""
    if ticket.price == DONATION:
        return (
            _("A donation, %(money)s suggested", money=money)
            if money
            else _("A donation, as you like")
        )
    if ticket.price == DOOR:
        return _("%(money)s at the door", money=money) if money else _("Paid at the door")
    return _("Free")


def ticket_in_words(ticket: EventOption, zone: str) -> str:
    """What a ticket kind costs, how many are left, and when it is available where that is not
    now.
    """
    if ticket.capacity == 0:
        left = _("No longer available")
    elif not ticket.is_open:
        left = window_in_words(ticket, zone)
    else:
        left = _left(ticket.free, _("All are taken: you wait for one."))
    return " · ".join(part for part in (price_in_words(ticket), left) if part)


def choice_in_words(choice: EventOption) -> str:
    """How many may still choose it, where that is limited."""
    return _left(choice.free, _("Full"))


def _left(free: int | None, none: str) -> str:
    if free is None:
        return ""
    return ngettext("%(num)s left", "%(num)s left", free) if free else none
