"""The pages of invitations: of those who invite, and of those who are invited."""

from flask import Blueprint

from . import invitations, mailings, pages

BLUEPRINTS: list[Blueprint] = [
    invitations.bp,
    mailings.bp,
    mailings.links_bp,
    invitations.removals_bp,
    pages.mine_bp,
    pages.bp,
    pages.sign_ups_bp,
    pages.refusals_bp,
]
