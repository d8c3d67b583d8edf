"""Lines of the table about accounts: links, handles, the browsers in which someone is signed
in.
"""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...accounts import sign_ins, sign_ups
from ...accounts.models import FormerHandle, HeldHandle, Invitation, MailedLink, SignIn, User
from .rules import AT_ONCE, WEEK, RetentionRule

ACCOUNTS = [
    RetentionRule(
        "unconfirmed",
        _("Accounts whose address nobody confirmed"),
        User,
        sign_ups.UNVERIFIED_FOR,
        _("signing up"),
        _("Someone may have typed the address of another person."),
        lambda now, _s: sa.and_(
            User.verified_at.is_(None), User.created_at <= now - sign_ups.UNVERIFIED_FOR
        ),
    ),
    RetentionRule(
        "handles",
        _("Handles that are nobody’s for a while"),
        HeldHandle,
        AT_ONCE,
        _("a week is over since a sign-up, or 90 days since an account was deleted"),
        _(
            "So that a sign-up tells nobody whether an address has an account, and nobody is "
            "taken for someone who left."
        ),
        lambda now, _s: HeldHandle.held_until <= now,
    ),
    RetentionRule(
        "former-handles",
        _("Handles that someone had before"),
        FormerHandle,
        AT_ONCE,
        _("the 90 days are over in which they lead to their person"),
        _("So that links still work after a change, and nobody takes another’s name."),
        lambda now, _s: FormerHandle.held_until <= now,
    ),
    RetentionRule(
        "links",
        _("Mailed links, used or not"),
        MailedLink,
        WEEK,
        _("they stopped working"),
        _("Their pages can say that the link is too old."),
        lambda now, _s: MailedLink.expires_at <= now - WEEK,
    ),
    RetentionRule(
        "invitations",
        _("Addresses that were invited to the site"),
        Invitation,
        WEEK,
        _("the invitation ended"),
        _("Its page can say that it is over."),
        lambda now, _s: Invitation.expires_at <= now - WEEK,
    ),
    RetentionRule(
        "sign-ins",
        _("Browsers in which someone was signed in"),
        SignIn,
        AT_ONCE,
        _("the sign-in ran out; signing out deletes it there and then"),
        _("They show you where you are signed in, and nothing else needs them."),
        sign_ins.over,
    ),
]
