"""Sign-up: an account for a new address.

What it answers tells nobody whether an address is known.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from ..core import hooks
from ..core.db.session import locked, new_id
from ..core.extensions import db
from ..core.http import tokens
from ..core.observability import audit
from ..core.time import clock
from ..mail import outbox
from . import handles, invitations
from .credentials import NOBODY
from .models import Invitation, User

#: An account whose address nobody confirms is gone after this.
UNVERIFIED_FOR = timedelta(days=7)
#: In the cookie of the browser that signed up.
PROOF = "sign-up"


@dataclass(frozen=True)
class NewAccount:
    """What someone said of themselves. Without a handle one is made of the names."""

    first_name: str
    last_name: str
    email: str
    password_hash: str
    handle: str = ""
    zone: str = "UTC"
    locale: str = "en"
    terms_version: str | None = None


#: what else happens to a new account, in the same transaction; nothing to one whose address is
#: confirmed
Made = Callable[[User], None]


def make_proof(password_hash: str) -> str:
    """What the browser keeps that signed up: it alone knows which password was hashed this way."""
    return tokens.derive(PROOF, NOBODY, password_hash)


def is_proof(token: str, user: User) -> bool:
    """Whether the browser with this token signed up the account, as it is now."""
    return tokens.matches(token, PROOF, NOBODY, user.password_hash or "")


def sign_up(
    newcomer: NewAccount,
    approved: bool,
    invitation: Invitation | None = None,
    made: Made | None = None,
) -> None:
    """The address gets an email: with a link that confirms it, or saying that it has an account
    already.

    A sign-up that nobody confirmed is replaced, and its link dies: what counts is what was said
    last. Until an address is confirmed a handle belongs to who asked for it last, alike for known
    and unknown addresses, and may be asked for again. Raises UserError for the handle of a
    confirmed account. `made` is called with the account, also with one that was there: it must
    change nothing for a confirmed one, and take as long.
    """
    try:
        with db.session.begin_nested():
            _sign_up(newcomer, approved, invitation, made)
    except (
        IntegrityError
    ):  # the same person was faster, in another tab: now the address is known or the handle taken
        _sign_up(newcomer, approved, invitation, made)


def _sign_up(
    newcomer: NewAccount, approved: bool, invitation: Invitation | None, made: Made | None
) -> None:
    """What is sent to the database is the same whether the address is unknown, waits to be
    confirmed, or is an account's.
    """
    handle = newcomer.handle or handles.propose(
        newcomer.first_name, newcomer.last_name, to_sign_up=True
    )
    handles.refuse_confirmed(handle)
    if invitation is not None:
        invitations.use(invitation)
    user_id, before, is_account = _known(newcomer.email, handle) or (new_id(), "", False)
    handles.release(handle)
    # where there is nothing to hold, something is held all the same, which is no handle
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
        "accounts/sign_up", to=newcomer.email, locale=newcomer.locale, user=user_id, nonce=nonce
    )


def _known(email: str, handle: str) -> tuple[uuid.UUID, str, bool] | None:
    """The account with this address: its id, its handle, and whether it's confirmed.

    It is locked together with the unconfirmed one that has the newcomer's handle, in one order.
    """
    has_handle = sa.and_(User.handle == handle, User.verified_at.is_(None))
    query = sa.select(User.email, User.id, User.handle, User.verified_at.is_not(None))
    rows = db.session.execute(
        query.where(sa.or_(User.email == email, has_handle)).order_by(User.id).with_for_update()
    )
    return next(((row[1], row[2], row[3]) for row in rows.all() if row.email == email), None)


def _note(user_id: uuid.UUID, newcomer: NewAccount, handle: str, approved: bool) -> str:
    """An account with this address is as the newcomer says, unless its address is confirmed: one
    statement in each case.

    Return the nonce of this sign-up: an unconfirmed account has it until the next one.
    """
    said = _filled(User(id=user_id, email=newcomer.email), newcomer, handle, approved)
    values = {name: getattr(said, name) for name in ("id", "email", *FILLED)}
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    noted = dialect.insert(User).values(**values)
    stays = User.verified_at.is_not(None)
    kept = {
        name: sa.case((stays, getattr(User, name)), else_=noted.excluded[name]) for name in FILLED
    }
    db.session.execute(noted.on_conflict_do_update(index_elements=["email"], set_=kept))
    return said.nonce


#: What a sign-up says of an account.
FILLED = (
    *("created_at", "handle", "first_name", "last_name", "password_hash", "zone", "locale"),
    *("terms_version", "approved_at", "nonce", "search_text"),
)


def _filled(user: User, newcomer: NewAccount, handle: str, approved: bool) -> User:
    user.created_at = clock.now()
    user.handle = handle
    user.first_name, user.last_name = newcomer.first_name, newcomer.last_name
    user.password_hash = newcomer.password_hash
    user.zone, user.locale = newcomer.zone, newcomer.locale
    user.terms_version = newcomer.terms_version
    user.approved_at = clock.now() if approved else None
    user.renew_nonce()
    user.renew_search_text()
    return user


def create_admin(newcomer: NewAccount) -> User:
    """An admin's account stands, its address taken as confirmed: anyone who has the command line
    has the site.
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
    """The account that was there already is an admin's."""
    user.is_admin = True
    user.verified_at = user.verified_at or clock.now()
    user.approved_at = user.approved_at or clock.now()
    audit.record("admin.made", subject=user)


def approve(person: User, by: User | None = None) -> None:
    """The person may sign in, and is told by email; nothing happens when they may already.

    `by` is None on the command line.
    """
    person = locked(User, person.id)
    if person.is_approved:
        return
    person.approved_at = clock.now()
    audit.record("account.approved", by=by, subject=person)
    outbox.enqueue_email("accounts/approved", to=person.email, locale=person.locale, user=person.id)
    hooks.user_approved(user=person)


def decline(person: User, by: User) -> None:
    """The account of someone who still waits is gone, and its owner is told by email; nothing
    happens when they don't wait.
    """
    person = locked(User, person.id)
    if person.is_approved:
        return
    audit.record("account.declined", by=by, subject=person)
    outbox.enqueue_email("accounts/declined", to=person.email, locale=person.locale)
    db.session.delete(person)
