"""The pages of this feature."""

from . import health, metrics, status

BLUEPRINTS = [health.bp, status.bp, metrics.bp]
