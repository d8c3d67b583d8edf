"""The pages of events."""

from flask import Blueprint

from . import (
    answering,
    approvals,
    attendees,
    calendars,
    circulars,
    dashboard,
    guest_pages,
    guest_silences,
    guests,
    inviting,
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
    guest_silences.bp,
    messages.bp,
    standing.publications,
    standing.cancellations,
    standing.locks,
    standing.copies,
    standing.removals,
    managing.bp,
    dashboard.bp,
    attendees.bp,
    circulars.bp,
    inviting.bp,
    approvals.bp,
    answering.bp,
    questions.bp,
    tickets.bp,
    calendars.bp,
    subscriptions.bp,
]
