"""What hosts should do next about an event. Each rule looks at its state."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from ..core.ui.to_do import Todo
from ..events.models import GOING, OFFERED, WAITING, Event
from . import waitlist
from .reads.overview import EventFigures

#: Attendees need practical details the day before. An offer is urgent in its last hours.
SOON, PRESSING, AFTERWARDS = timedelta(hours=36), timedelta(hours=6), timedelta(days=14)
#: This long before the start someone should be ready to check people in.
CHECK_IN_LEAD = timedelta(hours=2)


VERBS = {
    "details": _l("Edit"),
    "whole": _l("View"),
    "messages": _l("Write"),
    "waitlist": _l("View"),
    "invitations": _l("Invite"),
    "check-in": _l("Check in"),
}


#: What to do and why, in words; None if it isn't needed.
Advice = tuple[str, str] | None
Rule = Callable[[Event, EventFigures, datetime], Advice]


def of(event: Event, figures: EventFigures, now: datetime, urls: Mapping[str, str]) -> list[Todo]:
    """Return what to do on those of the hosts' pages that have a URL here, most urgent first."""
    found = ((page, rule(event, figures, now)) for page, rule in RULES if page in urls)
    return [Todo(*advice, urls[page], str(VERBS[page])) for page, advice in found if advice]


def _give_a_later_start(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if not event.is_draft or event.starts_at > now:
        return None
    why = _("The start is in the past, so the event can’t be published.")
    return _("Choose a later start"), why


def _say_where(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if event.venue or event.online_url or not _is_to_come(event, now):
        return None
    return _("Add a venue or link"), _("There’s no venue or online link yet.")


def _say_what(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if event.description or not _is_to_come(event, now):
        return None
    return _("Add a description"), _("There isn’t one yet, and it helps people decide.")


def _set_a_deadline(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if (
        not event.is_draft
        or event.capacity is None
        or event.rsvp_deadline is not None
        or event.starts_at <= now
    ):
        return None
    why = _(
        "Without one, people can give up seats right until the start, when others may no longer be "
        "able to come."
    )
    return _("Consider an answer deadline"), why


def _unlock(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if (
        event.locked_at is None
        or not event.is_published
        or event.deadline <= now
        or not _would_fit(event, figures)
    ):
        return None
    why = _("Seats are free and people are waiting, but no one gets one while the event is locked.")
    return _("Unlock"), why


def _make_room(event: Event, figures: EventFigures, now: datetime) -> Advice:
    """Seats are free, but no waiting party fits."""
    free, least = event.seats_free, figures.smallest_waiting
    if not waitlist.is_moving(event) or not free or least is None or least <= free:
        return None
    free_words = ngettext("%(num)s seat is free", "%(num)s seats are free", free)
    why = _(
        "%(free)s, but the smallest group waiting needs %(least)s.", free=free_words, least=least
    )
    more = ngettext("Consider adding %(num)s seat", "Consider adding %(num)s seats", least - free)
    return more, why


def _see_that_it_is_over_full(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if event.capacity is None or figures.seats <= event.capacity or not _is_open(event, now):
        return None
    over = figures.seats - event.capacity
    words = ngettext(
        "1 more seat is taken than there are",
        "%(num)d more seats are taken than there are",
        over,
    )
    why = _(
        "Reducing seats doesn’t remove anyone. Ask if someone can stay at home, or find more seats."
    )
    return words, why


def _look_at_offers(event: Event, figures: EventFigures, now: datetime) -> Advice:
    ends = figures.first_offer_ends
    if not waitlist.is_moving(event) or ends is None or not now < ends <= now + PRESSING:
        return None
    held = ngettext(
        "%(num)s seat is held", "%(num)s seats are held", figures.people.get(OFFERED, 0)
    )
    why = _(
        "%(held)s for people who haven’t accepted. If they don’t reply in time, the next person "
        "gets the offer.",
        held=held,
    )
    return _("Remind people with offered seats"), why


def _invite(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if not _is_open(event, now) or event.locked_at is not None or figures.parties:
        return None
    return _("Invite people"), _("No one has answered yet.")


def _remind(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if (
        not event.is_published
        or not now < event.starts_at <= now + SOON
        or not figures.people.get(GOING)
    ):
        return None
    return _("Message attendees"), _("It starts soon. Tell them how to get in and what to bring.")


def _check_in(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if (
        not event.is_published
        or not event.starts_at - CHECK_IN_LEAD <= now < event.ends_at
        or not figures.people.get(GOING)
    ):
        return None
    why = _("Use tickets or names. Several hosts can check people in at once, each with a phone.")
    return _("Check people in"), why


def _thank(event: Event, figures: EventFigures, now: datetime) -> Advice:
    if (
        not event.is_published
        or not event.ends_at <= now <= event.ends_at + AFTERWARDS
        or not figures.people.get(GOING)
    ):
        return None
    why = _("The event has ended. Tell them how it went and when you’ll meet again.")
    return _("Thank attendees"), why


def _is_to_come(event: Event, now: datetime) -> bool:
    return not event.is_cancelled and event.starts_at > now


def _is_open(event: Event, now: datetime) -> bool:
    return event.is_published and event.hidden_at is None and event.deadline > now


def _would_fit(event: Event, figures: EventFigures) -> bool:
    least = figures.smallest_waiting
    return (
        bool(figures.parties.get(WAITING))
        and least is not None
        and (event.seats_free is None or least <= event.seats_free)
    )


#: With the page that each leads to, most urgent first.
RULES: tuple[tuple[str, Rule], ...] = (
    ("check-in", _check_in),
    ("details", _give_a_later_start),
    ("whole", _unlock),
    ("messages", _see_that_it_is_over_full),
    ("waitlist", _look_at_offers),
    ("details", _make_room),
    ("messages", _remind),
    ("messages", _thank),
    ("details", _say_where),
    ("details", _say_what),
    ("details", _set_a_deadline),
    ("invitations", _invite),
)
