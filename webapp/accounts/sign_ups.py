"""Sign-up: create an account for a new email address.

The answers don't show whether an address is known.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from ..core import hooks
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http import tokens
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from . import handles, invitations
from .credentials import NOBODY
from .models import Invitation, User

#: An unconfirmed account is deleted after this.
UNVERIFIED_FOR = timedelta(days=7)
#: The cookie's key in the browser that signed up.
PROOF = "sign-up"


@dataclass(frozen=True)
class NewAccount:
    """What someone entered. Without a handle one is made from the names."""

    first_name: str
    last_name: str
    email: str
    password_hash: str
    handle: str = ""
    zone: str = "UTC"
    locale: str = "en"
    terms_version: str | None = None
    came_for: str = ""
    family_name_first: bool = False


#: does more with a new account, in the same transaction; must change nothing for a confirmed
#: account
Made = Callable[[User], None]


def make_proof(password_hash: str) -> str:
    """Return a token for the browser that signed up: it alone knows this password hash."""
    return tokens.derive(PROOF, NOBODY, password_hash)


def is_proof(token: str, user: User) -> bool:
    """Whether the browser with this token signed up this account, and it hasn't changed since."""
    return tokens.matches(token, PROOF, NOBODY, user.password_hash or "")


def sign_up(
    newcomer: NewAccount,
    approved: bool,
    invitation: Invitation | None = None,
    made: Made | None = None,
) -> None:
    """Email the address a link that confirms it, or a note that it already has an account.

    A later sign-up replaces an unconfirmed one, whose link stops working. Until an address is
    confirmed, a handle belongs to the person who requested it last, for known and unknown addresses
    alike. Raises UserError for the handle of a confirmed account. `made` is called with the
    account, even a confirmed one: that it must not change, but take as long.
    """
    try:
        with db.session.begin_nested():
            _sign_up(newcomer, approved, invitation, made)
    except (
        IntegrityError
    ):  # the same person was faster in another tab: now the address is known or the handle taken
        _sign_up(newcomer, approved, invitation, made)


def _sign_up(
    newcomer: NewAccount, approved: bool, invitation: Invitation | None, made: Made | None
) -> None:
    """Send the database the same statements whether the address is unknown, unconfirmed or
    confirmed.
    """
    handle = newcomer.handle or handles.propose(
        newcomer.first_name, newcomer.last_name, to_sign_up=True
    )
    handles.refuse_confirmed(handle)
    if invitation is not None:
        invitations.use(invitation)
    user_id, before, is_account = _known(newcomer.email, handle) or (new_id(), "", False)
    handles.release(handle)
    # If there is no handle to reserve, reserve a dummy, so that the statements are the same.
    given_up = before if before != handle else ""
    handles.hold(
        handle if is_account else given_up or f"-{user_id.hex}",
        clock.now() + UNVERIFIED_FOR,
        is_claim=True,
    )
    nonce = _note(user_id, newcomer, handle, approved or invitation is not None)
    who = User(id=user_id)
    audit.record(
        "account.asked_again" if is_account else "account.created",
        by=None if is_account else who,
        subject=who,
    )
    if made is not None:
        made(db.session.get_one(User, user_id, populate_existing=True))
    outbox.enqueue_email(
        "accounts/sign_up",
        to=newcomer.email,
        locale=newcomer.locale,
        user=user_id,
        nonce=nonce,
        came_for=newcomer.came_for,
    )


def _known(email: str, handle: str) -> tuple[uuid.UUID, str, bool] | None:
    """Return the account with this address: its id, its handle, and whether it is confirmed.

    Lock it together with an unconfirmed account that has the newcomer's handle, in one order.
    """
    has_handle = sa.and_(User.handle == handle, User.verified_at.is_(None))
    query = sa.select(User.email, User.id, User.handle, User.verified_at.is_not(None))
    rows = db.session.execute(
        query.where(sa.or_(User.email == email, has_handle)).order_by(User.id).with_for_update()
    )
    return next(((row[1], row[2], row[3]) for row in rows.all() if row.email == email), None)


def _note(user_id: uuid.UUID, newcomer: NewAccount, handle: str, approved: bool) -> str:
    """Insert or overwrite the account with one statement; a confirmed account stays as it is.

    Return the nonce of this sign-up. An unconfirmed account has it until the next sign-up.
    """
    user = _filled(User(id=user_id, email=newcomer.email), newcomer, handle, approved)
    values = {name: getattr(user, name) for name in ("id", "email", *FILLED)}
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    noted = dialect.insert(User).values(**values)
    stays = User.verified_at.is_not(None)
    kept = {
        name: sa.case((stays, getattr(User, name)), else_=noted.excluded[name]) for name in FILLED
    }
    db.session.execute(noted.on_conflict_do_update(index_elements=["email"], set_=kept))
    return user.nonce


#: The columns that a sign-up sets.
FILLED = (
    "created_at",
    "handle",
    "first_name",
    "last_name",
    "family_name_first",
    "password_hash",
    "zone",
    "locale",
    "terms_version",
    "came_for",
    "approved_at",
    "nonce",
    "search_text",
)


def _filled(user: User, newcomer: NewAccount, handle: str, approved: bool) -> User:
    user.created_at = clock.now()
    user.handle = handle
    user.first_name, user.last_name = newcomer.first_name, newcomer.last_name
    user.family_name_first = newcomer.family_name_first
    user.password_hash = newcomer.password_hash
    user.zone, user.locale = newcomer.zone, newcomer.locale
    user.terms_version = newcomer.terms_version
    user.came_for = newcomer.came_for or None
    user.approved_at = clock.now() if approved else None
    user.renew_nonce()
    user.renew_search_text()
    return user


def create_admin(newcomer: NewAccount) -> User:
    """Create an admin's account with a confirmed address: command-line access means owning the
    site.
    """
    handle = newcomer.handle or handles.propose(newcomer.first_name, newcomer.last_name)
    handles.refuse_taken(handle)
    user = _filled(User(email=newcomer.email), newcomer, handle, approved=True)
    db.session.add(user)
    user.verified_at = clock.now()
    user.is_admin = True
    db.session.flush()
    audit.record("admin.created", subject=user)
    return user


def make_admin(user: User) -> None:
    """Make an existing account an admin's."""
    user.is_admin = True
    user.verified_at = user.verified_at or clock.now()
    user.approved_at = user.approved_at or clock.now()
    audit.record("admin.made", subject=user)


def approve(person: User, by: User | None = None) -> None:
    """Approve the person, so that they can sign in, and email them.

    Do nothing if they are approved. `by` is None on the command line.
    """
    person = locked(User, person.id)
    if person.is_approved:
        return
    person.approved_at = clock.now()
    audit.record("account.approved", by=by, subject=person)
    outbox.enqueue_email("accounts/approved", to=person.email, locale=person.locale, user=person.id)
    hooks.user_approved(user=person)


def decline(person: User, by: User) -> None:
    """Delete the account of someone who waits for approval, and email them.

    Do nothing if they are approved.
    """
    person = locked(User, person.id)
    if person.is_approved:
        return
    audit.record("account.declined", by=by, subject=person)
    outbox.enqueue_email("accounts/declined", to=person.email, locale=person.locale)
    db.session.delete(person)
