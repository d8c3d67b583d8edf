"""The notification types of events, and the text of their inbox lines."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..accounts.models import User
from ..core import i18n
from ..core.extensions import db
from ..core.text.bidi import isolated
from ..core.text.strings import dotted
from ..core.time import clock
from ..notifications.digest_contents import DigestContents
from ..notifications.models import DIGEST, INBOX, NOW, OFF
from ..notifications.notification_types import EVENTS, NotificationType, add, notification
from . import access, change_notices, date_format, open_requests
from .models import NOT_GOING, PUBLISHED, WAITING, Event


@notification(
    "event.published",
    EVENTS,
    _l("One of your groups has a new event"),
    _l("New event"),
    usual=DIGEST,
    is_important=False,
    from_person=True,
    holds=open_requests.coming,
)
def _published(event: str, group: str) -> str:
    return _("New event in %(group)s: “%(event)s”", group=group, event=event)


@notification(
    "event.changed",
    EVENTS,
    _l("An event you answered has a new time or place"),
    _l("New time or place"),
    holds=open_requests.coming,
)
def _changed(
    event: str, venue: str = "", online: bool = False, starts: str = "", **span: Any
) -> str:
    if not starts:
        return _changed_place(event, venue, online)
    hours = date_format.both_ends(change_notices.span_of(starts, **span))
    if venue:
        return _(
            "“%(event)s” has moved to %(when)s, at a new place: %(place)s",
            event=event,
            when=hours,
            place=venue,
        )
    return _("“%(event)s” has moved to %(when)s", event=event, when=hours)


def _changed_place(event: str, venue: str, online: bool) -> str:
    if venue:
        return _("“%(event)s” has a new place: %(place)s", event=event, place=venue)
    if online:
        return _("“%(event)s” has a new link for joining online.", event=event)
    return _("“%(event)s” has a new time or place.", event=event)


@notification(
    "event.nearing",
    EVENTS,
    _l("The day before an event you’re going to, or might go to"),
    _l("Reminder"),
    channels=(NOW, INBOX, OFF),
    holds=open_requests.attending,
)
def _nearing(event: str, **span: Any) -> str:
    when = date_format.whole(change_notices.span_of(**span))
    return _("Reminder: “%(event)s”, %(when)s", event=event, when=when)


@notification(
    "event.starting",
    EVENTS,
    _l("An hour before an event you’re going to"),
    _l("Starting soon"),
    channels=(NOW, INBOX, OFF),
    holds=open_requests.attending,
)
def _starting(event: str, **span: Any) -> str:
    when = date_format.whole(change_notices.span_of(**span))
    return _("Starting soon: “%(event)s”, %(when)s", event=event, when=when)


@notification(
    "event.cancelled",
    EVENTS,
    _l("An event you answered is cancelled"),
    _l("Cancelled"),
    channels=(NOW,),
)
def _cancelled(event: str, reason: str) -> str:
    return _(
        "“%(event)s” was cancelled: %(reason)s", event=event, reason=reason or _("no reason given")
    )


@notification(
    "event.resumed",
    EVENTS,
    _l("A cancelled event takes place after all"),
    _l("Going ahead after all"),
    holds=open_requests.coming,
)
def _resumed(event: str) -> str:
    return _("Going ahead after all: “%(event)s”", event=event)


@notification(
    "rsvp.promoted", EVENTS, _l("Seats open up for you, and you’re going"), _l("You have a seat")
)
def _promoted(event: str, party: int) -> str:
    return ngettext(
        "A seat opened up: you’re going to “%(title)s”",
        "%(num)s seats opened up: you’re all going to “%(title)s”",
        party,
        title=event,
    )


@notification(
    "rsvp.asked",
    EVENTS,
    _l("Someone asks to join an event you host"),
    _l("New request to join"),
    from_person=True,
    holds=open_requests.joining,
)
def _asked(name: str, event: str) -> str:
    return _("%(name)s asked to join “%(title)s”", name=name, title=event)


@notification(
    "rsvp.approved",
    EVENTS,
    _l("Hosts approve your request to join an event"),
    _l("Request approved"),
)
def _approved(event: str, state: str) -> str:
    if state == WAITING:
        return _("You’re approved and on the waiting list for “%(title)s”", title=event)
    return _("You’re approved and going to “%(title)s”", title=event)


@notification(
    "rsvp.refused",
    EVENTS,
    _l("Hosts decline your request to join an event"),
    _l("Request declined"),
)
def _refused(event: str, sentence: str) -> str:
    title_line = _("The hosts declined your request to join “%(title)s”", title=event)
    return f"{title_line}: {isolated(sentence)}" if sentence else title_line


@notification(
    "rsvp.hosted",
    EVENTS,
    _l("A host gives or changes an answer for you"),
    _l("A host answered for you"),
)
def _hosted(name: str, event: str, state: str) -> str:
    words = {"name": name, "title": event}
    if state == WAITING:
        return _("%(name)s answered for you: you’re on the waiting list for “%(title)s”", **words)
    if state == NOT_GOING:
        return _("%(name)s withdrew your answer to “%(title)s”", **words)
    return _("%(name)s answered for you: you’re going to “%(title)s”", **words)


@notification(
    "rsvp.offered",
    EVENTS,
    _l("We’re holding seats for you until you answer"),
    _l("A seat is free for you"),
    holds=open_requests.offered,
)
def _offered(event: str, party: int, until: str, zone: str) -> str:
    return ngettext(
        "We’re holding a seat for you at “%(title)s”. Accept by %(until)s",
        "We’re holding %(num)s seats for you at “%(title)s”. Accept by %(until)s",
        party,
        title=event,
        until=i18n.moment(datetime.fromisoformat(until), zone),
    )


@notification("rsvp.expired", EVENTS, _l("Seats held for you expire"), _l("Seat offer expired"))
def _expired(event: str, party: int = 1) -> str:
    return ngettext(
        "We’re no longer holding a seat for you at “%(title)s”. You’re still on the waiting list",
        "We’re no longer holding %(num)s seats for you at “%(title)s”. You’re still on the "
        "waiting list",
        party,
        title=event,
    )


@notification(
    "rsvp.released",
    EVENTS,
    _l("An event becomes members-only, and you lose your seat"),
    _l("Now for members only"),
)
def _released(event: str) -> str:
    return _(
        "Your answer to “%(title)s” no longer counts: it’s now for group members only",
        title=event,
    )


@notification(
    "event.hidden", EVENTS, _l("Moderators hide an event you answered"), _l("Event hidden")
)
def _hidden(event: str) -> str:
    return _(
        "Moderators hid “%(title)s”. Your answer is saved. Ask the hosts before you set out.",
        title=event,
    )


@notification(
    "event.shown",
    EVENTS,
    _l("A hidden event is visible again"),
    _l("Event visible again"),
    holds=open_requests.coming,
)
def _shown(event: str) -> str:
    return _("“%(title)s” is visible again. Your answer still counts.", title=event)


add(
    NotificationType(
        "rsvp.answered",
        EVENTS,
        _l("Confirmation of your own answers, with a calendar file"),
        None,
        channels=(NOW, OFF),
    )
)


@notification(
    "event.written",
    EVENTS,
    _l("Hosts write to people who answered their event"),
    _l("Message from the hosts"),
    from_person=True,
)
def _written(event: str, name: str, subject: str) -> str:
    return _(
        "%(name)s wrote about “%(event)s”: %(subject)s", name=name, event=event, subject=subject
    )


@notification(
    "event.over",
    EVENTS,
    _l("An event you went to asks for feedback"),
    _l("Tell us how it was"),
    holds=open_requests.taking_feedback,
    usual=DIGEST,
    is_important=False,
)
def _over(event: str) -> str:
    return _("How was “%(title)s”? It takes a minute to give feedback.", title=event)


@notification(
    "event.feedback", EVENTS, _l("Your event gets new feedback"), _l("New feedback"), usual=DIGEST
)
def _feedback(event: str, number: int) -> str:
    return ngettext(
        "1 person gave feedback on “%(title)s”",
        "%(num)s people gave feedback on “%(title)s”",
        number,
        title=event,
    )


@notification(
    "event.invited",
    EVENTS,
    _l("Someone invites you to an event"),
    _l("You’re invited"),
    from_person=True,
    holds=open_requests.unanswered,
)
def _invited(event: str, name: str) -> str:
    return _("%(name)s invited you to “%(event)s”", name=name, event=event)


@notification(
    "event.message",
    EVENTS,
    _l("Someone messages you as a host"),
    _l("Message to the hosts"),
    channels=(NOW,),
    from_person=True,
)
def _message(name: str) -> str:
    return _("%(name)s wrote to the hosts. Check your email.", name=name)


def add_to_digest(reader: User, contents: DigestContents) -> None:
    """Add time and place of upcoming events to the digest."""
    things = contents.of_kind("event")
    query = sa.select(Event).outerjoin(Event.group)
    query = query.where(Event.id.in_(things), access.visible_to(reader))
    coming = query.where(Event.state == PUBLISHED, Event.ends_at > clock.now())
    for event in db.session.scalars(coming):
        place = event.venue or (_("Online") if event.online_url else "")
        things[event.id].facts = dotted(date_format.brief(event), place)
        things[event.id].until = event.starts_at
