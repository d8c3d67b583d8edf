"""Who sees a person's page and picture: those whom the person chose."""

from typing import Any
from uuid import UUID

from werkzeug.exceptions import NotFound

from ..accounts import handles
from ..accounts import reads as accounts
from ..accounts.models import EVERYONE, GROUPS, User
from ..groups import reads as groups


class Renamed(Exception):
    """The person has another handle now: `handle`."""

    def __init__(self, handle: str) -> None:
        super().__init__(handle)
        self.handle = handle


def person_for(reader: Any, handle: str) -> User:
    """The person with this handle, as far as `reader` may see their page.

    Raises NotFound, and Renamed for a handle of before.
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
    """The picture, while it is that person's and `reader` may see it. Raises NotFound."""
    person = accounts.by_handle(handle)
    if person is None or person.picture != picture or not may_see(reader, person):
        raise NotFound()
    return picture


def may_see(reader: Any, person: User) -> bool:
    """Whether `reader` sees the person's page: always one's own, never that of an account that
    is not in use.
    """
    if not person.is_here:
        return False
    if person.id == reader.id or person.profile_visibility == EVERYONE:
        return True
    return person.profile_visibility == GROUPS and groups.share_a_group(reader, person)
