"""Notifications and notification settings in the data export."""

from typing import Any

from ..core.exports import JsonFile, PersonalData
from .models import DIGEST, DigestEmail, Notification, Preference
from .notification_types import DIGEST_EMAIL

_INSIDE = {"id": "names nothing outside of this site", "user_id": "the person themselves"}


def add(user: Any, parts: PersonalData) -> None:
    """Add the person's notifications, settings and digests.

    `groups` adds the level of each group.
    """
    parts.add(
        JsonFile(
            "inbox",
            Notification,
            Notification.user_id == user.id,
            columns=("kind", "about", "url", "created_at", "read_at"),
            left_out={
                **_INSIDE,
                "channel": "given in words",
                "scope": "names nothing outside of this site",
                "label": "may name other people",
                "params": "may name other people",
                "group_id": "names nothing outside of this site",
                "digest_id": "names nothing outside of this site",
            },
            more={"channel": _channel},
        ),
        JsonFile(
            "preferences",
            Preference,
            Preference.user_id == user.id,
            ("kind", "created_at"),
            {**_INSIDE, "channel": "given in words"},
            more={"channel": _channel},
        ),
        JsonFile(
            "digests",
            DigestEmail,
            DigestEmail.user_id == user.id,
            ("day", "created_at"),
            _INSIDE,
        ),
    )


def _channel(row: Any) -> str:
    """Return “daily” for the digest itself only: what it contains may come weekly."""
    is_in_digest = row.channel == DIGEST and row.kind != DIGEST_EMAIL
    return "digest" if is_in_digest else str(row.channel)
