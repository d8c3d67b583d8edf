"""The pages of invitations: of those who invite, and of those who are invited."""

from flask import Blueprint

from . import email_invitations, invitations, pages

BLUEPRINTS: list[Blueprint] = [
    invitations.bp,
    email_invitations.bp,
    email_invitations.links_bp,
    invitations.removals_bp,
    pages.mine_bp,
    pages.bp,
    pages.sign_ups_bp,
    pages.refusals_bp,
]
