"""The pages of accounts: one blueprint per file, named after its noun."""

from flask import Blueprint

from . import (
    account,
    approvals,
    blocks,
    email_addresses,
    reauthentication,
    resets,
    sign_ins,
    sign_ups,
    verifications,
)

BLUEPRINTS: list[Blueprint] = [
    sign_ups.bp,
    verifications.bp,
    sign_ins.bp,
    sign_ins.restorations_bp,
    sign_ins.session_checks_bp,
    sign_ins.own_bp,
    account.passwords_bp,
    resets.bp,
    reauthentication.bp,
    account.bp,
    account.settings_bp,
    account.security_bp,
    email_addresses.bp,
    email_addresses.address_links_bp,
    blocks.bp,
    approvals.bp,
]
