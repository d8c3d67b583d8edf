"""The emails of this feature, and what every email about a notice carries: the way to stop
such mails.
"""

from typing import Any
from uuid import UUID

from ..accounts.reads import reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..core.time import time_zones
from ..mail.emails import EmailContext, added_to_all, email_context
from . import digests, notification_types, unsubscribe
from .models import Notification


@email_context(notification_types.PLAIN)
def notice(user: str, notice: str, **_more: str) -> EmailContext | None:
    """What the line in the inbox says; pointless once that was read or has gone."""
    person, line = reader(user), db.session.get(Notification, UUID(notice))
    if person is None or line is None or line.read_at is not None:
        return None
    url = absolute(f"/inbox/{line.id}")
    return {
        "user": person,
        "line": line,
        "sentence": notification_types.sentence(line),
        "kind": line.kind,
        "url": url,
    }


@email_context("notifications/digest")
def digest(user: str, digest: str) -> EmailContext | None:
    """What has happened since the last one, by the group or event that it is about; pointless
    once all was read.
    """
    person, lines = reader(user), digests.lines_of(UUID(digest))
    if person is None or not lines:
        return None
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        groups.setdefault(line.about or "", []).append(
            (notification_types.sentence(line), absolute(f"/inbox/{line.id}"))
        )
    place = time_zones.place_of(person.zone)
    return {
        "user": person,
        "groups": groups,
        "count": len(lines),
        "url": absolute("/inbox"),
        "place": place,
    }


@added_to_all
def ways_out(template: str, ids: dict[str, str], context: EmailContext) -> EmailContext | None:
    """Where to stop this kind of mail, and to choose among all; nothing for emails that are about
    no notice, or to guests.

    None, and so no email, when the person has stopped this kind of mail since it was posted.
    """
    kind = notification_types.NOTIFICATION_TYPES.get(
        context.get("kind", "")
    ) or notification_types.of_email(template)
    person = reader(ids["user"]) if kind is not None and "user" in ids else None
    if kind is None or person is None:
        return {}
    found: dict[str, Any] = {"preferences_url": absolute("/account/notifications")}
    if kind.is_fixed:
        return found
    if unsubscribe.has_stopped(person, kind):
        return None
    return {**found, "unsubscribe_url": unsubscribe.url(person, kind)}
