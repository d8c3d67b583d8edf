"""The words of this feature's letters, found when they are delivered.

The heading of the text is the subject.
"""

from uuid import UUID

from ..core.extensions import db
from ..core.links import absolute
from ..mail.letters import Context, Which, letter, undecided
from . import addresses, invitations, links, reads
from .models import Invitation, MailedLink, User


def _user(user_id: str) -> User | None:
    """The account, also one that is closed: about its safety its owner hears all the same."""
    return db.session.get(User, UUID(user_id))


def _link(link_id: str, path: str) -> Context | None:
    """None when the link is used or dead.

    One that is only too old still goes out: its page offers another.
    """
    link = db.session.get(MailedLink, UUID(link_id))
    if link is None or not links.is_open(link):
        return None
    return {"user": link.user, "url": absolute(f"{path}/{link.id}/{links.token(link)}")}


@undecided("accounts/sign_up")
def sign_up(_address: str, locale: str, user: str, nonce: str = "") -> Which | None:
    """The link that confirms the address; or, where it's confirmed already, that it has an account.

    None once the account is as a later sign-up says: that one sends its own.
    """
    person = _user(user)
    if person is None:
        return None
    if person.is_verified:
        return Which("accounts/already", person.locale, {"user": person.id})
    if nonce and nonce != person.nonce:
        return None
    return Which("accounts/verify", locale, {"link": links.living(person, links.VERIFY).id})


@letter("accounts/verify")
def verify(link: str) -> Context | None:
    """Confirms the address of a new account."""
    found = _link(link, "/verification")
    return found if found and not found["user"].is_verified else None


@undecided("accounts/forgotten")
def forgotten(address: str, _locale: str) -> Which | None:
    """The link to a new password, where an account has the address and may use it."""
    user = reads.by_email(address)
    if user is None or not (user.is_active or user.may_return):
        return None
    return Which("accounts/reset", user.locale, {"link": links.living(user, links.RESET).id})


@letter("accounts/reset")
def reset(link: str) -> Context | None:
    """Leads to the choice of a new password."""
    return _link(link, "/password/reset")


@letter("accounts/already")
def already(user: str) -> Context | None:
    """Somebody signed up with an address that has an account, perhaps one that is about to be
    deleted.
    """
    person = _user(user)
    if person is None or not (person.is_active or person.may_return):
        return None
    until = person.leaves_at if person.is_leaving else None
    return {
        "user": person,
        "until": until,
        "sign_in_url": absolute("/sign-in"),
        "forgotten_url": absolute("/password/forgotten"),
    }


@letter("accounts/password_changed")
def password_changed(user: str) -> Context | None:
    """Tells the owner that the password is another one."""
    person = _user(user)
    return {"user": person, "url": absolute("/password/forgotten")} if person else None


@letter("accounts/leaving")
def leaving(user: str) -> Context | None:
    """Tells whoever asked to be deleted until when they can come back; pointless once they have,
    or are gone.
    """
    person = _user(user)
    if person is None or not person.may_return or person.leaves_at is None:
        return None
    return {"user": person, "until": person.leaves_at, "url": absolute("/sign-in")}


@undecided("accounts/change_new")
def change_new(address: str, locale: str, link: str) -> Which:
    """The link that makes the address the account's; or, to whoever has it already, that
    somebody wanted it.
    """
    owner = reads.by_email(address)
    if owner is None or not owner.is_verified:
        return Which("accounts/change_confirm", locale, {"link": link})
    return Which("accounts/change_taken", owner.locale, {"user": owner.id})


@letter("accounts/change_confirm")
def change_confirm(link: str) -> Context | None:
    """Makes the address that it goes to the account's."""
    return _link(link, "/email-change")


@letter("accounts/change_taken")
def change_taken(user: str) -> Context | None:
    """Somebody wanted an address for their account that has one already."""
    person = _user(user)
    return (
        {"user": person, "url": absolute("/sign-in")}
        if person is not None and person.is_active
        else None
    )


@letter("accounts/change_asked")
def change_asked(link: str) -> Context | None:
    """Tells the old address that another one was asked for. Pointless once it was withdrawn."""
    row = db.session.get(MailedLink, UUID(link))
    if row is None or not links.is_open(row):
        return None
    return {
        "user": row.user,
        "masked": addresses.masked(row.email),
        "url": absolute("/password/forgotten"),
    }


@letter("accounts/email_changed")
def email_changed(user: str) -> Context | None:
    """Tells both addresses which one the account has now."""
    person = _user(user)
    if person is None:
        return None
    return {
        "user": person,
        "masked": addresses.masked(person.email),
        "url": absolute("/account/security"),
    }


@letter("accounts/waiting")
def waiting(user: str, person: str) -> Context | None:
    """Tells an admin, the `user`, that somebody waits to be let in."""
    admin, who = _user(user), _user(person)
    if admin is None or not (admin.is_admin and admin.is_active) or who is None or who.is_approved:
        return None
    return {"user": admin, "person": who, "url": absolute("/admin/approvals")}


@letter("accounts/admins")
def admins(user: str, person: str, by: str, made: str) -> Context | None:
    """Tells an admin, and whom it is about, who looks after the site from now on, or does no
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


@letter("accounts/approved")
def approved(user: str) -> Context | None:
    """Tells somebody that they may sign in."""
    person = _user(user)
    return {"user": person, "url": absolute("/sign-in")} if person else None


@letter("accounts/declined")
def declined() -> Context:
    """Tells somebody that they were not let in; their account is gone by then."""
    return {}


@letter("accounts/invited")
def invited(invitation: str) -> Context | None:
    """Invites an address to sign up."""
    row = db.session.get(Invitation, UUID(invitation))
    if row is None or row.used_at is not None:
        return None
    return {
        "url": absolute(f"/sign-up/{row.id}/{invitations.token(row)}"),
        "days": invitations.LIFE.days,
    }
