"""The pages of invitations: of those who invite, and of those who are invited."""

from flask import Blueprint

from . import invitations, links, mailings, mine, pages, refusals, removals, sign_ups

BLUEPRINTS: list[Blueprint] = [
    module.bp
    for module in (invitations, mailings, links, removals, mine, pages, sign_ups, refusals)
]
