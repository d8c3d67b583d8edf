"""Retention rules for accounts: links, handles and sign-ins."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...accounts import sign_ins, sign_ups
from ...accounts.models import EmailedLink, FormerHandle, HeldHandle, Invitation, SignIn, User
from .rules import AT_ONCE, WEEK, RetentionRule

ACCOUNTS = [
    RetentionRule(
        "unconfirmed",
        _("Accounts whose email address was never confirmed"),
        User,
        sign_ups.UNVERIFIED_FOR,
        _("the sign-up"),
        _("Someone may have entered another person’s address."),
        lambda now, _s: sa.and_(
            User.verified_at.is_(None), User.created_at <= now - sign_ups.UNVERIFIED_FOR
        ),
    ),
    RetentionRule(
        "handles",
        _("Reserved handles"),
        HeldHandle,
        AT_ONCE,
        _("a week has passed since a sign-up, or 90 days since an account was deleted"),
        _(
            "So that sign-ups do not reveal who has an account, and no one can take the handle "
            "of someone who left."
        ),
        lambda now, _s: HeldHandle.held_until <= now,
    ),
    RetentionRule(
        "former-handles",
        _("Previous handles"),
        FormerHandle,
        AT_ONCE,
        _("90 days have passed since the change; until then they lead to the new handle"),
        _("So that links still work after a change, and no one else can take the handle."),
        lambda now, _s: FormerHandle.held_until <= now,
    ),
    RetentionRule(
        "links",
        _("Links in emails, used or not"),
        EmailedLink,
        WEEK,
        _("they stopped working"),
        _("So that we can say that a link has expired."),
        lambda now, _s: EmailedLink.expires_at <= now - WEEK,
    ),
    RetentionRule(
        "invitations",
        _("Email addresses that were invited to the site"),
        Invitation,
        WEEK,
        _("the invitation ended"),
        _("So that we can say that an invitation has ended."),
        lambda now, _s: Invitation.expires_at <= now - WEEK,
    ),
    RetentionRule(
        "sign-ins",
        _("Browsers where someone was signed in"),
        SignIn,
        AT_ONCE,
        _("the sign-in has expired; signing out deletes it right away"),
        _("They show you where you are signed in. Nothing else needs them."),
        sign_ins.expired,
    ),
]
