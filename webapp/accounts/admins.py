"""Making people admins of the site, and ending it. The site always has an admin."""

import sqlalchemy as sa
from flask_babel import gettext as _

from ..core import live
from ..core.db import actor_lock
from ..core.db.session import FOR_CHANGES, locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..mail import outbox
from . import sign_ins, verifications
from .models import User


def may_be_promoted(person: User) -> bool:
    """Whether someone could become an admin: any active, confirmed and approved person who isn't
    one.
    """
    return person.is_here and not person.is_admin


def promote(person: User, by: User) -> None:
    """Make the person an admin, and email them and all admins.

    Raises UserError if they can't become one, or `by` is no longer an admin.
    """
    by, person = _held(by, person)
    if not may_be_promoted(person):
        raise UserError(
            _("Only people who can sign in, and aren’t admins yet, can become an admin.")
        )
    person.is_admin = True
    _changed("admin.made", person, by, made=True)


def demote(person: User, by: User) -> None:
    """End the person's admin rights from their next page on; keep everything else.

    Email them and all admins. Raises UserError for the last admin.
    """
    actor_lock.end_rights_of(person.id)
    by, person = _held(by, person)
    if not person.is_admin:
        raise UserError(_("They’re no longer an admin."))
    if not has_another_admin(person):
        raise UserError(_("The site has no other admin. Make someone else an admin first."))
    person.is_admin = False
    live.rights_changed(person.id)
    _changed("admin.ended", person, by, made=False)


def sign_out(person: User, by: User) -> int:
    """Sign the person out of every browser; return how many there were.

    Their account isn't changed otherwise.
    """
    return sign_ins.end_all(locked(User, person.id), by=by)


def resend(person: User, by: User) -> None:
    """Send the email that confirms the person's address again.

    Raises UserError if there is nothing left to confirm.
    """
    person = locked(User, person.id)
    if person.is_verified or not person.is_active:
        raise UserError(_("There’s nothing left to confirm."))
    verifications.send(person)
    audit.record("email.reminded", by=by, subject=person)


def _held(by: User, person: User) -> tuple[User, User]:
    """Reload and lock both, and all admins in one order: of two who demote each other, one must
    remain.

    Raises UserError if `by` is no longer an admin.
    """
    _hold_all()
    by = locked(User, by.id)
    if not (by.is_admin and by.is_active):
        raise UserError(_("You’re no longer an admin."))
    return by, locked(User, person.id)


def _hold_all() -> None:
    db.session.scalars(
        sa.select(User.id).where(User.is_admin).order_by(User.id).with_for_update(**FOR_CHANGES)
    ).all()


def has_another_admin(person: User) -> bool:
    """Whether the site has an admin besides this person."""
    another = sa.exists().where(User.is_admin, User.deactivated_at.is_(None), User.id != person.id)
    return bool(db.session.scalar(sa.select(another)))


def _changed(act: str, person: User, by: User, made: bool) -> None:
    audit.record(act, by=by, subject=person)
    db.session.flush()
    recipients = sa.select(User).where(
        sa.or_(User.is_admin, User.id == person.id), User.deactivated_at.is_(None)
    )
    for user in db.session.scalars(recipients.order_by(User.id)):
        ids = {"user": user.id, "person": person.id, "by": by.id, "made": "y" if made else ""}
        outbox.enqueue_email("accounts/admins", to=user.email, locale=user.locale, **ids)
