"""The pages of this feature."""

from . import help, home

BLUEPRINTS = [home.bp, help.bp]
