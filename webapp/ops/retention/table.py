"""The table: what is cleared away, after how long, and why; and what stays as long as someone
wants it.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...attendance.models import HostMessage
from ...conversation.models import VOTE, Reply, ReplyVersion, Thread
from ...core.jobs.fan_out import FanOut
from ...core.observability.audit import ADDRESSES_KEPT, AuditAddress
from ...events import hosts
from ...events.models import RESTORABLE, Event, HostInvitation
from ...groups import groups
from ...groups.models import Group, JoinRequest
from ...invitations.models import QUIET, GroupInvitation, Mailing
from ...mail.models import OutgoingEmail
from ...moderation.models import CLOSED, Case, Report, ReportAddress
from ...news.models import NewsItem
from ...notifications.models import DigestEmail, Notification
from ...privacy import exports
from ...privacy import leases as export_leases
from ...privacy.models import DataExport
from ...voting.models import Vote
from .accounts import ACCOUNTS
from .events import EVENTS
from .kept import IMPERSONAL as IMPERSONAL
from .kept import KEPT as KEPT
from .rules import AT_ONCE, MONTH, QUARTER, SWEEPS, WEEK, YEAR, RetentionRule, Sweep


def _decided(before: datetime) -> sa.Select[Any]:
    """The reports in cases that were closed before that."""
    return (
        sa.select(Report.id).join(Report.case).where(Case.closed_at < before, Case.state == CLOSED)
    )


def _is_voted_on() -> sa.ColumnElement[bool]:
    """The condition on Event that a vote about it isn't over yet; what was decided stays when
    the event goes.
    """
    over = sa.or_(
        Vote.closed_at.is_not(None), Vote.cancelled_at.is_not(None), Vote.deleted_at.is_not(None)
    )
    return sa.exists().where(Vote.event_id == Event.id, ~over)


TABLE = [
    *ACCOUNTS,
    *EVENTS,
    RetentionRule(
        "letters",
        _("Who was sent which mail"),
        OutgoingEmail,
        MONTH,
        _("it was sent, dropped or given up"),
        _(
            "To find out why a mail did not arrive. What a mail says is never kept, only what it "
            "is about."
        ),
        lambda now, _s: OutgoingEmail.ended_at < now - MONTH,
    ),
    RetentionRule(
        "inbox",
        _("Lines in your inbox"),
        Notification,
        QUARTER,
        _("they came, read or not"),
        _("Old news helps nobody; what it was about keeps its own page."),
        lambda now, _s: Notification.created_at < now - QUARTER,
    ),
    RetentionRule(
        "digests",
        _("That you were sent a daily mail"),
        DigestEmail,
        QUARTER,
        _("it was sent"),
        _("As long as the lines that it spoke of."),
        lambda now, _s: DigestEmail.created_at < now - QUARTER,
    ),
    RetentionRule(
        "host-messages",
        _("Messages to the hosts of an event"),
        HostMessage,
        MONTH,
        _("they were written"),
        _("As long as their mail may still be on its way."),
        lambda now, _s: HostMessage.created_at < now - MONTH,
    ),
    RetentionRule(
        "host-invitations",
        _("Whom someone asked to run an event, and who has not answered"),
        HostInvitation,
        hosts.STANDS,
        _("they were asked"),
        _("Long enough to answer. Who says yes or no is on this list no more."),
        lambda now, _s: HostInvitation.expires_at <= now,
    ),
    RetentionRule(
        "declined",
        _("Requests to join a group that were declined"),
        JoinRequest,
        QUARTER,
        _("they were declined"),
        _("The people who look after a group remember what they have answered lately."),
        lambda now, _s: JoinRequest.declined_at < now - QUARTER,
    ),
    RetentionRule(
        "group-invitations",
        _("Whom a group has invited by mail"),
        GroupInvitation,
        QUIET,
        _("it was written to last"),
        _(
            "So that nobody is written to again too soon. The address itself goes when the "
            "invitation is taken back."
        ),
        lambda now, _s: GroupInvitation.sent_at <= now - QUIET,
    ),
    RetentionRule(
        "invitation-links",
        _("Links that invited into a group"),
        GroupInvitation,
        MONTH,
        _("they ended"),
        _("Their pages can say that it is over."),
        lambda now, _s: sa.and_(
            GroupInvitation.address_hash.is_(None),
            sa.or_(
                GroupInvitation.ended_at <= now - MONTH, GroupInvitation.expires_at <= now - MONTH
            ),
        ),
    ),
    RetentionRule(
        "mailings",
        _("How many invitations someone sent at once"),
        Mailing,
        WEEK,
        _("they were sent"),
        _("So that a group doesn’t write to too many in a day."),
        lambda now, _s: Mailing.created_at <= now - WEEK,
    ),
    RetentionRule(
        "news",
        _("What other sites said, as news of a group or of the site"),
        NewsItem,
        QUARTER,
        _("their site stopped listing it"),
        _("News of long ago is read where it was said."),
        lambda now, _s: NewsItem.unlisted_at < now - QUARTER,
    ),
    RetentionRule(
        "exports",
        _("The archive of your data that you asked for"),
        DataExport,
        export_leases.KEPT,
        _("it was packed"),
        _("Long enough to fetch it; it holds everything, so that it should not lie about."),
        lambda now, _s: DataExport.expires_at <= now,
        exports.clear_expired,
    ),
    RetentionRule(
        "addresses",
        _("From which address someone did what stands in the audit log"),
        AuditAddress,
        ADDRESSES_KEPT,
        _("they did it"),
        _("To find out who misused an account. What was done stays."),
        lambda now, _s: AuditAddress.created_at <= now - ADDRESSES_KEPT,
    ),
    RetentionRule(
        "cases",
        _("What was reported, and what was decided about it"),
        Case,
        YEAR,
        _("it was decided"),
        _(
            "Who looks after a group remembers what happened before. A copy of what was reported "
            "goes with it."
        ),
        lambda now, _s: sa.and_(Case.state == CLOSED, Case.closed_at < now - YEAR),
    ),
    RetentionRule(
        "report-addresses",
        _("Addresses that visitors left with a report"),
        ReportAddress,
        QUARTER,
        _("it was decided"),
        _("Until then someone could object, and the visitor might be asked."),
        lambda now, _s: ReportAddress.report_id.in_(_decided(now - QUARTER)),
    ),
    RetentionRule(
        "groups",
        _("Deleted groups, with their events and votes"),
        Group,
        groups.KEPT,
        _("they were deleted"),
        _("Until then an owner can bring them back."),
        lambda now, _s: Group.deleted_at < now - groups.KEPT,
    ),
    RetentionRule(
        "events",
        _("Deleted events, with their answers"),
        Event,
        RESTORABLE,
        _("they were deleted"),
        _("Until then a host can bring them back."),
        lambda now, _s: sa.and_(Event.deleted_at < now - RESTORABLE, ~_is_voted_on()),
    ),
    RetentionRule(
        "threads",
        _("Deleted threads, with everything that was written in them"),
        Thread,
        MONTH,
        _("they were deleted"),
        _("Until then it can be looked into whether that was right."),
        lambda now, _s: Thread.deleted_at < now - MONTH,
    ),
    RetentionRule(
        "removed-words",
        _(
            "The words of replies that their author deleted or a moderator removed, in every "
            "version"
        ),
        ReplyVersion,
        MONTH,
        _("they were deleted or removed; their place in the thread stays"),
        _("Until then it can be looked into whether that was right."),
        lambda now, _s: ReplyVersion.reply_id.in_(
            sa.select(Reply.id).where(Reply.removed_at < now - MONTH)
        ),
    ),
    RetentionRule(
        "votes",
        _("Votes that were deleted before they opened"),
        Vote,
        MONTH,
        _("they were deleted"),
        _("Until then a mistake can be undone."),
        lambda now, _s: Vote.deleted_at < now - MONTH,
    ),
    RetentionRule(
        "vote-comments",
        _("What was said about a vote"),
        Thread,
        AT_ONCE,
        _("the vote is gone for good"),
        _("It goes with what it is about."),
        lambda _now, _s: sa.and_(
            Thread.kind == VOTE, ~sa.exists().where(Vote.thread_id == Thread.id)
        ),
    ),
    RetentionRule(
        "fan-outs",
        _("How many were told or reminded of a vote, an event or a reply, and who asked for it"),
        FanOut,
        MONTH,
        _("everyone was told"),
        _("So that nobody is told twice."),
        lambda now, _s: FanOut.ended_at < now - MONTH,
    ),
]

#: Both, in the order in which they are carried out: rows first, for their files.
ALL: list[RetentionRule | Sweep] = [*TABLE, *SWEEPS]
