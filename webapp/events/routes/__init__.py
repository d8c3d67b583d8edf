"""The pages of events."""

from flask import Blueprint

from . import calendars, dashboard, guest_pages, guests, managing, messages, mine, offers, rsvps, standing, subscriptions
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
    dashboard.bp,
    calendars.bp,
    subscriptions.bp,
]
