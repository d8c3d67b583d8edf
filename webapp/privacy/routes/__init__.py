"""The pages of privacy: a blueprint a file, named by its noun."""

from flask import Blueprint

from . import deletions, site_pages, your_data

BLUEPRINTS: list[Blueprint] = [your_data.bp, deletions.bp, site_pages.bp, site_pages.admin]
