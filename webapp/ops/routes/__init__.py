"""The pages of this feature."""

from . import health, metrics, queue, retention, status

BLUEPRINTS = [health.bp, status.bp, metrics.bp, queue.bp, retention.bp]
