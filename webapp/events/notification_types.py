"""What people can be told about events, and what the line in the inbox then says."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..core.i18n import language
from ..notifications.models import DAILY, INBOX, NOW, OFF
from ..notifications.notification_types import EVENTS, NotificationType, add
from . import change_notices, date_format
from .models import NOT_GOING, WAITING


def _published(event: str, group: str) -> str:
    return _("%(group)s: %(event)s", group=group, event=event)


def _changed(
    event: str, venue: str = "", online: bool = False, starts: str = "", **span: Any
) -> str:
    if not starts:
        return _changed_place(event, venue, online)
    hours = date_format.both_ends(change_notices.span_of(starts, **span))
    if venue:
        return _(
            "%(event)s is now on %(when)s, and here: %(place)s",
            event=event,
            when=hours,
            place=venue,
        )
    return _("%(event)s is now on %(when)s", event=event, when=hours)


def _changed_place(event: str, venue: str, online: bool) -> str:
    if venue:
        return _("%(event)s now takes place here: %(place)s", event=event, place=venue)
    if online:
        return _("%(event)s has another link for those who come online.", event=event)
    return _("%(event)s has a new time or place.", event=event)


def _nearing(event: str, starts: str, zone: str, all_day: bool = False) -> str:
    begins = datetime.fromisoformat(starts)
    return _(
        "Soon: %(event)s, %(when)s",
        event=event,
        when=language.day(begins, zone) if all_day else language.moment(begins, zone),
    )


def _starting(event: str, starts: str, zone: str, **_more: Any) -> str:
    return _(
        "%(event)s begins: %(when)s",
        event=event,
        when=language.moment(datetime.fromisoformat(starts), zone),
    )


def _over(event: str) -> str:
    return _("How was %(title)s? Say it in a minute.", title=event)


def _feedback(event: str, number: int) -> str:
    return ngettext(
        "One person has said how %(title)s was",
        "%(num)s people have said how %(title)s was",
        number,
        title=event,
    )


def _written(event: str, name: str, subject: str) -> str:
    return _(
        "%(name)s writes about %(event)s: %(subject)s", name=name, event=event, subject=subject
    )


def _invited(event: str, name: str) -> str:
    return _("%(name)s invites you to %(event)s", name=name, event=event)


def _cancelled(event: str, reason: str) -> str:
    return _(
        "%(event)s was cancelled: %(reason)s", event=event, reason=reason or _("no reason given")
    )


def _resumed(event: str) -> str:
    return _("%(event)s takes place after all", event=event)


def _promoted(event: str, party: int) -> str:
    return ngettext(
        "A seat came free: you are going to %(title)s",
        "%(num)s seats came free: you are all going to %(title)s",
        party,
        title=event,
    )


def _asked(name: str, event: str) -> str:
    return _("%(name)s would like to come to %(title)s", name=name, title=event)


def _approved(event: str, state: str) -> str:
    if state == WAITING:
        return _("The hosts of %(title)s said yes: you are in the queue", title=event)
    return _("The hosts of %(title)s said yes: you are going", title=event)


def _refused(event: str, sentence: str) -> str:
    said = _("The hosts of %(title)s said no", title=event)
    return f"{said}: {sentence}" if sentence else said


def _hosted(name: str, event: str, state: str) -> str:
    words = {"name": name, "title": event}
    if state == WAITING:
        return _("%(name)s answered for you: you are in the queue for %(title)s", **words)
    if state == NOT_GOING:
        return _("%(name)s took back your answer to %(title)s", **words)
    return _("%(name)s answered for you: you are going to %(title)s", **words)


def _offered(event: str, party: int, until: str, zone: str) -> str:
    return ngettext(
        "A seat at %(title)s is held for you until %(until)s",
        "%(num)s seats at %(title)s are held for you until %(until)s",
        party,
        title=event,
        until=language.moment(datetime.fromisoformat(until), zone),
    )


def _expired(event: str) -> str:
    return _("The seats held for you at %(title)s went on; you are still in the queue", title=event)


def _released(event: str) -> str:
    return _("%(title)s is now for members of its group alone: your place is gone", title=event)


def _hidden(event: str) -> str:
    return _(
        "Moderators have hidden %(title)s. Your answer is kept; ask the hosts before you set out.",
        title=event,
    )


def _shown(event: str) -> str:
    return _("%(title)s can be seen again. Your answer stands.", title=event)


def _message(name: str) -> str:
    return _("%(name)s wrote to the hosts: see your mail.", name=name)


add(
    NotificationType(
        "event.published",
        EVENTS,
        _l("A group of yours has a new event"),
        _published,
        ("events/published",),
        is_important=False,
        from_person=True,
    ),
    NotificationType(
        "event.changed",
        EVENTS,
        _l("An event that you answered has a new time or place"),
        _changed,
        ("events/changed",),
    ),
    NotificationType(
        "event.nearing",
        EVENTS,
        _l("The day before an event that you go to, or may go to"),
        _nearing,
        ("events/nearing",),
        channels=(NOW, INBOX, OFF),
    ),
    NotificationType(
        "event.starting",
        EVENTS,
        _l("An hour before an event that you go to"),
        _starting,
        ("events/starting",),
        channels=(NOW, INBOX, OFF),
    ),
    NotificationType(
        "event.cancelled",
        EVENTS,
        _l("An event that you answered is cancelled"),
        _cancelled,
        ("events/cancelled",),
    ),
    NotificationType(
        "event.resumed",
        EVENTS,
        _l("An event that was cancelled takes place after all"),
        _resumed,
        ("events/resumed",),
    ),
    NotificationType(
        "rsvp.promoted",
        EVENTS,
        _l("Seats came free for you: you are going"),
        _promoted,
        ("events/promoted",),
    ),
    NotificationType(
        "rsvp.asked",
        EVENTS,
        _l("Someone asks you as a host whether they may come"),
        _asked,
        from_person=True,
    ),
    NotificationType(
        "rsvp.approved",
        EVENTS,
        _l("Hosts let you come to an event"),
        _approved,
        ("events/approved",),
    ),
    NotificationType(
        "rsvp.refused",
        EVENTS,
        _l("Hosts do not let you come to an event"),
        _refused,
        ("events/refused",),
    ),
    NotificationType(
        "rsvp.hosted",
        EVENTS,
        _l("A host gives or changes an answer for you"),
        _hosted,
        ("events/hosted",),
    ),
    NotificationType(
        "rsvp.offered",
        EVENTS,
        _l("Seats are held for you until you answer"),
        _offered,
        ("events/offered",),
    ),
    NotificationType(
        "rsvp.expired",
        EVENTS,
        _l("Seats that were held for you went on"),
        _expired,
        ("events/expired",),
    ),
    NotificationType(
        "rsvp.released",
        EVENTS,
        _l("An event closes to outsiders, and your place is gone"),
        _released,
        ("events/released",),
    ),
    NotificationType(
        "event.hidden", EVENTS, _l("Moderators hide an event that you answered"), _hidden
    ),
    NotificationType(
        "event.shown", EVENTS, _l("An event that was hidden can be seen again"), _shown
    ),
    NotificationType(
        "rsvp.answered",
        EVENTS,
        _l("Your own answers in writing, with a file for your calendar"),
        None,
        emails=("events/answered", "events/waiting", "events/asked"),
        channels=(NOW, OFF),
    ),
    NotificationType(
        "event.written",
        EVENTS,
        _l("Hosts write to those who answered their event"),
        _written,
        ("events/written",),
        from_person=True,
    ),
    NotificationType(
        "event.over",
        EVENTS,
        _l("An event where you were is over: how was it?"),
        _over,
        ("events/over",),
        is_important=False,
    ),
    NotificationType(
        "event.feedback",
        EVENTS,
        _l("People have said how an event of yours was"),
        _feedback,
        usual=DAILY,
    ),
    NotificationType(
        "event.invited",
        EVENTS,
        _l("Someone invites you to an event"),
        _invited,
        ("events/invited",),
        from_person=True,
    ),
    NotificationType(
        "event.message",
        EVENTS,
        _l("Someone writes to you as a host, and waits for an answer"),
        _message,
        emails=("events/message",),
        channels=(NOW,),
        from_person=True,
    ),
)
