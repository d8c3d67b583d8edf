"""The pages of events."""

from flask import Blueprint

from . import (
    calendars,
    comments,
    group_events,
    hosts,
    lifecycle,
    mine,
    subscriptions,
    views,
)
from . import directory as directory
from .events import bp, pictures_bp

BLUEPRINTS: list[Blueprint] = [
    mine.bp,
    bp,
    comments.bp,
    lifecycle.publications,
    lifecycle.cancellations,
    lifecycle.locks,
    lifecycle.copies,
    lifecycle.removals,
    group_events.bp,
    pictures_bp,
    hosts.bp,
    views.bp,
    hosts.hosting_bp,
    calendars.bp,
    subscriptions.bp,
]
