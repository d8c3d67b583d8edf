"""The retention table: what is deleted after how long, and why."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from ...attendance.models import HostMessage
from ...conversation.models import VOTE, Reply, ReplyPicture, ReplyVersion, Thread
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
from ...privacy import exports, leases as export_leases
from ...privacy.models import DataExport
from ...voting.models import Vote
from .accounts import ACCOUNTS
from .events import EVENTS
from .kept import IMPERSONAL as IMPERSONAL, KEPT as KEPT
from .rules import AT_ONCE, MONTH, QUARTER, SWEEPS, WEEK, YEAR, RetentionRule, Sweep


def _decided(before: datetime) -> sa.Select[Any]:
    """Select the reports in cases that were closed before that."""
    return (
        sa.select(Report.id).join(Report.case).where(Case.closed_at < before, Case.state == CLOSED)
    )


def _is_voted_on() -> sa.ColumnElement[bool]:
    """The condition on Event that a vote about it isn't over.

    Decided votes stay when the event is deleted.
    """
    over = sa.or_(
        Vote.closed_at.is_not(None), Vote.cancelled_at.is_not(None), Vote.deleted_at.is_not(None)
    )
    return sa.exists().where(Vote.event_id == Event.id, ~over)


TABLE = [
    *ACCOUNTS,
    *EVENTS,
    RetentionRule(
        "emails",
        _("Records of emails sent, and to whom"),
        OutgoingEmail,
        MONTH,
        _("the email was sent or could not be delivered"),
        _(
            "To find out why an email did not arrive. The text of an email is never kept, only "
            "what it is about."
        ),
        lambda now, _s: OutgoingEmail.ended_at < now - MONTH,
    ),
    RetentionRule(
        "inbox",
        _("Notifications in your inbox"),
        Notification,
        QUARTER,
        _("they arrived, read or not"),
        _("Old notifications are of no use. What they were about keeps its own page."),
        lambda now, _s: Notification.created_at < now - QUARTER,
    ),
    RetentionRule(
        "digests",
        _("Records of digest emails"),
        DigestEmail,
        QUARTER,
        _("the digest was sent"),
        _("Kept as long as the notifications that the digest listed."),
        lambda now, _s: DigestEmail.created_at < now - QUARTER,
    ),
    RetentionRule(
        "host-messages",
        _("Messages to an event’s hosts"),
        HostMessage,
        MONTH,
        _("they were written"),
        _("Kept while their email may still be on its way."),
        lambda now, _s: HostMessage.created_at < now - MONTH,
    ),
    RetentionRule(
        "host-invitations",
        _("Invitations to host an event without an answer"),
        HostInvitation,
        hosts.STANDS,
        _("the invitation was sent"),
        _("Long enough to answer. Once accepted or declined, an invitation is removed right away."),
        lambda now, _s: HostInvitation.expires_at <= now,
    ),
    RetentionRule(
        "declined",
        _("Requests to join a group that were declined"),
        JoinRequest,
        QUARTER,
        _("they were declined"),
        _("So that the people who manage a group can see recent decisions."),
        lambda now, _s: JoinRequest.declined_at < now - QUARTER,
    ),
    RetentionRule(
        "group-invitations",
        _("Email invitations to a group"),
        GroupInvitation,
        QUIET,
        _("the last email was sent"),
        _(
            "So that no one gets another invitation too soon. The email address itself is "
            "deleted when the invitation is withdrawn."
        ),
        lambda now, _s: GroupInvitation.sent_at <= now - QUIET,
    ),
    RetentionRule(
        "invitation-links",
        _("Invitation links to a group"),
        GroupInvitation,
        MONTH,
        _("they ended"),
        _("So that we can say that a link has ended."),
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
        _("So that a group does not email too many people in a day."),
        lambda now, _s: Mailing.created_at <= now - WEEK,
    ),
    RetentionRule(
        "news",
        _("Posts from other sites, in the news of a group or of the site"),
        NewsItem,
        QUARTER,
        _("the other site removed them"),
        _("Old posts can be read on their own site."),
        lambda now, _s: NewsItem.unlisted_at < now - QUARTER,
    ),
    RetentionRule(
        "exports",
        _("The archive of your data that you requested"),
        DataExport,
        export_leases.KEPT,
        _("the archive was created"),
        _("Long enough to download it. It holds everything, so it is not kept longer."),
        lambda now, _s: DataExport.expires_at <= now,
        exports.clear_expired,
    ),
    RetentionRule(
        "addresses",
        _("IP addresses in the audit log"),
        AuditAddress,
        ADDRESSES_KEPT,
        _("the action"),
        _("To find out who misused an account. The record of the action itself is kept."),
        lambda now, _s: AuditAddress.created_at <= now - ADDRESSES_KEPT,
    ),
    RetentionRule(
        "cases",
        _("Reports, and the decisions about them"),
        Case,
        YEAR,
        _("the decision"),
        _(
            "So that the people who manage a group can see what happened before. The copy of what "
            "was reported is deleted too."
        ),
        lambda now, _s: sa.and_(Case.state == CLOSED, Case.closed_at < now - YEAR),
    ),
    RetentionRule(
        "report-addresses",
        _("Email addresses that visitors left with a report"),
        ReportAddress,
        QUARTER,
        _("the decision"),
        _("Until then, someone can appeal, and the visitor may be asked about it."),
        lambda now, _s: ReportAddress.report_id.in_(_decided(now - QUARTER)),
    ),
    RetentionRule(
        "groups",
        _("Deleted groups, with their events and votes"),
        Group,
        groups.KEPT,
        _("they were deleted"),
        _("Until then, an owner can restore them."),
        lambda now, _s: Group.deleted_at < now - groups.KEPT,
    ),
    RetentionRule(
        "events",
        _("Deleted events, with their answers"),
        Event,
        RESTORABLE,
        _("they were deleted"),
        _("Until then, a host can restore them."),
        lambda now, _s: sa.and_(Event.deleted_at < now - RESTORABLE, ~_is_voted_on()),
    ),
    RetentionRule(
        "threads",
        _("Deleted threads, with everything written in them"),
        Thread,
        MONTH,
        _("they were deleted"),
        _("Until then, someone can check whether that was right."),
        lambda now, _s: Thread.deleted_at < now - MONTH,
    ),
    RetentionRule(
        "removed-words",
        _(
            "The text of replies that were deleted by their author or removed by a moderator, in "
            "every version"
        ),
        ReplyVersion,
        MONTH,
        _("they were deleted or removed; their place in the thread stays"),
        _("Until then, someone can check whether that was right."),
        lambda now, _s: ReplyVersion.reply_id.in_(
            sa.select(Reply.id).where(Reply.removed_at < now - MONTH)
        ),
    ),
    RetentionRule(
        "removed-pictures",
        _("The pictures in such replies"),
        ReplyPicture,
        MONTH,
        _("they were deleted or removed"),
        _("Until then, someone can check whether that was right."),
        lambda now, _s: ReplyPicture.reply_id.in_(
            sa.select(Reply.id).where(Reply.removed_at < now - MONTH)
        ),
    ),
    RetentionRule(
        "votes",
        _("Votes deleted before they opened"),
        Vote,
        MONTH,
        _("they were deleted"),
        _("Until then, a mistake can be undone."),
        lambda now, _s: Vote.deleted_at < now - MONTH,
    ),
    RetentionRule(
        "vote-comments",
        _("Comments on a vote"),
        Thread,
        AT_ONCE,
        _("the vote is deleted for good"),
        _("They are deleted together with the vote."),
        lambda _now, _s: sa.and_(
            Thread.kind == VOTE, ~sa.exists().where(Vote.thread_id == Thread.id)
        ),
    ),
    RetentionRule(
        "fan-outs",
        _(
            "How many people were notified or reminded about a vote, an event or a reply, and "
            "who started it"
        ),
        FanOut,
        MONTH,
        _("everyone was notified"),
        _("So that no one is notified twice."),
        lambda now, _s: FanOut.ended_at < now - MONTH,
    ),
]

#: All rules, in order: rows first, then their files.
ALL: list[RetentionRule | Sweep] = [*TABLE, *SWEEPS]
