"""The pages of events."""

from flask import Blueprint

from . import calendars, directory as directory, event_lists, event_page, hosts, lifecycle
from .events import bp, pictures_bp

BLUEPRINTS: list[Blueprint] = [
    event_lists.own_bp,
    bp,
    event_page.comments_bp,
    lifecycle.publications,
    lifecycle.cancellations,
    lifecycle.locks,
    lifecycle.copies,
    lifecycle.removals,
    event_lists.group_bp,
    pictures_bp,
    hosts.bp,
    event_page.views_bp,
    hosts.hosting_bp,
    calendars.bp,
    calendars.subscriptions_bp,
]
