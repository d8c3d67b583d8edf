"""Profiles: edit them, choose who sees them, and change the picture."""

from typing import Any
from uuid import UUID

from ..accounts import handles
from ..accounts.models import NOBODY, User
from ..core import live
from ..core.db.session import locked
from ..core.extensions import db
from ..core.observability import audit
from ..core.storage import pictures
from ..groups import categories
from ..groups.models import Category
from .models import interest
from .reads import profile_of


def edit(
    user: User,
    name: tuple[str, str],
    handle: str,
    profile_visibility: str,
    interests: list[Category],
    shows_presence: bool = False,
    family_name_first: bool = False,
    **words: Any,
) -> None:
    """Save the profile of `user`, and update the name in lists and search.

    Raises UserError.
    """
    handles.change(user, handle)
    user.first_name, user.last_name = name
    user.family_name_first = family_name_first
    user.renew_search_text()
    if user.profile_visibility != profile_visibility:
        audit.record(
            "profile.shown",
            by=user,
            subject=user,
            before=user.profile_visibility,
            after=profile_visibility,
        )
        user.profile_visibility = profile_visibility
    if user.shows_presence != shows_presence:
        user.shows_presence = shows_presence
        live.rights_changed(user.id)  # open streams apply it from now on
    profile = profile_of(user)
    for key, value in words.items():
        setattr(profile, key, value)
    profile.interests = interests
    db.session.add(profile)
    db.session.flush()


def picture(user: User, content: bytes) -> None:
    """Replace the person's picture.

    Raises UserError if the content is no picture.
    """
    replace_picture(user, pictures.keep(pictures.AVATAR, content))


def replace_picture(user: User, picture: UUID | None) -> None:
    """Replace the person's picture with a kept one, or with none, and drop the previous files."""
    user = locked(User, user.id)
    pictures.drop(pictures.AVATAR, user.picture)
    user.picture = picture
    db.session.flush()


def topic_removed(topic: Category, into: Category | None) -> None:
    """Replace the topic in people's interests, or remove it."""
    categories.hand_over(interest, topic, into)


def erased(user: User) -> None:
    """Erase the profile of someone who leaves."""
    replace_picture(user, None)
    user.profile_visibility = NOBODY
    profile = profile_of(user)
    if profile in db.session:
        profile.interests = []
        db.session.flush()
        db.session.delete(profile)
    handles.forget(user)
    db.session.flush()
