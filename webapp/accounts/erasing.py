"""What is erased of an account.

The row itself stays, without a person: a vote's roll and an event's answers need it.
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

#: So long nobody else gets the handle: links and mentions of before must not lead to a stranger.
HANDLE_HELD = timedelta(days=90)
#: The names on what is left.
NOBODY = ("Former", "member")


def erase(user: User) -> None:
    """Sign-ins, emailed links, invitations and the addresses of acts are gone; the handle is
    nobody's for a while.
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
    """The row says nothing of a person any more: the very last act, for others need the names and
    the address until then.

    The address is free. No password opens the account, and no clock deletes the row.
    """
    now = clock.now()
    user.handle, user.email = (
        f"former-{secrets.token_hex(8)}",
        f"{secrets.token_hex(16)}@former.invalid",
    )
    user.first_name, user.last_name = NOBODY
    user.password_hash, user.search_text = "", ""
    user.zone, user.locale = "UTC", "en"
    user.theme = user.accent = user.text_size = user.terms_version = user.suspended_at = None
    user.is_admin = user.may_create_groups = user.shows_presence = False
    user.created_at = user.verified_at = user.approved_at = user.deactivated_at = user.erased_at = (
        now
    )
    user.renew_nonce()
    audit.record("account.erased", subject=user)
    db.session.flush()
