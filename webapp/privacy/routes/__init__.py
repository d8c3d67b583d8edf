"""The pages of privacy: one blueprint per file, named after its noun."""

from flask import Blueprint

from . import agreements, site_pages, your_data

BLUEPRINTS: list[Blueprint] = [
    agreements.bp,
    your_data.bp,
    your_data.deletions_bp,
    site_pages.bp,
    site_pages.admin,
]
