"""Emails of which delivery decides which they are: here at once, without being sent."""

import sqlalchemy as sa

from webapp.core.extensions import db
from webapp.mail.emails import DECIDED_ON_DELIVERY
from webapp.mail.models import OutgoingEmail


def decide() -> None:
    """Each undecided email is the one that its delivery would find; those that turn out to be
    none are gone. Committed.
    """
    for letter in db.session.scalars(
        sa.select(OutgoingEmail)
        .where(OutgoingEmail.template.in_(DECIDED_ON_DELIVERY))
        .order_by(OutgoingEmail.id)
    ).all():
        which = DECIDED_ON_DELIVERY[letter.template](letter.address, letter.locale, **letter.ids)
        if which is None:
            db.session.delete(letter)
            continue
        letter.template, letter.locale = which.template, which.locale
        letter.ids = {name: str(value) for name, value in which.ids.items()}
    db.session.commit()
