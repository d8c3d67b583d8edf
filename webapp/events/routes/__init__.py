"""The pages of events."""

from flask import Blueprint

from . import approvals, dashboard, hosting, managing, messages, mine, offers, questions, rsvps, standing, tickets
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
    dashboard.bp,
    approvals.bp,
    hosting.bp,
    questions.bp,
    tickets.bp,
]
