"""Accounts in each state, links in emails to them, and a site with additional requirements."""

from datetime import timedelta

import sqlalchemy as sa

from tests import factories
from webapp.accounts import (
    account_deletion,
    blocks,
    email_addresses,
    emailed_links,
    invitations,
    suspensions,
)
from webapp.accounts.models import SignIn
from webapp.admin import announcements
from webapp.core import site_settings
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.groups.models import INVITE, JOIN, OPEN, SECRET, OwnSettings
from webapp.mail import email_check
from webapp.privacy import pages
from webapp.privacy.models import DataExport

from . import Look, SampleRows


def links_in_emails(c: SampleRows) -> list[Look]:
    """Links that confirm an address, valid, expired and used again; a changed address; a new
    password.
    """
    new = factories.user("New", verified_at=None)
    late = factories.user("Late", verified_at=None)
    looks = []
    for who, purpose in (
        (new, emailed_links.VERIFY),
        (late, emailed_links.VERIFY),
        (c.member, emailed_links.RESET),
    ):
        link = emailed_links.current_or_new(who, purpose)
        if who is late:
            link.expires_at = clock.now() - timedelta(hours=1)
        db.session.flush()
        path = {emailed_links.VERIFY: "verification", emailed_links.RESET: "password/reset"}[
            purpose
        ]
        looks.append(Look("visitor", f"/{path}/{link.id}/{emailed_links.token(link)}"))
    used = emailed_links.current_or_new(c.stranger, emailed_links.VERIFY)
    used.used_at = clock.now()
    looks.append(Look("member", f"/verification/{used.id}/{emailed_links.token(used)}"))
    email_addresses.ask(c.member, "elsewhere@example.org")
    db.session.flush()
    link = email_addresses.pending(c.member)
    path = f"/email-change/{link.id}/{emailed_links.token(link)}"
    db.session.commit()
    return [
        *looks,
        Look("visitor", path),
        Look("member", path),
        Look("member", "/account/security"),
    ]


def signing_in(c: SampleRows) -> list[Look]:
    """Signing in with an unconfirmed address, and to an account that will be deleted."""
    new = factories.user("New", verified_at=None)
    leaves = factories.user("Lea")
    account_deletion.leave(leaves)
    db.session.commit()

    def enters(person):
        given = {"name": person.handle, "password": factories.PASSWORD}
        return lambda tab: tab.submit("/sign-in", **given)

    return [
        Look("visitor", "/sign-in"),
        *(Look("visitor", "/sign-in", enters(who)) for who in (new, leaves)),
    ]


def proving(c: SampleRows) -> list[Look]:
    """A form sent long after the last sign-in: the page that asks for the password keeps the form's
    values.
    """

    def sends_late(tab):
        long_ago = clock.now() - timedelta(hours=1)
        db.session.execute(sa.update(SignIn).values(reauthenticated_at=long_ago))
        db.session.commit()
        tab.submit("/account/email", email="elsewhere@example.org")

    return [Look("member", "/account/email", sends_late)]


def invited_to_the_site(c: SampleRows) -> list[Look]:
    """Signing up by the link in an invitation."""
    asked = invitations.invite("hal@example.org")
    db.session.commit()
    return [Look("visitor", f"/sign-up/{asked.id}/{invitations.token(asked)}")]


def an_account(c: SampleRows) -> list[Look]:
    """An account that has blocked or muted two others, and one that leaves."""
    blocks.block_or_mute(c.member, c.owner, "mute")
    blocks.block_or_mute(c.member, c.moderator, "block")
    db.session.commit()
    looks = [
        Look("member", "/account/blocks"),
        Look("member", f"/people/{c.owner.handle}/block"),
    ]
    looks += [
        Look("member", f"/people/{c.owner.handle}"),
        Look("member", f"/people/{c.moderator.handle}"),
    ]
    return [*looks, Look("member", "/account/deletion"), Look("stranger", "/account/deletion")]


def house_rules(c: SampleRows) -> list[Look]:
    """New house rules to agree to."""
    pages.publish("terms", "Be kind.", c.admin, after=1, requires_agreement=True)
    db.session.commit()
    return [
        Look("member", "/account/agreement"),
        Look("visitor", "/sign-up"),
        Look("admin", "/admin/pages/terms"),
    ]


def looked_after(c: SampleRows) -> list[Look]:
    """People in each state as admins see them; restricted creation of groups; an announcement."""
    other = factories.user("Other", is_admin=True)
    new = factories.user("New", verified_at=None)
    waits = factories.user("Waits", approved_at=None)
    site_settings.write("GROUP_CREATION", "approved")
    site_settings.write("SIGN_UP", "approval")
    announcements.announce("We move house on Friday.", "note", None, by=c.admin)
    closed = factories.user("Closed")
    suspensions.suspend(closed, by=c.admin)
    hidden = {"visibility": SECRET, "join_policy": INVITE}
    waiting = OwnSettings(OPEN, JOIN, awaits_approval=True)
    named = factories.group(c.owner, settings_before_hiding=waiting, **hidden)
    db.session.commit()
    looks = [Look("admin", f"/admin/people/{one.handle}") for one in (other, new, waits, c.member)]
    looks += [
        Look("admin", f"/admin/people/{other.handle}/admin/removal"),
        Look("admin", "/admin/approvals"),
    ]
    looks += [
        Look("visitor", "/sign-up"),
        Look("member", "/groups/new"),
        Look("admin", "/admin/settings"),
    ]

    looks += [Look("member", "/announcement"), Look("admin", "/admin/announcement/removal")]
    looks += [Look("admin", f"/admin/decisions/group/{named.id}")]
    return [*looks, Look("admin", f"/admin/decisions/person/{closed.id}")]


def an_archive(c: SampleRows) -> list[Look]:
    """A data archive that is ready."""
    export = DataExport(user_id=c.member.id, state="ready", size=1000, file="none")
    export.expires_at = clock.now() + timedelta(days=7)
    db.session.add(export)
    db.session.commit()
    return [Look("member", "/account/data")]


def a_test_email(c: SampleRows) -> list[Look]:
    """The link in the site's test email."""
    email_check.send(c.admin.email)
    db.session.commit()
    return [Look("admin", f"/admin/test-email/{email_check.written()['token']}")]


SCENES = [
    links_in_emails,
    signing_in,
    proving,
    invited_to_the_site,
    an_account,
    house_rules,
    looked_after,
    an_archive,
    a_test_email,
]
