"""Avatars of people and groups in lists: picture and link, where the reader may see them.

Made from columns that the list reads anyway, so they cost no statement. The list tells whether the
reader shares a group with someone: its rows have `together`, or all of it is within one group.
"""

from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from ..accounts.models import EVERYONE, GROUPS
from ..core.ui.template_globals import avatar

#: The picture's widths by size of the avatar: for normal and high-resolution screens.
FETCHED = {"": (48, 96), "small": (48, 96), "large": (96, 256), "huge": (256, 256)}
GROUP_FETCHED = 320


class Face(NamedTuple):
    """`url`: the profile; `src` and `srcset`: the picture; "" if missing or not for this reader."""

    url: str = ""
    src: str = ""
    srcset: str = ""


def face_of(who: Any, reader: Any, size: str = "", together: bool = False) -> Face:
    """Return the face of anything with an id and a name.

    Only people with a handle and groups with a slug have more than initials.
    """
    try:
        columns = _person_in(who) if type(who) is dict else _person_of(who)
    except (AttributeError, KeyError):  # a group, or a row without some of the columns
        if _of(who, "handle") is None:
            return _face_of_group(who)
        columns = tuple(_of(who, name) for name in _PERSON)
    return _face_of_person(reader.id, size, bool(together or _of(who, "together")), *columns)


def avatar_of(
    who: Any, reader: Any, size: str = "", alone: bool = False, together: bool = False
) -> Markup:
    """Return the avatar's HTML: the picture if the reader may see it, else the initials."""
    face = face_of(who, reader, size, together)
    return avatar(_of(who, "id"), _of(who, "name"), size, alone, face.src, face.srcset)


def page_of(who: Any, reader: Any, together: bool = False) -> str:
    """Return the path of the person's profile, or "" if the reader can't see it."""
    return face_of(who, reader, together=together).url


def group_picture(slug: str, picture: UUID, size: int) -> str:
    """Return the path of a group's picture."""
    return f"/groups/{slug}/picture/{picture}/{size}"


_PERSON = ("id", "handle", "picture", "deactivated_at", "profile_visibility")
_person_of, _person_in = attrgetter(*_PERSON), itemgetter(*_PERSON)


def _face_of_person(
    reader_id: UUID | None,
    size: str,
    together: bool,
    id: UUID,
    handle: str | None,
    picture: UUID | None,
    deactivated_at: datetime | None,
    profile_visibility: str,
) -> Face:
    is_shown = profile_visibility == EVERYONE or (profile_visibility == GROUPS and together)
    if handle is None or deactivated_at is not None or not (is_shown or id == reader_id):
        return Face()
    url = f"/people/{handle}"
    if picture is None:
        return Face(url)
    usual, fine = FETCHED[size]
    return Face(url, f"{url}/picture/{picture}/{usual}", f"{url}/picture/{picture}/{fine} 2x")


def _face_of_group(who: Any) -> Face:
    slug, picture = _of(who, "slug"), _of(who, "picture")
    return Face(src=group_picture(slug, picture, GROUP_FETCHED)) if slug and picture else Face()


def _of(who: Any, name: str) -> Any:
    return who.get(name) if isinstance(who, dict) else getattr(who, name, None)
