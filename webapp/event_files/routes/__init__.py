"""The pages of an event's pictures and files."""

from flask import Blueprint

from . import files, gallery, settings, uploads

BLUEPRINTS: list[Blueprint] = [
    gallery.bp,
    uploads.bp,
    files.bp,
    settings.bp,
]
