"""The pages of tasks and shifts."""

from flask import Blueprint

from . import shifts, tasks, volunteering

BLUEPRINTS: list[Blueprint] = [
    tasks.bp,
    shifts.bp,
    volunteering.bp,
]
