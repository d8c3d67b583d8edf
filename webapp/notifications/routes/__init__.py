"""The feature's pages."""

from . import inbox, preferences, streams, unsubscriptions

BLUEPRINTS = [inbox.bp, preferences.bp, inbox.readings_bp, streams.bp, unsubscriptions.bp]
