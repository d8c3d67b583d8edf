"""The pages of events."""

from flask import Blueprint

from . import (
    approvals,
    calendars,
    dashboard,
    guest_pages,
    guests,
    hosting,
    managing,
    messages,
    mine,
    offers,
    questions,
    rsvps,
    standing,
    subscriptions,
    tickets,
)
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
    approvals.bp,
    hosting.bp,
    questions.bp,
    tickets.bp,
]
