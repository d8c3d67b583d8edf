"""Who sees a person's profile and picture: those whom the person chose."""

from typing import Any
from uuid import UUID

from werkzeug.exceptions import NotFound

from ..accounts import handles, reads as accounts
from ..accounts.models import EVERYONE, GROUPS, User
from ..groups import reads as groups


class Renamed(Exception):
    """Raised if the person has a new handle: `handle`."""

    def __init__(self, handle: str) -> None:
        super().__init__(handle)
        self.handle = handle


def person_for(reader: Any, handle: str) -> User:
    """Return the person with this handle if `reader` may see their profile.

    Raises NotFound, or Renamed for an earlier handle.
    """
    if "\x00" in handle:
        raise NotFound()
    person = accounts.by_handle(handle)
    if person is not None and person.handle == handle and may_see(reader, person):
        return person
    renamed = handles.former_owner(handle) if person is None else person
    if renamed is not None and may_see(reader, renamed):
        raise Renamed(renamed.handle)
    raise NotFound()


def pictured(reader: Any, handle: str, picture: UUID) -> UUID:
    """Return the picture if it is that person's and `reader` may see it. Raises NotFound."""
    person = accounts.by_handle(handle)
    if person is None or person.picture != picture or not may_see(reader, person):
        raise NotFound()
    return picture


def may_see(reader: Any, person: User) -> bool:
    """Whether `reader` may see the profile: always their own, never that of a closed account."""
    if not person.is_here:
        return False
    if person.id == reader.id or person.profile_visibility == EVERYONE:
        return True
    return person.profile_visibility == GROUPS and groups.share_a_group(reader, person)
