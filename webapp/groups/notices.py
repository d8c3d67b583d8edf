"""What people are told about groups: a line in the inbox, and a letter where they would want one."""

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
    tell(people, "request.arrived", label, f"/groups/{group.slug}/members", _scope(group), "groups/request_arrived", request=request.id)


def request_approved(group: Group, user: User) -> None:
    """Who asked knows that they are in."""
    label = _("You are now a member of %(group)s", group=group.name)
    tell([user], "request.approved", label, f"/groups/{group.slug}", _scope(group), "groups/request_approved", group=group.id)


def request_declined(request: JoinRequest) -> None:
    """Who asked knows that the answer is no."""
    group = request.group
    label = _("%(group)s did not let you in this time", group=group.name)
    if request.answer:
        label = f"{label}: {request.answer}"
    tell([request.user], "request.declined", label, f"/groups/{group.slug}", _scope(group), "groups/request_declined", request=request.id)


def role_changed(membership: Membership, by: User) -> None:
    """Whose role changed knows the new one, unless they changed it themselves."""
    group, role = membership.group, str(access.ROLE_NAMES[membership.role])
    if membership.user_id == by.id:
        return
    label = _("Your role in %(group)s is now: %(role)s", group=group.name, role=role)
    tell([membership.user], "role.changed", label, f"/groups/{group.slug}", _scope(group), "groups/role_changed", membership=membership.id)


def removed(group: Group, user: User, reason: str) -> None:
    """Who was removed knows it, and why."""
    label = _("You were removed from %(group)s", group=group.name)
    if reason:
        label = f"{label}: {reason}"
    tell([user], "member.removed", label, "/groups", _scope(group), "groups/removed", group=group.id)


def deleted(group: Group, by: User) -> None:
    """The other members know that the group was put away."""
    label = _("%(name)s deleted the group %(group)s", name=by.name, group=group.name)
    tell([member for member in reads.members(group) if member.id != by.id], "group.deleted", label, "/groups", _scope(group))


def _scope(group: Group) -> str:
    return f"group:{group.id}"
