"""The feature's pages."""

from . import inbox, preferences, readings, streams, unsubscriptions

BLUEPRINTS = [inbox.bp, preferences.bp, readings.bp, streams.bp, unsubscriptions.bp]
