"""The words of this feature's emails, found when they are delivered.

The heading of the text is the subject.
"""

from uuid import UUID

from ..core.extensions import db
from ..core.http.links import absolute
from ..mail.emails import EmailChoice, EmailContext, decided_on_delivery, email_context
from . import email_addresses, emailed_links, invitations, reads
from .models import EmailedLink, Invitation, User


def _user(user_id: str) -> User | None:
    """The account, also one that is closed: about its safety its owner hears all the same."""
    return db.session.get(User, UUID(user_id))


def _link(link_id: str, path: str) -> EmailContext | None:
    """None when the link is used or dead.

    One that is only too old still goes out: its page offers another.
    """
    link = db.session.get(EmailedLink, UUID(link_id))
    if link is None or not emailed_links.is_open(link):
        return None
    return {"user": link.user, "url": absolute(f"{path}/{link.id}/{emailed_links.token(link)}")}


@decided_on_delivery("accounts/sign_up")
def sign_up(_address: str, locale: str, user: str, nonce: str = "") -> EmailChoice | None:
    """The link that confirms the address; or, where it's confirmed already, that it has an account.

    None once the account is as a later sign-up says: that one sends its own.
    """
    person = _user(user)
    if person is None:
        return None
    if person.is_verified:
        return EmailChoice("accounts/already", person.locale, {"user": person.id})
    if nonce and nonce != person.nonce:
        return None
    return EmailChoice(
        "accounts/verify",
        locale,
        {"link": emailed_links.current_or_new(person, emailed_links.VERIFY).id},
    )


@email_context("accounts/verify")
def verify(link: str) -> EmailContext | None:
    """Confirms the address of a new account."""
    found = _link(link, "/verification")
    return found if found and not found["user"].is_verified else None


@decided_on_delivery("accounts/forgotten")
def forgotten(address: str, _locale: str) -> EmailChoice | None:
    """The link to a new password, where an account has the address and may use it."""
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
    """Leads to the choice of a new password."""
    return _link(link, "/password/reset")


@email_context("accounts/already")
def already(user: str) -> EmailContext | None:
    """Someone signed up with an address that has an account, perhaps one that is about to be
    deleted.
    """
    person = _user(user)
    if person is None or not (person.is_active or person.may_return):
        return None
    until = person.deletion_due_at if person.is_leaving else None
    return {
        "user": person,
        "until": until,
        "sign_in_url": absolute("/sign-in"),
        "forgotten_url": absolute("/password/forgotten"),
    }


@email_context("accounts/password_changed")
def password_changed(user: str) -> EmailContext | None:
    """Tells the owner that the password is another one."""
    person = _user(user)
    return {"user": person, "url": absolute("/password/forgotten")} if person else None


@email_context("accounts/leaving")
def leaving(user: str) -> EmailContext | None:
    """Tells the person who asked to be deleted until when they can come back; pointless once they
    have, or are gone.
    """
    person = _user(user)
    if person is None or not person.may_return or person.deletion_due_at is None:
        return None
    return {"user": person, "until": person.deletion_due_at, "url": absolute("/sign-in")}


@decided_on_delivery("accounts/change_new")
def change_new(address: str, locale: str, link: str) -> EmailChoice:
    """The link that makes the address the account's; or, to anyone who has it already, that
    someone wanted it.
    """
    owner = reads.by_email(address)
    if owner is None or not owner.is_verified:
        return EmailChoice("accounts/change_confirm", locale, {"link": link})
    return EmailChoice("accounts/change_taken", owner.locale, {"user": owner.id})


@email_context("accounts/change_confirm")
def change_confirm(link: str) -> EmailContext | None:
    """Makes the address that it goes to the account's."""
    return _link(link, "/email-change")


@email_context("accounts/change_taken")
def change_taken(user: str) -> EmailContext | None:
    """Someone wanted an address for their account that has one already."""
    person = _user(user)
    return (
        {"user": person, "url": absolute("/sign-in")}
        if person is not None and person.is_active
        else None
    )


@email_context("accounts/change_asked")
def change_asked(link: str) -> EmailContext | None:
    """Tells the old address that another one was asked for. Pointless once it was withdrawn."""
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
    """Tells both addresses which one the account has now."""
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
    """Tells an admin, and whom it is about, who manages the site from now on, or does no
    more.
    """
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
    """Tells someone that they may sign in."""
    person = _user(user)
    return {"user": person, "url": absolute("/sign-in")} if person else None


@email_context("accounts/declined")
def declined() -> EmailContext:
    """Tells someone that they were not let in; their account is gone by then."""
    return {}


@email_context("accounts/invited")
def invited(invitation: str) -> EmailContext | None:
    """Invites an address to sign up."""
    row = db.session.get(Invitation, UUID(invitation))
    if row is None or row.used_at is not None:
        return None
    return {
        "url": absolute(f"/sign-up/{row.id}/{invitations.token(row)}"),
        "days": invitations.LIFE.days,
    }
