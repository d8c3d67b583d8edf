"""The queue's log in sentences."""

from flask_babel import gettext as _
from flask_babel import ngettext

from .models import QueueStep


def step_in_words(step: QueueStep) -> str:
    """One line of the log: who, how many, what, and the seats that were free when it happened."""
    if step.step == "seats":
        return _("The seats, the deadline or the way they are given out changed.")
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
    }[step.step]
    if step.seats_free is None:
        return f"{party} {what}."
    free = ngettext("%(num)s seat was free", "%(num)s seats were free", step.seats_free)
    return f"{party} {what}. {free}."
