"""The routes of an event's pictures and files."""

from flask import Blueprint

from . import files, uploads

BLUEPRINTS: list[Blueprint] = [
    files.gallery_bp,
    uploads.bp,
    files.bp,
    files.settings_bp,
]
