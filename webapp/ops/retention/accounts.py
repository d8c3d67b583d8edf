"""Lines of the table about accounts: links, handles, the browsers in which somebody is signed in."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...accounts import sign_ups
from ...accounts.models import FormerHandle, HeldHandle, Invitation, MailedLink, SignIn, User
from .lines import AT_ONCE, WEEK, Line, Setting


def _idle(now: datetime, settings: Setting) -> sa.ColumnElement[bool]:
    """Past its last day, or unused for longer than a sign-in that is not kept may be."""
    unused = sa.and_(~SignIn.kept, SignIn.last_seen_at <= now - timedelta(hours=settings["SIGN_IN_IDLE_HOURS"]))
    return sa.or_(SignIn.expires_at <= now, unused)


ACCOUNTS = [
    Line(
        "unconfirmed",
        _("Accounts whose address nobody confirmed"),
        User,
        sign_ups.UNVERIFIED_FOR,
        _("signing up"),
        _("Somebody may have typed the address of another person."),
        lambda now, _s: sa.and_(User.verified_at.is_(None), User.created_at <= now - sign_ups.UNVERIFIED_FOR),
    ),
    Line(
        "handles",
        _("Handles that nobody got"),
        HeldHandle,
        AT_ONCE,
        _("the week is over for which they count as taken"),
        _("So that a sign-up tells nobody whether an address has an account."),
        lambda now, _s: HeldHandle.held_until <= now,
    ),
    Line(
        "former-handles",
        _("Handles that somebody had before"),
        FormerHandle,
        AT_ONCE,
        _("the 90 days are over in which they lead to their person"),
        _("So that links still work after a change, and nobody takes another’s name."),
        lambda now, _s: FormerHandle.held_until <= now,
    ),
    Line(
        "links",
        _("Mailed links, used or not"),
        MailedLink,
        WEEK,
        _("they stopped working"),
        _("Their pages can say that the link is too old."),
        lambda now, _s: MailedLink.expires_at <= now - WEEK,
    ),
    Line(
        "invitations",
        _("Addresses that were invited to the site"),
        Invitation,
        WEEK,
        _("the invitation ended"),
        _("Its page can say that it is over."),
        lambda now, _s: Invitation.expires_at <= now - WEEK,
    ),
    Line(
        "sign-ins",
        _("Browsers in which somebody was signed in"),
        SignIn,
        AT_ONCE,
        _("the sign-in ran out; signing out deletes it there and then"),
        _("They show you where you are signed in, and nothing else needs them."),
        _idle,
    ),
]
