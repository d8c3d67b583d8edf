"""The words of this feature's letters, found when they are delivered."""

import uuid
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from ...core.extensions import db
from ...mail.letters import letter
from .. import addresses, invitations, links
from ..models import Invitation, MailedLink, User

Context = dict[str, Any] | None


def _url(path: str) -> str:
    return str(current_app.config["SITE_URL"]) + path


def _user(user_id: str) -> User | None:
    return db.session.get(User, uuid.UUID(user_id))


def _link(link_id: str, path: str, subject: str) -> Context:
    """None when the link is used or dead. One that is only too old still goes out: its page offers another."""
    link = db.session.get(MailedLink, uuid.UUID(link_id))
    if link is None or not links.is_open(link):
        return None
    return {"subject": subject, "user": link.user, "url": _url(f"{path}/{link.id}/{links.token(link)}")}


@letter("accounts/verify")
def verify(link: str) -> Context:
    """Confirms the address of a new account."""
    found = _link(link, "/verification", _("Confirm your e-mail address"))
    return found if found and not found["user"].is_verified else None


@letter("accounts/reset")
def reset(link: str) -> Context:
    """Leads to the choice of a new password."""
    return _link(link, "/password/reset", _("Choose a new password"))


@letter("accounts/already")
def already(user: str) -> Context:
    """Somebody signed up with an address that has an account."""
    subject = _("You already have an account")
    urls = {"sign_in_url": _url("/sign-in"), "forgotten_url": _url("/password/forgotten")}
    person = _user(user)
    return {"subject": subject, "user": person, **urls} if person and person.is_active else None


@letter("accounts/password_changed")
def password_changed(user: str) -> Context:
    """Tells the owner that the password is another one."""
    person = _user(user)
    return {"subject": _("Your password was changed"), "user": person, "url": _url("/password/forgotten")} if person else None


@letter("accounts/leaving")
def leaving(user: str) -> Context:
    """Tells whoever asked to be deleted until when they can come back; pointless once they have, or are gone."""
    person = _user(user)
    if person is None or not person.is_leaving or person.leaves_at is None:
        return None
    return {"subject": _("Your account will be deleted"), "user": person, "until": person.leaves_at, "url": _url("/sign-in")}


@letter("accounts/change_confirm")
def change_confirm(link: str) -> Context:
    """Makes the address that it goes to the account's."""
    return _link(link, "/email-change", _("Confirm your new address"))


@letter("accounts/change_taken")
def change_taken(user: str) -> Context:
    """Somebody wanted an address for their account that has one already."""
    person = _user(user)
    known = person is not None and person.is_active
    return {"subject": _("This address has an account already"), "user": person, "url": _url("/sign-in")} if known else None


@letter("accounts/change_asked")
def change_asked(link: str) -> Context:
    """Tells the old address that another one was asked for. Pointless once it was withdrawn."""
    row = db.session.get(MailedLink, uuid.UUID(link))
    if row is None or not links.is_open(row):
        return None
    words = {"subject": _("Your address is about to change"), "masked": addresses.masked(row.email)}
    return {**words, "user": row.user, "url": _url("/password/forgotten")}


@letter("accounts/email_changed")
def email_changed(user: str) -> Context:
    """Tells both addresses which one the account has now."""
    person = _user(user)
    if person is None:
        return None
    words = {"subject": _("Your address was changed"), "masked": addresses.masked(person.email)}
    return {**words, "user": person, "url": _url("/account/security")}


@letter("accounts/waiting")
def waiting(user: str, person: str) -> Context:
    """Tells an admin, the `user`, that somebody waits to be let in."""
    admin, who = _user(user), _user(person)
    if admin is None or not (admin.is_admin and admin.is_active) or who is None or who.is_approved:
        return None
    subject = _("%(name)s would like to join", name=who.name)
    return {"subject": subject, "user": admin, "person": who, "url": _url("/admin/people")}


@letter("accounts/approved")
def approved(user: str) -> Context:
    """Tells somebody that they may sign in."""
    person = _user(user)
    return {"subject": _("You are in"), "user": person, "url": _url("/sign-in")} if person else None


@letter("accounts/declined")
def declined() -> Context:
    """Tells somebody that they were not let in; their account is gone by then."""
    return {"subject": _("Your sign-up was declined")}


@letter("accounts/invited")
def invited(invitation: str) -> Context:
    """Invites an address to sign up."""
    row = db.session.get(Invitation, uuid.UUID(invitation))
    if row is None or row.used_at is not None:
        return None
    url = _url(f"/sign-up/{row.id}/{invitations.token(row)}")
    site = current_app.config["SITE_NAME"]
    return {"subject": _("You are invited to %(site)s", site=site), "url": url, "days": invitations.LIFE.days}
