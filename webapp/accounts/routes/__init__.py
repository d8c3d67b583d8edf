"""The pages of accounts: a blueprint a file, named by its noun."""

from flask import Blueprint

from . import account, approvals, distances, endings, passwords, proofs, resets, session_checks, sign_ins, sign_ups, verifications

PAGES = (sign_ups, verifications, sign_ins, session_checks, endings, passwords, resets, proofs, account, distances, approvals)
BLUEPRINTS: list[Blueprint] = [module.bp for module in PAGES]
