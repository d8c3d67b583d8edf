"""What people are told about groups: a line in the inbox, and a letter where they would want one."""

from typing import Any

from flask_babel import gettext as _

from ..accounts.models import User
from ..notifications.telling import tell
from . import access, reads
from .models import OWNER, Group, JoinRequest, Membership, OwnershipOffer


def request_arrived(request: JoinRequest) -> None:
    """Those who answer requests know that somebody asks."""
    group, roles = request.group, access.ACTIONS["group:answer_requests"]
    label = _("%(name)s asks to join %(group)s", name=request.user.name, group=group.name)
    people = reads.members(group, *roles)
    _tell(people, group, "request.arrived", label, f"{group.path}/members", "groups/request_arrived", request=request.id)


def request_approved(group: Group, user: User) -> None:
    """Who asked knows that they are in."""
    label = _("You are now a member of %(group)s", group=group.name)
    _tell([user], group, "request.approved", label, group.path, "groups/request_approved", group=group.id)


def request_declined(request: JoinRequest) -> None:
    """Who asked knows that the answer is no."""
    group = request.group
    label = _("%(group)s did not let you in this time", group=group.name)
    if request.answer:
        label = f"{label}: {request.answer}"
    _tell([request.user], group, "request.declined", label, group.path, "groups/request_declined", request=request.id)


def role_changed(membership: Membership, by: User) -> None:
    """Whose role changed knows the new one, unless they changed it themselves."""
    group, role = membership.group, str(access.ROLE_NAMES[membership.role])
    if membership.user_id == by.id:
        return
    label = _("Your role in %(group)s is now: %(role)s", group=group.name, role=role)
    _tell([membership.user], group, "role.changed", label, group.path, "groups/role_changed", membership=membership.id)


def ownership_offered(offer: OwnershipOffer) -> None:
    """Who may become an owner knows it, and where to answer."""
    group = offer.group
    label = _("%(name)s offers you to own %(group)s", name=offer.by.name, group=group.name)
    _tell([offer.user], group, "ownership.offered", label, f"{group.path}/ownership", "groups/ownership_offered", offer=offer.id)


def ownership_over(offer: OwnershipOffer) -> None:
    """Who was offered ownership knows that it can no longer be accepted."""
    group = offer.group
    label = _("The offer to own %(group)s no longer stands", group=group.name)
    _tell([offer.user], group, "ownership.withdrawn", label, group.path)


def ownership_accepted(offer: OwnershipOffer) -> None:
    """The other owners, and who offered it, know that the group has another owner."""
    group = offer.group
    label = _("%(name)s is now an owner of %(group)s", name=offer.user.name, group=group.name)
    if offer.steps_down:
        label = _("%(name)s now owns %(group)s; %(by)s is an organizer", name=offer.user.name, group=group.name, by=offer.by.name)
    people = {person.id: person for person in (offer.by, *reads.members(group, OWNER)) if person.id != offer.user_id}
    _tell(list(people.values()), group, "ownership.accepted", label, f"{group.path}/members")


def ownership_declined(offer: OwnershipOffer) -> None:
    """Who offered it knows that the answer is no."""
    label = _("%(name)s declined to own %(group)s", name=offer.user.name, group=offer.group.name)
    _tell([offer.by], offer.group, "ownership.declined", label, f"{offer.group.path}/members")


def ownership_expired(offer: OwnershipOffer) -> None:
    """Who offered it knows that nobody answered."""
    label = _("%(name)s did not answer your offer to own %(group)s", name=offer.user.name, group=offer.group.name)
    _tell([offer.by], offer.group, "ownership.expired", label, f"{offer.group.path}/members")


def removed(group: Group, user: User, reason: str) -> None:
    """Who was removed knows it, and why."""
    label = _("You were removed from %(group)s", group=group.name)
    if reason:
        label = f"{label}: {reason}"
    _tell([user], group, "member.removed", label, "/groups", "groups/removed", group=group.id)


def deleted(group: Group, by: User) -> None:
    """The other members know that the group was put away."""
    label = _("%(name)s deleted the group %(group)s", name=by.name, group=group.name)
    _tell([member for member in reads.members(group) if member.id != by.id], group, "group.deleted", label, "/groups")


def _tell(people: list[User], group: Group, kind: str, label: str, url: str, letter: str | None = None, /, **ids: Any) -> None:
    tell(people, kind, label, url, scope=f"group:{group.id}", about=group.name, letter=letter, **ids)
