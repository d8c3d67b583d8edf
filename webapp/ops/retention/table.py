"""The table: what is cleared away, after how long, and why; and what stays as long as somebody wants it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...accounts import sign_ups
from ...accounts.models import FormerHandle, HeldHandle, Invitation, MailedLink, SignIn, User
from ...core.audit import ADDRESSES_KEPT, AuditAddress
from ...events import planning
from ...events.models import Event, HostMessage
from ...groups import groups
from ...groups.models import Group, JoinRequest
from ...mail.models import Letter
from ...notifications.models import Digest, Notification
from ...privacy import exports
from ...privacy import leases as export_leases
from ...privacy.models import DataExport
from ...voting.models import Vote
from .sweeps import SWEEPS, Sweep

Setting = Mapping[str, Any]
AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Line:
    """Rows of `model` are deleted once `over(now, settings)` holds of them: `after` so long `since` something."""

    key: str
    what: Any
    model: type
    after: timedelta
    since: Any
    why: Any
    over: Callable[[datetime, Setting], sa.ColumnElement[bool]]
    #: takes away what lies outside of the database, before its rows go
    clear: Callable[[], None] | None = None


def _idle(now: datetime, settings: Setting) -> sa.ColumnElement[bool]:
    """Past its last day, or unused for longer than a sign-in that is not kept may be."""
    unused = sa.and_(~SignIn.kept, SignIn.last_seen_at <= now - timedelta(hours=settings["SIGN_IN_IDLE_HOURS"]))
    return sa.or_(SignIn.expires_at <= now, unused)


WEEK, MONTH, QUARTER = timedelta(days=7), timedelta(days=30), timedelta(days=90)

TABLE = [
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
    Line(
        "letters",
        _("Who was sent which mail"),
        Letter,
        MONTH,
        _("it was sent, dropped or given up"),
        _("To find out why a mail did not arrive. What a mail says is never kept, only what it is about."),
        lambda now, _s: Letter.ended_at < now - MONTH,
    ),
    Line(
        "inbox",
        _("Lines in your inbox"),
        Notification,
        QUARTER,
        _("they came, read or not"),
        _("Old news helps nobody; what it was about keeps its own page."),
        lambda now, _s: Notification.created_at < now - QUARTER,
    ),
    Line(
        "digests",
        _("That you were sent a daily mail"),
        Digest,
        QUARTER,
        _("it was sent"),
        _("As long as the lines that it spoke of."),
        lambda now, _s: Digest.created_at < now - QUARTER,
    ),
    Line(
        "host-messages",
        _("Messages to the hosts of an event"),
        HostMessage,
        MONTH,
        _("they were written"),
        _("As long as their mail may still be on its way."),
        lambda now, _s: HostMessage.created_at < now - MONTH,
    ),
    Line(
        "declined",
        _("Requests to join a group that were declined"),
        JoinRequest,
        QUARTER,
        _("they were declined"),
        _("The people who look after a group remember what they have answered lately."),
        lambda now, _s: JoinRequest.declined_at < now - QUARTER,
    ),
    Line(
        "exports",
        _("The archive of your data that you asked for"),
        DataExport,
        export_leases.KEPT,
        _("it was packed"),
        _("Long enough to fetch it; it holds everything, so that it should not lie about."),
        lambda now, _s: DataExport.expires_at <= now,
        exports.clear_expired,
    ),
    Line(
        "addresses",
        _("From which address somebody did what stands in the audit log"),
        AuditAddress,
        ADDRESSES_KEPT,
        _("they did it"),
        _("To find out who misused an account. What was done stays."),
        lambda now, _s: AuditAddress.created_at <= now - ADDRESSES_KEPT,
    ),
    Line(
        "groups",
        _("Deleted groups, with their events and votes"),
        Group,
        groups.KEPT,
        _("they were deleted"),
        _("Until then an owner can bring them back."),
        lambda now, _s: Group.deleted_at < now - groups.KEPT,
    ),
    Line(
        "events",
        _("Deleted events, with their answers"),
        Event,
        planning.RESTORABLE,
        _("they were deleted"),
        _("Until then a host can bring them back."),
        lambda now, _s: Event.deleted_at < now - planning.RESTORABLE,
    ),
    Line(
        "votes",
        _("Deleted votes, with their roll and ballots"),
        Vote,
        MONTH,
        _("they were deleted"),
        _("Until then a mistake can be undone."),
        lambda now, _s: Vote.deleted_at < now - MONTH,
    ),
]

#: Both, in the order in which they are carried out: rows first, for their files.
ALL: list[Line | Sweep] = [*TABLE, *SWEEPS]

#: What no clock clears away, by table: each with its reason.
KEPT = {
    "user": (
        _("Your account"),
        _("As long as you have it, and 14 days more; then a row without a name stays, for those who need one."),
    ),
    "profile": (_("What your page says"), _("Until you change it, as long as you have your account.")),
    "interest": (_("What you are interested in"), _("Until you change it, as long as you have your account.")),
    "group": (_("Groups"), _("Until somebody who owns them deletes them.")),
    "group_slug": (_("Earlier addresses of a group"), _("As long as the group stands, so that old links lead to it.")),
    "membership": (_("Who belongs to a group"), _("Until they leave or are removed.")),
    "join_request": (
        _("Requests to join a group, with what was answered to its questions"),
        _("Until they are answered or taken back."),
    ),
    "ownership_offer": (_("Offers to own a group"), _("Until they are answered or taken back, 14 days at most.")),
    "preference": (_("How you want to hear of things"), _("As long as you have your account.")),
    "group_level": (_("How much you want to hear of a group"), _("Until you leave it.")),
    "distance": (_("Whom you muted or blocked"), _("Until you take it back, or one of you leaves the site.")),
    "ban": (_("Who may not come back into a group"), _("Until its last day, where it has one, or until it is lifted.")),
    "join_question": (_("What a group asks of people who would join"), _("Until those who look after it change it.")),
    "event_default": (_("What a group’s events begin with"), _("As long as the group stands.")),
    "vote_default": (_("What a group’s votes begin with"), _("As long as the group stands.")),
    "group_day": (_("How many belonged to a group on a day"), _("As long as the group stands: numbers without names.")),
    "event": (_("Events"), _("Until a host deletes them: what took place is part of a group’s memory.")),
    "event_host": (_("Who runs an event"), _("As long as the event stands.")),
    "rsvp": (_("Answers to an event"), _("As long as the event stands, or until you take yours back.")),
    "queue_step": (
        _("What happened in a waiting list"),
        _("As long as the event stands: whoever waited can see that it was fair."),
    ),
    "vote": (_("Votes"), _("Until they are deleted: a decision stands.")),
    "voter": (_("Who could vote"), _("As long as the vote stands: a result needs its roll.")),
    "ballot": (_("Ballots"), _("As long as the vote stands: a result can be counted again.")),
    "audit_entry": (
        _("Who did what that concerns others"),
        _("As long as the site stands: such as who changed a role, without what was written."),
    ),
}

#: Tables in which nothing speaks of a person.
IMPERSONAL = {"site_page", "category", "group_category", "option", "mark"}
