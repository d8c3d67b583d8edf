"""What people are told about groups: a line in the inbox, and an email where they would want
one.
"""

from typing import Any

from ..accounts.models import User
from ..notifications.notify import notify
from . import access, reads
from .models import OWNER, Group, JoinRequest, Membership, OwnershipOffer


def request_arrived(request: JoinRequest) -> None:
    """Those who answer requests know that someone asks."""
    people = reads.members(request.group, *access.ACTIONS["group:answer_requests"])
    words, url = {"name": request.user.name}, f"{request.group.path}/manage/requests"
    _notify(
        people, request.group, "request.arrived", words, url, by=request.user, request=request.id
    )


def request_approved(group: Group, user: User) -> None:
    """Who asked knows that they are in."""
    _notify([user], group, "request.approved", {}, group=group.id)


def request_declined(request: JoinRequest) -> None:
    """Who asked knows that the answer is no."""
    _notify(
        [request.user],
        request.group,
        "request.declined",
        {"answer": request.answer},
        request=request.id,
    )


def role_changed(membership: Membership, by: User) -> None:
    """Whose role changed knows the new one, unless they changed it themselves."""
    if membership.user_id != by.id:
        words = {"role": membership.role}
        _notify(
            [membership.user], membership.group, "role.changed", words, membership=membership.id
        )


def ownership_offered(offer: OwnershipOffer) -> None:
    """Who may become an owner knows it, and where to answer."""
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
    """Who was offered ownership knows that it can no longer be accepted, unless they were not
    told of the offer.
    """
    _notify([offer.user], offer.group, "ownership.withdrawn", {}, by=offer.by)


def ownership_accepted(offer: OwnershipOffer) -> None:
    """The other owners, and who offered it, know that the group has another owner."""
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
    """Who owns the group from now on, unasked, knows it, and where to hand it on."""
    _notify([user], group, "ownership.inherited", {}, f"{group.path}/members")


def ownership_declined(offer: OwnershipOffer) -> None:
    """Who offered it knows that the answer is no."""
    _notify(
        [offer.by],
        offer.group,
        "ownership.declined",
        {"name": offer.user.name},
        f"{offer.group.path}/members",
    )


def ownership_expired(offer: OwnershipOffer) -> None:
    """Who offered it knows that nobody answered."""
    _notify(
        [offer.by],
        offer.group,
        "ownership.expired",
        {"name": offer.user.name},
        f"{offer.group.path}/members",
    )


def removed(group: Group, user: User, reason: str) -> None:
    """Who was removed knows it, and why."""
    _notify([user], group, "member.removed", {"reason": reason}, "/groups", group=group.id)


def deleted(group: Group, by: User) -> None:
    """The other members know that the group was put away."""
    others = [member for member in reads.members(group) if member.id != by.id]
    _notify(others, group, "group.deleted", {"name": by.name}, "/groups")


def _notify(
    people: list[User], place: Group, kind: str, words: dict[str, Any], url: str = "", /, **ids: Any
) -> None:
    words, scope = {"group": place.name, **words}, f"group:{place.id}"
    notify(
        people,
        kind,
        url or place.path,
        words,
        scope=scope,
        about=place.name,
        group_id=place.id,
        **ids,
    )
