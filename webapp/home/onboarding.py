"""The first things to do: on a new site for its admin, and for a person who has just come."""

from flask import current_app, url_for
from flask_babel import gettext as _

from ..accounts.models import User
from ..core import site_settings as settled
from . import reads

#: done?, words, what it means, where to do it ("" where that is not a page), what its button says
Step = tuple[bool, str, str, str, str]


def of(user: User, is_new: bool) -> tuple[str, list[Step]]:
    """A heading and the steps; nothing for those who have taken them."""
    if user.is_admin:
        site = reads.site(user)
        if not all(site[:3]):
            return _("Set up the site"), _of_site(site)
    return (_("Getting started"), _of_newcomer(user)) if is_new else ("", [])


def _of_site(site: reads.Site) -> list[Step]:
    there = _("They sign up at %(address)s.", address=current_app.config["SITE_URL"])
    return [
        _email(site),
        *_group_and_event(site),
        _settings(),
        (site.has_others, _("Invite people"), there, "", ""),
    ]


def _email(site: reads.Site) -> Step:
    words = _(
        "People confirm their email address by email. Send yourself a test and open its link."
    )
    if current_app.config["DEV_MAIL"]:
        words = _(
            "People confirm their email address by email. Until you set MAIL_SERVER, emails stay "
            "at /dev/mail."
        )
        return (False, _("Set up email"), words, "/dev/mail", "")
    return (
        site.has_email,
        _("Set up email"),
        words,
        url_for("test_emails.show"),
        _("Send a test email"),
    )


def _settings() -> Step:
    words = _("Also set how it welcomes visitors, who can sign up, and who can start groups.")
    is_done = bool(settled.now().version)
    return (
        is_done,
        _("Name your site"),
        words,
        url_for("admin_settings.edit"),
        _("Open settings"),
    )


def _group_and_event(site: reads.Site) -> list[Step]:
    group = _("Groups plan events and votes together. You own it and can share the work.")
    event = _("Say what, when and where. People answer, and a waiting list forms when it’s full.")
    return [
        (
            site.has_group,
            _("Start the first group"),
            group,
            url_for("groups.new"),
            _("Start a group"),
        ),
        (
            site.has_event,
            _("Plan the first event"),
            event,
            url_for("events.new"),
            _("Create event"),
        ),
    ]


def _of_newcomer(user: User) -> list[Step]:
    confirm = _(
        "Open the link in the email we sent you. You can’t be offered seats or get news until then."
    )
    join = _("Some are open to everyone, some approve new members first.")
    come = _("Many are open to everyone, even without a group.")
    return [
        (
            user.is_verified,
            _("Confirm your email address"),
            confirm if not user.is_verified else _("Email confirmed."),
            "",
            "",
        ),
        (False, _("Join a group"), join, url_for("groups.index"), _("Browse groups")),
        (False, _("Find an event"), come, url_for("events.index"), _("Browse events")),
    ]
