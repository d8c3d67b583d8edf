"""What people can be told about events, and what the line in the inbox then says."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..core import i18n
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
            "%(event)s has moved to %(when)s, at a new place: %(place)s",
            event=event,
            when=hours,
            place=venue,
        )
    return _("%(event)s has moved to %(when)s", event=event, when=hours)


def _changed_place(event: str, venue: str, online: bool) -> str:
    if venue:
        return _("%(event)s has a new place: %(place)s", event=event, place=venue)
    if online:
        return _("%(event)s has a new link for joining online.", event=event)
    return _("%(event)s has a new time or place.", event=event)


def _nearing(event: str, starts: str, zone: str, all_day: bool = False) -> str:
    begins = datetime.fromisoformat(starts)
    return _(
        "Reminder: %(event)s, %(when)s",
        event=event,
        when=i18n.day(begins, zone) if all_day else i18n.moment(begins, zone),
    )


def _starting(event: str, starts: str, zone: str, **_more: Any) -> str:
    return _(
        "%(event)s starts soon: %(when)s",
        event=event,
        when=i18n.moment(datetime.fromisoformat(starts), zone),
    )


def _over(event: str) -> str:
    return _("How was %(title)s? Give feedback in a minute.", title=event)


def _feedback(event: str, number: int) -> str:
    return ngettext(
        "1 person gave feedback on %(title)s",
        "%(num)s people gave feedback on %(title)s",
        number,
        title=event,
    )


def _written(event: str, name: str, subject: str) -> str:
    return _("%(name)s wrote about %(event)s: %(subject)s", name=name, event=event, subject=subject)


def _invited(event: str, name: str) -> str:
    return _("%(name)s invited you to %(event)s", name=name, event=event)


def _cancelled(event: str, reason: str) -> str:
    return _(
        "%(event)s was cancelled: %(reason)s", event=event, reason=reason or _("no reason given")
    )


def _resumed(event: str) -> str:
    return _("%(event)s is going ahead after all", event=event)


def _promoted(event: str, party: int) -> str:
    return ngettext(
        "A seat opened up: you’re going to %(title)s",
        "%(num)s seats opened up: you’re all going to %(title)s",
        party,
        title=event,
    )


def _asked(name: str, event: str) -> str:
    return _("%(name)s asked to join %(title)s", name=name, title=event)


def _approved(event: str, state: str) -> str:
    if state == WAITING:
        return _(
            "The hosts of %(title)s approved your request. You’re on the waiting list", title=event
        )
    return _("The hosts of %(title)s approved your request. You’re going", title=event)


def _refused(event: str, sentence: str) -> str:
    said = _("The hosts of %(title)s declined your request", title=event)
    return f"{said}: {sentence}" if sentence else said


def _hosted(name: str, event: str, state: str) -> str:
    words = {"name": name, "title": event}
    if state == WAITING:
        return _("%(name)s answered for you: you’re on the waiting list for %(title)s", **words)
    if state == NOT_GOING:
        return _("%(name)s withdrew your answer to %(title)s", **words)
    return _("%(name)s answered for you: you’re going to %(title)s", **words)


def _offered(event: str, party: int, until: str, zone: str) -> str:
    return ngettext(
        "We’re holding a seat at %(title)s for you until %(until)s",
        "We’re holding %(num)s seats at %(title)s for you until %(until)s",
        party,
        title=event,
        until=i18n.moment(datetime.fromisoformat(until), zone),
    )


def _expired(event: str, party: int = 1) -> str:
    return ngettext(
        "We’re no longer holding a seat for you at %(title)s. You’re still on the waiting list",
        "We’re no longer holding %(num)s seats for you at %(title)s. You’re still on the waiting "
        "list",
        party,
        title=event,
    )


def _released(event: str) -> str:
    return _(
        "%(title)s is now for members of its group only, so you no longer have a seat", title=event
    )


def _hidden(event: str) -> str:
    return _(
        "Moderators hid %(title)s. Your answer is saved. Ask the hosts before you set out.",
        title=event,
    )


def _shown(event: str) -> str:
    return _("%(title)s is visible again. Your answer still counts.", title=event)


def _message(name: str) -> str:
    return _("%(name)s wrote to the hosts. Check your email.", name=name)


add(
    NotificationType(
        "event.published",
        EVENTS,
        _l("One of your groups has a new event"),
        _published,
        ("events/published",),
        is_important=False,
        from_person=True,
    ),
    NotificationType(
        "event.changed",
        EVENTS,
        _l("An event you answered has a new time or place"),
        _changed,
        ("events/changed",),
    ),
    NotificationType(
        "event.nearing",
        EVENTS,
        _l("The day before an event you’re going to, or might go to"),
        _nearing,
        ("events/nearing",),
        channels=(NOW, INBOX, OFF),
    ),
    NotificationType(
        "event.starting",
        EVENTS,
        _l("An hour before an event you’re going to"),
        _starting,
        ("events/starting",),
        channels=(NOW, INBOX, OFF),
    ),
    NotificationType(
        "event.cancelled",
        EVENTS,
        _l("An event you answered is cancelled"),
        _cancelled,
        ("events/cancelled",),
    ),
    NotificationType(
        "event.resumed",
        EVENTS,
        _l("A cancelled event takes place after all"),
        _resumed,
        ("events/resumed",),
    ),
    NotificationType(
        "rsvp.promoted",
        EVENTS,
        _l("Seats open up for you, and you’re going"),
        _promoted,
        ("events/promoted",),
    ),
    NotificationType(
        "rsvp.asked",
        EVENTS,
        _l("Someone asks to join an event you host"),
        _asked,
        from_person=True,
    ),
    NotificationType(
        "rsvp.approved",
        EVENTS,
        _l("Hosts approve your request to join an event"),
        _approved,
        ("events/approved",),
    ),
    NotificationType(
        "rsvp.refused",
        EVENTS,
        _l("Hosts decline your request to join an event"),
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
        _l("We’re holding seats for you until you answer"),
        _offered,
        ("events/offered",),
    ),
    NotificationType(
        "rsvp.expired",
        EVENTS,
        _l("Seats held for you expire"),
        _expired,
        ("events/expired",),
    ),
    NotificationType(
        "rsvp.released",
        EVENTS,
        _l("An event becomes members-only, and you lose your seat"),
        _released,
        ("events/released",),
    ),
    NotificationType("event.hidden", EVENTS, _l("Moderators hide an event you answered"), _hidden),
    NotificationType("event.shown", EVENTS, _l("A hidden event is visible again"), _shown),
    NotificationType(
        "rsvp.answered",
        EVENTS,
        _l("Confirmation of your own answers, with a calendar file"),
        None,
        emails=("events/answered", "events/waiting", "events/asked"),
        channels=(NOW, OFF),
    ),
    NotificationType(
        "event.written",
        EVENTS,
        _l("Hosts write to people who answered their event"),
        _written,
        ("events/written",),
        from_person=True,
    ),
    NotificationType(
        "event.over",
        EVENTS,
        _l("An event you went to asks for feedback"),
        _over,
        ("events/over",),
        is_important=False,
    ),
    NotificationType(
        "event.feedback",
        EVENTS,
        _l("Your event gets new feedback"),
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
        _l("Someone messages you as a host"),
        _message,
        emails=("events/message",),
        channels=(NOW,),
        from_person=True,
    ),
)
