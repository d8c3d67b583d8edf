"""The pages of events."""

from flask import Blueprint

from . import calendars, managing, messages, mine, offers, rsvps, standing, subscriptions
from .events import bp

BLUEPRINTS: list[Blueprint] = [
    mine.bp,
    bp,
    rsvps.bp,
    offers.bp,
    messages.bp,
    standing.publications,
    standing.cancellations,
    standing.locks,
    standing.copies,
    standing.removals,
    managing.bp,
    calendars.bp,
    subscriptions.bp,
]
