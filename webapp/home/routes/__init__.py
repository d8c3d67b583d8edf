"""The pages of this feature."""

from . import home

BLUEPRINTS = [home.bp]
