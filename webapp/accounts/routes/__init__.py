"""The pages of accounts: a blueprint a file, named by its noun."""

from flask import Blueprint

from . import (
    account,
    address_links,
    addresses,
    approvals,
    distances,
    endings,
    passwords,
    proofs,
    resets,
    returning,
    security,
    session_checks,
    settings,
    sign_ins,
    sign_ups,
    verifications,
)

BLUEPRINTS: list[Blueprint] = [
    *(sign_ups.bp, verifications.bp, sign_ins.bp, returning.bp, session_checks.bp, endings.bp),
    *(passwords.bp, resets.bp, proofs.bp, account.bp, settings.bp, security.bp),
    *(addresses.bp, address_links.bp, distances.bp, approvals.bp),
]
