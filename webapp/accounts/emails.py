"""The contents of this feature's emails, collected when they are delivered.

The heading of the text is the subject.
"""

from uuid import UUID

from ..core.extensions import db
from ..core.http.links import absolute
from ..core.http.way_back import next_query
from ..mail.emails import EmailChoice, EmailContext, decided_on_delivery, email_context
from . import email_addresses, emailed_links, invitations, reads
from .models import EmailedLink, Invitation, User


def _user(user_id: str) -> User | None:
    """Return the account, even if it is closed: its owner must hear about its security."""
    return db.session.get(User, UUID(user_id))


def _link(link_id: str, path: str) -> EmailContext | None:
    """Return the link's URL; None if it is used or invalid.

    An expired link is sent all the same: its page offers a new one.
    """
    link = db.session.get(EmailedLink, UUID(link_id))
    if link is None or not emailed_links.is_open(link):
        return None
    return {"user": link.user, "url": absolute(f"{path}/{link.id}/{emailed_links.token(link)}")}


@decided_on_delivery("accounts/sign_up")
def sign_up(
    _address: str, locale: str, user: str, nonce: str = "", came_for: str = ""
) -> EmailChoice | None:
    """Send the link that confirms the address, or a note that it already has an account.

    None if there was a later sign-up, which sends its own link.
    """
    person = _user(user)
    if person is None:
        return None
    if person.is_verified:
        known = {"user": person.id, "came_for": came_for}
        return EmailChoice("accounts/already", person.locale, known)
    if nonce and nonce != person.nonce:
        return None
    return EmailChoice(
        "accounts/verify",
        locale,
        {"link": emailed_links.current_or_new(person, emailed_links.VERIFY).id},
    )


@email_context("accounts/verify", to_strangers=True)
def verify(link: str) -> EmailContext | None:
    """Confirm the address of a new account."""
    found = _link(link, "/verification")
    return {"url": found["url"]} if found and not found["user"].is_verified else None


@decided_on_delivery("accounts/forgotten")
def forgotten(address: str, _locale: str) -> EmailChoice | None:
    """Send the link to a new password if an active or leaving account has the address."""
    user = reads.by_email(address)
    if user is None or not (user.is_active or user.may_return):
        return None
    return EmailChoice(
        "accounts/reset",
        user.locale,
        {"link": emailed_links.current_or_new(user, emailed_links.RESET).id},
    )


@email_context("accounts/reset")
def reset(link: str) -> EmailContext | None:
    """The link to choose a new password."""
    return _link(link, "/password/reset")


@email_context("accounts/already")
def already(user: str, came_for: str = "") -> EmailContext | None:
    """Someone signed up with an address that has an account, perhaps one that is being deleted."""
    person = _user(user)
    if person is None or not (person.is_active or person.may_return):
        return None
    until = person.deletion_due_at if person.is_leaving else None
    return {
        "user": person,
        "until": until,
        "sign_in_url": absolute(f"/sign-in{next_query(came_for)}"),
        "forgotten_url": absolute(f"/password/forgotten{next_query(came_for)}"),
    }


@email_context("accounts/password_changed")
def password_changed(user: str) -> EmailContext | None:
    """Notify the owner that the password has changed."""
    person = _user(user)
    return {"user": person, "url": absolute("/password/forgotten")} if person else None


@email_context("accounts/leaving")
def leaving(user: str) -> EmailContext | None:
    """Tell someone who deletes their account until when they can come back.

    None if they have, or are gone.
    """
    person = _user(user)
    if person is None or not person.may_return or person.deletion_due_at is None:
        return None
    return {"user": person, "until": person.deletion_due_at, "url": absolute("/sign-in")}


@decided_on_delivery("accounts/change_new")
def change_new(address: str, locale: str, link: str) -> EmailChoice:
    """Send the link that confirms the new address, or a note to its owner that someone
    wanted it.
    """
    owner = reads.by_email(address)
    if owner is None or not owner.is_verified:
        return EmailChoice("accounts/change_confirm", locale, {"link": link})
    return EmailChoice("accounts/change_taken", owner.locale, {"user": owner.id})


@email_context("accounts/change_confirm", to_strangers=True)
def change_confirm(link: str) -> EmailContext | None:
    """The link that confirms the account's new address."""
    found = _link(link, "/email-change")
    return {"url": found["url"]} if found else None


@email_context("accounts/change_taken")
def change_taken(user: str) -> EmailContext | None:
    """Tell the owner of an address that someone wanted it for their account."""
    person = _user(user)
    return (
        {"user": person, "url": absolute("/sign-in")}
        if person is not None and person.is_active
        else None
    )


@email_context("accounts/change_asked")
def change_asked(link: str) -> EmailContext | None:
    """Notify the old address of the requested change. None if it was cancelled."""
    row = db.session.get(EmailedLink, UUID(link))
    if row is None or not emailed_links.is_open(row):
        return None
    return {
        "user": row.user,
        "masked": email_addresses.mask(row.email),
        "url": absolute("/password/forgotten"),
    }


@email_context("accounts/email_changed")
def email_changed(user: str) -> EmailContext | None:
    """Tell both addresses which one the account has now."""
    person = _user(user)
    if person is None:
        return None
    return {
        "user": person,
        "masked": email_addresses.mask(person.email),
        "url": absolute("/account/security"),
    }


@email_context("accounts/admins")
def admins(user: str, person: str, by: str, made: str) -> EmailContext | None:
    """Tell an admin, or the person concerned, who became an admin or no longer is one."""
    reader, who, actor = _user(user), _user(person), _user(by)
    if reader is None or who is None or actor is None:
        return None
    return {
        "user": reader,
        "person": who,
        "by": actor,
        "made": made,
        "url": absolute("/admin/people?show=admins"),
    }


@email_context("accounts/approved")
def approved(user: str) -> EmailContext | None:
    """Tell someone that they can sign in."""
    person = _user(user)
    if person is None:
        return None
    return {"user": person, "url": absolute(f"/sign-in{next_query(person.came_for or '')}")}


@email_context("accounts/declined", to_strangers=True)
def declined() -> EmailContext:
    """Tell someone that they were declined; their account is deleted by then."""
    return {}


@email_context("accounts/invited", to_strangers=True)
def invited(invitation: str) -> EmailContext | None:
    """Invite an address to sign up."""
    row = db.session.get(Invitation, UUID(invitation))
    if row is None or row.used_at is not None:
        return None
    return {
        "url": absolute(f"/sign-up/{row.id}/{invitations.token(row)}"),
        "days": invitations.LIFE.days,
    }
