"""The pages of this feature."""

from . import health, retention

BLUEPRINTS = [health.bp, retention.bp]
