"""A person's data export: their groups."""

from typing import Any

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from ..notifications.models import GroupLevel
from .models import Ban, Group, JoinRequest, Membership, OwnershipOffer

_INSIDE = {
    "id": "names nothing outside of this site",
    "user_id": "the person themselves",
    "group_id": "its name is given instead",
}


def add(user: User, parts: PersonalData) -> None:
    """Add their memberships and roles, their requests with answers, and bans."""
    group = {"group": about(Group, "group_id", "name")}
    parts.add(*_memberships(user, group), *_requests(user, group))


def _memberships(user: User, group: dict[str, Any]) -> tuple[JsonFile, ...]:
    return (
        JsonFile(
            "memberships",
            Membership,
            Membership.user_id == user.id,
            ("role", "created_at", "code_version"),
            _INSIDE,
            group,
        ),
        JsonFile(
            "news-of-groups",
            GroupLevel,
            GroupLevel.user_id == user.id,
            ("level", "created_at"),
            _INSIDE,
            group,
        ),
    )


def _requests(user: User, group: dict[str, Any]) -> tuple[JsonFile, ...]:
    return (
        JsonFile(
            "requests-to-join",
            JoinRequest,
            JoinRequest.user_id == user.id,
            columns=("message", "answers", "code_version", "created_at", "declined_at", "answer"),
            left_out={**_INSIDE, "ignored_at": "each manager of the group does so for themselves"},
            more=group,
        ),
        JsonFile(
            "bans", Ban, Ban.user_id == user.id, ("reason", "created_at", "ends_at"), _INSIDE, group
        ),
        JsonFile(
            "offers-of-ownership",
            OwnershipOffer,
            (OwnershipOffer.user_id == user.id) | (OwnershipOffer.by_id == user.id),
            columns=("steps_down", "created_at", "expires_at"),
            left_out={
                **_INSIDE,
                "user_id": "the person, or another one",
                "by_id": "the person, or another one",
            },
            more={**group, "made_by_me": lambda row: row.by_id == user.id},
        ),
    )
