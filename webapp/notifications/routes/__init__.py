"""The feature's pages."""

from . import inbox, readings, streams

BLUEPRINTS = [inbox.bp, readings.bp, streams.bp]
