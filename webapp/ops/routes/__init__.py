"""The pages of this feature."""

from . import health

BLUEPRINTS = [health.bp]
