"""What people are told: a mail for every answer, a line and a mail when something happens to them."""

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core import language, live
from ..groups.models import SECRET
from ..mail import outbox
from ..notifications.telling import tell
from .models import OFFERED, WAITING, Event, Rsvp


def changed(event: Event) -> None:
    """Open pages of the event ask for its answers again."""
    live.signal(f"event:{event.id}:rsvps")


def planned(event: Event) -> None:
    """Open pages of the event and of its group ask again what it is, and whether it takes place."""
    live.signal(f"event:{event.id}:plan")
    changed(event)
    if event.group_id is not None:
        live.signal(f"group:{event.group_id}:events")


def answered(event: Event, row: Rsvp) -> None:
    """Who answered has it in writing, with the file for their calendar; the inbox says nothing of one's own act."""
    letter = "events/waiting" if row.state in (WAITING, OFFERED) else "events/answered"
    _write(letter, event, row)


def _write(letter: str, event: Event, row: Rsvp) -> None:
    ids = {"user": row.user_id, "event": event.id, "state": row.state, "party": row.party}
    outbox.post(letter, to=row.user.email, locale=row.user.locale, **ids)


def promoted(event: Event, row: Rsvp) -> None:
    """Who waited knows that they are going."""
    words = ngettext(
        "A seat came free: you are going to %(title)s",
        "%(num)s seats came free: you are all going to %(title)s",
        row.party,
        title=event.title,
    )
    _tell(event, row, "rsvp.promoted", words, "events/promoted")


def offered(event: Event, row: Rsvp) -> None:
    """Who waits knows that seats are held for them, and until when."""
    until = language.moment(row.offered_until or event.deadline, row.user.zone)
    words = ngettext(
        "A seat at %(title)s is held for you until %(until)s",
        "%(num)s seats at %(title)s are held for you until %(until)s",
        row.party,
        title=event.title,
        until=until,
    )
    _tell(event, row, "rsvp.offered", words, "events/offered")


def expired(event: Event, row: Rsvp) -> None:
    """Who let an offer run out knows that they still wait."""
    words = _("The seats held for you at %(title)s went on; you are still in the queue", title=event.title)
    _tell(event, row, "rsvp.expired", words, "events/expired")


def released(event: Event, row: Rsvp) -> None:
    """Who answered from outside knows that the event is for its group's members now, and that they do not come to it."""
    words = _("%(title)s is now for members of its group alone: your place is gone", title=event.title)
    url = event.group.path if event.group is not None and event.group.visibility != SECRET else "/events"
    scope, letter = f"event:{event.id}", "events/released"
    tell([row.user], "rsvp.released", words, url, scope=scope, about=event.title, letter=letter, event=event.id)
    live.rights_changed(row.user_id)


def _tell(event: Event, row: Rsvp, kind: str, words: str, letter: str) -> None:
    answer = {"state": row.state, "party": str(row.party)}
    about, ids = event.title, {"event": str(event.id), **answer}
    tell([row.user], kind, words, event.path, scope=f"event:{event.id}", about=about, letter=letter, **ids)
    changed(event)
