"""Emails whose contents are decided only at delivery: decide now, without sending them."""

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.mail.emails import DECIDED_ON_DELIVERY
from webapp.mail.models import OutgoingEmail


def decide() -> None:
    """Let delivery decide each undecided email, and remove those with nothing to say; commit."""
    for email in db.session.scalars(
        sa.select(OutgoingEmail)
        .where(OutgoingEmail.template.in_(DECIDED_ON_DELIVERY))
        .order_by(OutgoingEmail.id)
    ).all():
        which = DECIDED_ON_DELIVERY[email.template](email.address, email.locale, **email.ids)
        if which is None:
            db.session.delete(email)
            continue
        email.template, email.locale = which.template, which.locale
        email.ids = {name: str(value) for name, value in which.ids.items()}
    db.session.commit()
