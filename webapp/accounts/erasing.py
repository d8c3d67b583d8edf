"""Erasing an account.

The row stays without personal data: electoral rolls and events' answers refer to it.
"""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from ..core.extensions import db
from ..core.observability import audit
from ..core.time import clock
from ..mail.models import OutgoingEmail
from . import handles
from .models import EmailedLink, Invitation, SignIn, User

#: How long the handle stays reserved: old links and mentions must not lead to a stranger.
HANDLE_HELD = timedelta(days=90)
#: The names on the anonymous row.
NOBODY = ("Former", "member")


def erase(user: User) -> None:
    """Delete sign-ins, emailed links, invitations and IP addresses; reserve the handle for
    a while.
    """
    emailed = map(
        str, db.session.scalars(sa.select(EmailedLink.id).where(EmailedLink.user_id == user.id))
    )
    db.session.execute(
        sa.delete(OutgoingEmail).where(OutgoingEmail.ids["link"].as_string().in_(list(emailed)))
    )
    for model in (SignIn, EmailedLink):
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    db.session.execute(sa.delete(Invitation).where(Invitation.email == user.email))
    audit.forget_addresses_of(user.id)
    handles.hold(user.handle, clock.now() + HANDLE_HELD)


def anonymise(user: User) -> None:
    """Remove all personal data from the row.

    Do this last: other steps need the names and the address. The address is free again. No password
    opens the account, and nothing deletes the row later.
    """
    now = clock.now()
    user.handle, user.email = (
        f"former-{secrets.token_hex(8)}",
        f"{secrets.token_hex(16)}@former.invalid",
    )
    user.first_name, user.last_name = NOBODY
    user.family_name_first = False
    user.password_hash, user.search_text = "", ""
    user.zone, user.locale = "UTC", "en"
    user.theme = user.accent = user.text_size = user.terms_version = user.suspended_at = None
    user.came_for = None
    user.is_admin = user.may_create_groups = user.shows_presence = False
    user.created_at = user.verified_at = user.approved_at = user.deactivated_at = user.erased_at = (
        now
    )
    user.renew_nonce()
    audit.record("account.erased", subject=user)
    db.session.flush()
