"""Sign-up: an account for a new address. What it answers tells nobody whether an address is known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..core import audit, clock
from ..core.extensions import db
from ..mail import outbox
from . import handles, invitations, verifications
from .models import Invitation, User

#: An account whose address nobody confirms is gone after this.
UNVERIFIED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Newcomer:
    """What somebody said of themselves. Without a handle one is made of the names."""

    first_name: str
    last_name: str
    email: str
    password_hash: str
    handle: str = ""
    zone: str = "UTC"
    locale: str = "en"
    terms_version: str | None = None


#: what else happens to a new account, in the same transaction
Made = Callable[[User], None]


def sign_up(newcomer: Newcomer, approved: bool, invitation: Invitation | None = None, made: Made | None = None) -> None:
    """The address gets a letter: with a link that confirms it, or saying that it has an account already.

    A sign-up that nobody confirmed is replaced, and its link dies: what counts is what was said last. Raises RuleBroken
    for a taken handle, alike for known and unknown addresses: whoever asks twice finds the handle taken in both cases.
    `made` is called with the account when there is a new one.
    """
    try:
        with db.session.begin_nested():
            _sign_up(newcomer, approved, invitation, made)
    except IntegrityError:  # the same person was faster, in another tab: now the address is known or the handle taken
        _sign_up(newcomer, approved, invitation, made)


def _sign_up(newcomer: Newcomer, approved: bool, invitation: Invitation | None, made: Made | None) -> None:
    handle = newcomer.handle or handles.proposed(newcomer.first_name, newcomer.last_name)
    handles.refuse_taken(handle)
    if invitation is not None:
        invitations.use(invitation)
    known = db.session.scalar(sa.select(User).where(User.email == newcomer.email).with_for_update())
    if known is not None and known.is_verified:
        handles.hold(handle, clock.now() + UNVERIFIED_FOR)
        outbox.post("accounts/already", to=known.email, locale=known.locale, user=known.id)
        audit.record("account.asked_again", subject=known)
        return
    user = known or User(email=newcomer.email)
    if known is not None:
        handles.hold(known.handle, clock.now() + UNVERIFIED_FOR)
    _fill(user, newcomer, handle, approved or invitation is not None)
    db.session.flush()
    audit.record("account.created", by=user, subject=user)
    if made is not None:
        made(user)
    verifications.send(user)


def _fill(user: User, newcomer: Newcomer, handle: str, approved: bool) -> None:
    user.created_at = clock.now()
    user.handle = handle
    user.first_name, user.last_name = newcomer.first_name, newcomer.last_name
    user.password_hash = newcomer.password_hash
    user.zone, user.locale = newcomer.zone, newcomer.locale
    user.terms_version = newcomer.terms_version
    user.approved_at = clock.now() if approved else None
    user.renew_nonce()
    user.renew_search_text()
    db.session.add(user)


def create_admin(newcomer: Newcomer) -> User:
    """An admin's account stands, its address taken as confirmed: whoever has the command line has the site."""
    handle = newcomer.handle or handles.proposed(newcomer.first_name, newcomer.last_name)
    handles.refuse_taken(handle)
    user = User(email=newcomer.email)
    _fill(user, newcomer, handle, approved=True)
    user.verified_at = clock.now()
    user.is_admin = True
    db.session.flush()
    audit.record("admin.created", subject=user)
    return user


def make_admin(user: User) -> None:
    """The account that was there already is an admin's."""
    user.is_admin = True
    user.verified_at = user.verified_at or clock.now()
    user.approved_at = user.approved_at or clock.now()
    audit.record("admin.made", subject=user)
