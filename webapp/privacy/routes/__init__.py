"""The pages of privacy: a blueprint a file, named by its noun."""

from flask import Blueprint

from . import deletions, own_data, site_pages

BLUEPRINTS: list[Blueprint] = [own_data.bp, deletions.bp, site_pages.bp, site_pages.admin]
