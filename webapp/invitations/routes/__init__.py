"""The pages of invitations: of inviters, and of invited people."""

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
