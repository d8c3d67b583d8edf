"""The pages of events."""

from flask import Blueprint

from . import offers, rsvps, standing
from .events import bp

BLUEPRINTS: list[Blueprint] = [
    bp,
    rsvps.bp,
    offers.bp,
    standing.publications,
    standing.cancellations,
    standing.locks,
    standing.copies,
    standing.removals,
]
