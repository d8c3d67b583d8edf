"""This feature's emails, and what every email about a notification contains: its sentence and the
unsubscribe link.
"""

from uuid import UUID

from ..accounts.models import User
from ..accounts.reads import recipient
from ..core.extensions import db
from ..core.http.links import absolute
from ..core.time import time_zones
from ..mail.emails import EmailContext, added_to_all, email_context
from . import digest_contents, digests, preferences, unsubscribe
from .models import WEEKLY, DigestEmail, Notification
from .notification_types import (
    DIGEST_EMAIL,
    NOTIFICATION_TYPES,
    PLAIN,
    email_of,
    of_email,
    sentence,
)
from .outdated import outdated


@email_context(PLAIN)
def notice(user: str, notice: str, **_more: str) -> EmailContext | None:
    """The inbox line as an email; None once it was read or deleted, or is out of date."""
    person, line = recipient(user), db.session.get(Notification, UUID(notice))
    if person is None or line is None or line.read_at is not None or outdated(person, [line]):
        return None
    words = line.params or {}
    title = words.get("event") or words.get("title") or ""
    where = {"where": line.about} if line.about not in (None, title) else {}
    return {
        **where,
        "user": person,
        "title": title,
        "group_id": line.group_id,
        "sentence": sentence(line),
        "kind": line.kind,
        "url": absolute(f"/inbox/{line.id}"),
    }


@email_of("notifications/digest", DIGEST_EMAIL)
def digest(user: str, digest: str) -> EmailContext | None:
    """What happened since the last digest, by group; None once all was read or is out of date."""
    person, lines = recipient(user), digests.lines_of(UUID(digest))
    sent = db.session.get(DigestEmail, UUID(digest))
    if person is None or sent is None:
        return None
    over = outdated(person, lines)
    lines = [line for line in lines if line.id not in over]
    if not lines:
        return None
    sections = digest_contents.contents_of(person, lines, sent.created_at)
    how_often = preferences.channels([person], NOTIFICATION_TYPES[DIGEST_EMAIL])[person.id]
    return {
        "user": person,
        "subject": digest_contents.subject_of(sections),
        "preview": digest_contents.preview_of(sections),
        "sections": sections,
        "most": digest_contents.MOST_THINGS,
        "count": sum(section.total for section in sections),
        "groups": len([section for section in sections if section.name]),
        "day": sent.day,
        "since": digest_contents.since(lines, person.zone, sent.day),
        "is_weekly": how_often == WEEKLY,
        "url": absolute("/inbox"),
        "place": time_zones.place_of(person.zone),
    }


@email_of("accounts/waiting", "person.waiting")
def waiting(user: str, person: str) -> EmailContext | None:
    """Tell an admin (`user`) that someone waits for approval."""
    admin, who = recipient(user), db.session.get(User, UUID(person))
    if admin is None or not admin.is_admin:
        return None
    if who is None or not who.is_active or who.is_approved:
        return None
    return {"user": admin, "person": who, "url": absolute("/admin/approvals")}


@added_to_all
def of_notification(
    template: str, ids: dict[str, str], context: EmailContext
) -> EmailContext | None:
    """Add the notification's heading (`what`), its sentence (`says`), and links to unsubscribe and
    to the settings.

    Nothing for emails about no notification; no links for guests. None, so that no email is sent,
    if the person has turned off this type of email meanwhile.
    """
    kind = NOTIFICATION_TYPES.get(context.get("kind", "")) or of_email(template)
    if kind is None:
        return {}
    found: EmailContext = {"says": kind.says, "what": kind.heading}
    person = recipient(ids["user"]) if "user" in ids else None
    if person is None:
        return found
    found["preferences_url"] = absolute("/account/notifications")
    if kind.is_fixed:
        return found
    if unsubscribe.has_stopped(person, kind):
        return None
    return {**found, "unsubscribe_url": unsubscribe.url(person, kind)}
