"""What people are told about groups: a line in the inbox, and a letter where they would want one."""

from typing import Any

from ..accounts.models import User
from ..notifications.telling import tell
from . import access, reads
from .models import Group, JoinRequest, Membership


def request_arrived(request: JoinRequest) -> None:
    """Those who answer requests know that somebody asks."""
    people = reads.members(request.group, *access.ACTIONS["group:answer_requests"])
    words, url = {"name": request.user.name}, f"{request.group.path}/members"
    _tell(people, request.group, "request.arrived", words, url, request=request.id)


def request_approved(group: Group, user: User) -> None:
    """Who asked knows that they are in."""
    _tell([user], group, "request.approved", {}, group=group.id)


def request_declined(request: JoinRequest) -> None:
    """Who asked knows that the answer is no."""
    _tell([request.user], request.group, "request.declined", {"answer": request.answer}, request=request.id)


def role_changed(membership: Membership, by: User) -> None:
    """Whose role changed knows the new one, unless they changed it themselves."""
    if membership.user_id != by.id:
        words = {"role": membership.role}
        _tell([membership.user], membership.group, "role.changed", words, membership=membership.id)


def removed(group: Group, user: User, reason: str) -> None:
    """Who was removed knows it, and why."""
    _tell([user], group, "member.removed", {"reason": reason}, "/groups", group=group.id)


def deleted(group: Group, by: User) -> None:
    """The other members know that the group was put away."""
    others = [member for member in reads.members(group) if member.id != by.id]
    _tell(others, group, "group.deleted", {"name": by.name}, "/groups")


def _tell(people: list[User], place: Group, kind: str, words: dict[str, Any], url: str = "", /, **ids: Any) -> None:
    words, scope = {"group": place.name, **words}, f"group:{place.id}"
    tell(people, kind, url or place.path, words, scope=scope, about=place.name, group_id=place.id, **ids)
