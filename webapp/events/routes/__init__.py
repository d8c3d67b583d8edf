"""The pages of events."""

from flask import Blueprint

from .event_page import bp as events
from .offers import bp as offers
from .rsvps import bp as rsvps

BLUEPRINTS: list[Blueprint] = [events, rsvps, offers]
