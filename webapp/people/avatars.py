"""How a person or a group looks in a list: the picture and the page, where the reader may see them.

Made of columns that the list has anyway: no face costs a statement. Whether the reader shares a
group with someone is told by the list: its rows say `together`, or all of it stands inside one
group.
"""

from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from ..accounts.models import EVERYONE, GROUPS
from ..core.ui.template_globals import avatar

#: The sizes that a picture is fetched in, by the size of the avatar: for plain screens, and for
#: fine ones.
FETCHED = {"": (48, 96), "small": (48, 96), "large": (96, 256), "huge": (256, 256)}
GROUP_FETCHED = 320


class Face(NamedTuple):
    """`url`: the page; `src` and `srcset`: the picture. "" for what there is not, or not for
    this reader.
    """

    url: str = ""
    src: str = ""
    srcset: str = ""


def face_of(who: Any, reader: Any, size: str = "", together: bool = False) -> Face:
    """The face of whatever has an id and a name; only people with a handle and groups with a
    slug have more than initials.
    """
    if (handle := _of(who, "handle")) is not None:
        return _person(who, handle, reader, size, together)
    slug, picture = _of(who, "slug"), _of(who, "picture")
    return Face(src=group_picture(slug, picture, GROUP_FETCHED)) if slug and picture else Face()


def avatar_of(
    who: Any, reader: Any, size: str = "", alone: bool = False, together: bool = False
) -> Markup:
    """The face as lists draw it: the picture, where the reader may see it, else the initials."""
    face = face_of(who, reader, size, together)
    return avatar(_of(who, "id"), _of(who, "name"), size, alone, face.src, face.srcset)


def page_of(who: Any, reader: Any, together: bool = False) -> str:
    """Where the person's page is; "" where the reader would find nothing."""
    return face_of(who, reader, together=together).url


def person_picture(handle: str, picture: UUID, size: int) -> str:
    """The address of a person's picture."""
    return f"/people/{handle}/picture/{picture}/{size}"


def group_picture(slug: str, picture: UUID, size: int) -> str:
    """The address of a group's picture."""
    return f"/groups/{slug}/picture/{picture}/{size}"


def _person(who: Any, handle: str, reader: Any, size: str, together: bool) -> Face:
    if not _is_shown(who, reader, bool(_of(who, "together") or together)):
        return Face()
    url, picture = f"/people/{handle}", _of(who, "picture")
    if picture is None:
        return Face(url)
    usual, fine = FETCHED[size]
    return Face(
        url, person_picture(handle, picture, usual), f"{person_picture(handle, picture, fine)} 2x"
    )


def _is_shown(who: Any, reader: Any, together: bool) -> bool:
    if _of(who, "deactivated_at") is not None:
        return False
    profile_visibility = _of(who, "profile_visibility")
    return (
        profile_visibility == EVERYONE
        or (profile_visibility == GROUPS and together)
        or (reader.id is not None and _of(who, "id") == reader.id)
    )


def _of(who: Any, name: str) -> Any:
    return who.get(name) if isinstance(who, dict) else getattr(who, name, None)
