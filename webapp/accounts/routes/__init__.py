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
    module.bp
    for module in (
        *(
            sign_ups,
            verifications,
            sign_ins,
            returning,
            session_checks,
            endings,
            passwords,
            resets,
            proofs,
        ),
        *(account, settings, security, addresses, address_links, distances, approvals),
    )
]
