"""The pages of events."""

from flask import Blueprint

from . import (
    calendars,
    dashboard,
    guest_pages,
    guests,
    hosting,
    hosts,
    managing,
    messages,
    mine,
    offers,
    people,
    pictures,
    rsvps,
    standing,
    subscriptions,
    views,
)
from . import directory as directory
from .events import bp

BLUEPRINTS: list[Blueprint] = [
    mine.bp,
    bp,
    rsvps.bp,
    offers.bp,
    guests.bp,
    guests.links,
    guest_pages.bp,
    messages.bp,
    standing.publications,
    standing.cancellations,
    standing.locks,
    standing.copies,
    standing.removals,
    managing.bp,
    pictures.bp,
    hosts.bp,
    people.bp,
    views.bp,
    hosting.bp,
    dashboard.bp,
    calendars.bp,
    subscriptions.bp,
]
