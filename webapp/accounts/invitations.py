"""Invitations to the site: an emailed link to sign up, even if sign-up isn't open."""

import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core.db.session import rows_changed
from ..core.extensions import db
from ..core.http import tokens
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from .models import Invitation, User

LIFE = timedelta(days=14)
_PURPOSE = "accounts-invitation"


def invite(email: str, by: User | None = None) -> Invitation:
    """Email a link that is valid for two weeks.

    Raises UserError if the address has an account.
    """
    if db.session.scalar(sa.select(sa.exists().where(User.email == email))):
        raise UserError(_("%(email)s already has an account.", email=email), field="email")
    invitation = Invitation(email=email, expires_at=clock.now() + LIFE)
    db.session.add(invitation)
    db.session.flush()
    audit.record("invitation.sent", by=by, subject=invitation)
    outbox.enqueue_email("accounts/invited", to=email, invitation=invitation.id)
    return invitation


def token(invitation: Invitation) -> str:
    """Return the secret part of the invitation's URL."""
    return tokens.derive(_PURPOSE, invitation.id, invitation.nonce)


def find(invitation_id: uuid.UUID, secret: str) -> Invitation | None:
    """Return the valid, unused invitation for this URL, or None."""
    row = db.session.get(Invitation, invitation_id)
    if row is None or not tokens.matches(secret, _PURPOSE, row.id, row.nonce):
        return None
    return row if row.used_at is None and row.expires_at > clock.now() else None


def use(invitation: Invitation) -> None:
    """Mark the invitation as used. Raises UserError if it is already."""
    used = rows_changed(
        sa.update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
    )
    if used != 1:
        raise UserError(_("This invitation has already been used."))
