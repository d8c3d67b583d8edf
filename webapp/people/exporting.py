"""A person's data export: their profile."""

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData
from ..core.storage import pictures
from .models import Profile


def add(user: User, parts: PersonalData) -> None:
    """Add what they wrote about themselves, and their picture."""
    columns, left_out = (
        ("bio", "links", "shows_groups", "created_at"),
        {"id": "names nothing outside of this site", "user_id": "the person themselves"},
    )
    more = {"interests": lambda row: [category.name for category in row.interests]}
    parts.add(JsonFile("profile", Profile, Profile.user_id == user.id, columns, left_out, more))
    if user.picture is not None:
        parts.add_file(
            pictures.name_of(pictures.AVATAR, user.picture, max(pictures.AVATAR.sizes)),
            "picture.webp",
        )
