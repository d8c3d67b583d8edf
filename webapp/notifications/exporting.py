"""What a person takes along of what reached them, and of how they wanted it."""

from typing import Any

from ..core.exports import JsonFile, PersonalData
from .models import DigestEmail, Notification, Preference

_INSIDE = {"id": "names nothing outside of this site", "user_id": "the person themselves"}


def add(user: Any, parts: PersonalData) -> None:
    """What they were told of, when and where it leads; what they want to hear, and how.

    Groups add what is wanted of each.
    """
    parts.add(
        JsonFile(
            "inbox",
            Notification,
            Notification.user_id == user.id,
            columns=("kind", "about", "url", "created_at", "read_at", "channel"),
            left_out={
                **_INSIDE,
                "scope": "names nothing outside of this site",
                "label": "may name other people",
                "params": "may name other people",
                "group_id": "names nothing outside of this site",
                "digest_id": "names nothing outside of this site",
            },
        ),
        JsonFile(
            "preferences",
            Preference,
            Preference.user_id == user.id,
            ("kind", "channel", "created_at"),
            _INSIDE,
        ),
        JsonFile(
            "daily-mails",
            DigestEmail,
            DigestEmail.user_id == user.id,
            ("day", "created_at"),
            _INSIDE,
        ),
    )
