"""The pages of this feature."""

from . import health, metrics, retention, status

BLUEPRINTS = [health.bp, status.bp, metrics.bp, status.queue_bp, retention.bp]
