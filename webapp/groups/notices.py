"""Notices about groups: a line in the inbox, and an email if people chose so."""

from typing import Any

from ..accounts.models import User
from ..notifications.notify import notify
from . import access, reads
from .models import OWNER, Group, JoinRequest, Membership, OwnershipOffer


def request_arrived(request: JoinRequest) -> None:
    """Notify people who answer requests of a new one."""
    people = reads.members(request.group, *access.ACTIONS["group:answer_requests"])
    words, url = {"name": request.user.name}, f"{request.group.path}/manage/requests"
    _notify(
        people,
        request.group,
        "request.arrived",
        words,
        url,
        by=request.user,
        request=request.id,
        subject_id=request.id,
    )


def request_approved(group: Group, user: User) -> None:
    """Notify the person that their request was approved."""
    _notify([user], group, "request.approved", {}, group=group.id)


def request_declined(request: JoinRequest) -> None:
    """Notify the person that their request was declined."""
    _notify(
        [request.user],
        request.group,
        "request.declined",
        {"answer": request.answer},
        request=request.id,
    )


def role_changed(membership: Membership, by: User) -> None:
    """Notify the person of their new role, unless they changed it themselves."""
    _notify(
        [membership.user],
        membership.group,
        "role.changed",
        {"role": membership.role},
        membership=membership.id,
        by=by,
    )


def ownership_offered(offer: OwnershipOffer) -> None:
    """Notify the person of an ownership offer, and where to answer."""
    url = f"{offer.group.path}/ownership"
    _notify(
        [offer.user],
        offer.group,
        "ownership.offered",
        {"name": offer.by.name},
        url,
        by=offer.by,
        offer=offer.id,
    )


def ownership_over(offer: OwnershipOffer) -> None:
    """Notify the person that an ownership offer has ended, unless they weren't told of it."""
    _notify([offer.user], offer.group, "ownership.withdrawn", {}, by=offer.by)


def ownership_accepted(offer: OwnershipOffer) -> None:
    """Notify the other owners, and the person who offered, of the new owner."""
    people = {
        person.id: person
        for person in (offer.by, *reads.members(offer.group, OWNER))
        if person.id != offer.user_id
    }
    words = {"name": offer.user.name, "before": offer.by.name if offer.steps_down else ""}
    _notify(
        list(people.values()),
        offer.group,
        "ownership.accepted",
        words,
        f"{offer.group.path}/members",
    )


def ownership_inherited(group: Group, user: User) -> None:
    """Notify someone who became the owner unasked, and where to pass ownership on."""
    _notify([user], group, "ownership.inherited", {}, f"{group.path}/members")


def ownership_declined(offer: OwnershipOffer) -> None:
    """Notify the person who offered that ownership was declined."""
    _notify(
        [offer.by],
        offer.group,
        "ownership.declined",
        {"name": offer.user.name},
        f"{offer.group.path}/members",
    )


def ownership_expired(offer: OwnershipOffer) -> None:
    """Notify the person who offered that nobody answered."""
    _notify(
        [offer.by],
        offer.group,
        "ownership.expired",
        {"name": offer.user.name},
        f"{offer.group.path}/members",
    )


def name_approved(group: Group, by: User) -> None:
    """Notify the owners that an admin approved the group's name."""
    _notify(reads.members(group, OWNER), group, "name.approved", {}, by=by)


def removed(group: Group, user: User, reason: str) -> None:
    """Notify the person that they were removed, and why."""
    _notify([user], group, "member.removed", {"reason": reason}, "/groups", group=group.id)


def deleted(group: Group, by: User) -> None:
    """Notify the other members that the group was deleted."""
    _notify(reads.members(group), group, "group.deleted", {"name": by.name}, "/groups", by=by)


def _notify(
    people: list[User], group: Group, kind: str, words: dict[str, Any], url: str = "", /, **ids: Any
) -> None:
    words, scope = {"group": group.name, **words}, f"group:{group.id}"
    notify(
        people,
        kind,
        url or group.path,
        words,
        scope=scope,
        about=group.name,
        group_id=group.id,
        **ids,
    )
