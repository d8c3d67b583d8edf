"""The pages of events."""

from flask import Blueprint

from . import (
    calendars,
    comments,
    group_events,
    hosting,
    hosts,
    lifecycle,
    mine,
    pictures,
    subscriptions,
    views,
)
from . import directory as directory
from .events import bp

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
    pictures.bp,
    hosts.bp,
    views.bp,
    hosting.bp,
    calendars.bp,
    subscriptions.bp,
]
