"""What people are told about groups: a line in the inbox, and a letter where they would want one."""

from typing import Any

from flask_babel import gettext as _

from ..accounts.models import User
from ..notifications.telling import tell
from . import access, reads
from .models import Group, JoinRequest, Membership


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
