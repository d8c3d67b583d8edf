"""How a person or a group looks in a list: the picture and the page, where the reader may see them.

Made of columns that the list has anyway: no face costs a statement. Whether the reader shares a
group with someone is told by the list: its rows say `together`, or all of it stands inside one
group.
"""

from datetime import datetime
from operator import attrgetter, itemgetter
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
    try:
        columns = _person_in(who) if type(who) is dict else _person_of(who)
    except (AttributeError, KeyError):  # a group, or a row without some of them
        if _of(who, "handle") is None:
            return _face_of_group(who)
        columns = tuple(_of(who, name) for name in _PERSON)
    return _face_of_person(reader.id, size, bool(together or _of(who, "together")), *columns)


def avatar_of(
    who: Any, reader: Any, size: str = "", alone: bool = False, together: bool = False
) -> Markup:
    """The face as lists draw it: the picture, where the reader may see it, else the initials."""
    face = face_of(who, reader, size, together)
    return avatar(_of(who, "id"), _of(who, "name"), size, alone, face.src, face.srcset)


def page_of(who: Any, reader: Any, together: bool = False) -> str:
    """Where the person's page is; "" where the reader would find nothing."""
    return face_of(who, reader, together=together).url


def group_picture(slug: str, picture: UUID, size: int) -> str:
    """The address of a group's picture."""
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
