"""Who may see a group and what they may do in it. `ACTIONS` is the one table: code and `/roles`
read it.

A group can choose some of it itself (`CHOICES`): `allowed_roles` applies to one group. Site admins
have no role in groups.
"""

import uuid
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from ..core.db.session import fetch_columns
from ..core.extensions import db
from ..core.http.permissions import TABLES, PermissionTable
from ..core.live import topic
from .models import (
    MEMBER,
    MODERATOR,
    OPEN,
    ORGANIZER,
    OWNER,
    ROLES,
    SECRET,
    Ban,
    Group,
    GroupSlug,
    Membership,
)

_EVERYONE, _LEADING = frozenset(ROLES), frozenset({OWNER, ORGANIZER})
_LOOKING_AFTER = frozenset({OWNER, ORGANIZER, MODERATOR})

ACTIONS: dict[str, frozenset[str]] = {
    "group:view_members": _EVERYONE,
    "group:choose_notifications": _EVERYONE,
    "group:answer_offer": _EVERYONE,
    "group:start_thread": _EVERYONE,
    "group:read_conversation": _EVERYONE,
    "group:read_calendar": _EVERYONE,
    "group:write": _EVERYONE,
    "group:announce": _LEADING,
    "group:manage": _LOOKING_AFTER,
    "group:answer_requests": _LOOKING_AFTER,
    "group:invite": _LEADING,
    "group:moderate": _LOOKING_AFTER,
    "group:create_event": _LEADING,
    "group:create_vote": _LEADING,
    "group:edit": _LEADING,
    "group:remove_members": _LOOKING_AFTER,
    "group:export_members": _LEADING,
    "group:change_lower_roles": _LEADING,
    "group:change_roles": frozenset({OWNER}),
    "group:offer_ownership": frozenset({OWNER}),
    "group:delete": frozenset({OWNER}),
}

SENTENCES = {
    "group:view_members": _l("See the list of members"),
    "group:choose_notifications": _l("Choose their notifications from the group"),
    "group:answer_offer": _l("Accept or decline an ownership offer"),
    "group:start_thread": _l("Start a thread in its conversation"),
    "group:read_conversation": _l("Read the group’s conversation"),
    "group:write": _l("Reply in the conversation"),
    "group:read_calendar": _l("Subscribe to its events with a calendar link of their own"),
    "group:announce": _l("Post announcements to all members"),
    "group:manage": _l("See the group’s to-do list and overview"),
    "group:answer_requests": _l("Approve or decline requests to join"),
    "group:invite": _l("Invite people by email and by link, into roles that they can give"),
    "group:moderate": _l("Decide on reports, pin and lock threads, and hide and remove posts"),
    "group:create_event": _l("Create an event in the group"),
    "group:create_vote": _l("Create a vote in the group"),
    "group:edit": _l("Edit the group’s page and settings"),
    "group:remove_members": _l("Remove and ban members, and lift bans"),
    "group:export_members": _l("Download the list of members"),
    "group:change_lower_roles": _l("Give or remove the moderator role, and remove moderators"),
    "group:change_roles": _l(
        "Make someone an organizer, remove the owner or organizer role, and remove owners and "
        "organizers"
    ),
    "group:offer_ownership": _l("Offer a member ownership, and withdraw the offer"),
    "group:delete": _l("Delete the group, and restore it"),
}

ROLE_NAMES = {
    OWNER: _l("Owner"),
    ORGANIZER: _l("Organizer"),
    MODERATOR: _l("Moderator"),
    MEMBER: _l("Member"),
}

#: What a group can choose: the column with the lowest role that is allowed, and the possible roles.
CHOICES = {
    "group:create_event": ("may_create_events", (ORGANIZER, MODERATOR, MEMBER)),
    "group:create_vote": ("may_create_votes", (ORGANIZER, MODERATOR, MEMBER)),
    "group:start_thread": ("may_start_threads", (ORGANIZER, MODERATOR, MEMBER)),
    "group:view_members": ("may_see_members", (MODERATOR, MEMBER)),
}

TABLES["group"] = PermissionTable(_l("In a group"), list(ROLE_NAMES.items()), ACTIONS, SENTENCES)


class GroupMoved(Exception):
    """Raised if the group has a new slug: `slug`."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def group_for(user: Any, slug: str) -> Group:
    """Return the group with this slug if `user` may see it.

    Raises NotFound, or GroupMoved for an earlier slug.
    """
    if "\x00" in slug:
        raise NotFound()
    group = _seen(user, db.session.scalar(sa.select(Group).where(Group.slug == slug)))
    if group is not None:
        return group
    before = (
        sa.select(Group)
        .join(GroupSlug, GroupSlug.group_id == Group.id)
        .where(GroupSlug.slug == slug)
    )
    group = _seen(user, db.session.scalar(before))
    if group is not None:
        raise GroupMoved(group.slug)
    raise NotFound()


def group_to(user: Any, action: str, slug: str) -> Group:
    """Return the group with this slug if `user` may do `action`.

    Raises Forbidden, or what `group_for` raises.
    """
    group = group_for(user, slug)
    require(user, action, group)
    return group


def deleted_group_to(user: Any, action: str, slug: str) -> Group:
    """Return a deleted group if `user` may do `action`. Raises NotFound for others."""
    group = db.session.scalar(
        sa.select(Group).where(Group.slug == slug, Group.deleted_at.is_not(None))
    )
    if group is None or not can(user, action, group):
        raise NotFound()
    return group


def _seen(user: Any, group: Group | None) -> Group | None:
    return group if group is not None and may_see(user, group) else None


def may_see(user: Any, group: Group) -> bool:
    """Whether `user` may see the group: a secret one only as a member, a deleted one never."""
    return group.deleted_at is None and (
        group.visibility != SECRET or role_of(user, group) is not None
    )


def may_see_inside(user: Any, group: Group) -> bool:
    """Whether `user` sees what happens in the group: its managers, events and votes.

    In a closed group only members do.
    """
    return may_see(user, group) and (group.visibility == OPEN or role_of(user, group) is not None)


def allowed_roles(action: str, group: Any) -> frozenset[str]:
    """Return the roles that may do `action` in this group, or in that of a row with its choices.

    A group can choose other roles than the table, but not allow what the table allows nobody.
    """
    allowed = ACTIONS[action]
    if action not in CHOICES or not allowed:
        return allowed
    return _UP_FROM[getattr(group, CHOICES[action][0])]


_UP_FROM = {role: frozenset(ROLES[: ROLES.index(role) + 1]) for role in ROLES}


def overrides(group: Group) -> frozenset[str]:
    """Return the actions for which this group differs from the site's table."""
    return frozenset(
        action for action in CHOICES if allowed_roles(action, group) != ACTIONS[action]
    )


def table_of(group: Group) -> PermissionTable:
    """Return the table of permissions as it applies to this group."""
    here = {action: allowed_roles(action, group) for action in ACTIONS}
    return PermissionTable(group.name, list(ROLE_NAMES.items()), here, SENTENCES)


def can(user: Any, action: str, group: Group) -> bool:
    """Whether the role of `user` in the group allows `action`."""
    return role_of(user, group) in allowed_roles(action, group)


def actions_of(user: Any, group: Group) -> frozenset[str]:
    """Return all actions of `user` in the group, for templates that show buttons."""
    role = role_of(user, group)
    return frozenset(action for action in ACTIONS if role in allowed_roles(action, group))


def require(user: Any, action: str, group: Group) -> None:
    """Raises Forbidden if `user` may not do `action`."""
    if not can(user, action, group):
        raise Forbidden()


def can_give(user: Any, group: Group, role: str) -> bool:
    """Whether `user` may give someone this role here, or take it away."""
    return can(
        user, "group:change_roles" if role in _LEADING else "group:change_lower_roles", group
    )


def can_remove(user: Any, membership: Membership) -> bool:
    """Whether `user` may remove or ban this member: not themselves, nor someone whose role they
    can't change.
    """
    group, role = membership.group, membership.role
    may = (
        can(user, "group:remove_members", group) if role == MEMBER else can_give(user, group, role)
    )
    return may and membership.user_id != user.id


def role_of(user: Any, group: Group) -> str | None:
    """Return the role of `user` in the group; None for others."""
    return roles_of(user).get(group.id)


def roles_of(user: Any) -> dict[uuid.UUID, str]:
    """Return the roles of `user` by group id."""
    return roles_and_bans_of(user).roles


def banned_from(user: Any) -> frozenset[uuid.UUID]:
    """Return the ids of groups that banned `user`; read together with the roles."""
    return roles_and_bans_of(user).bans


class RolesAndBans(NamedTuple):
    """Someone's roles and bans, by group id."""

    roles: dict[uuid.UUID, str]
    bans: frozenset[uuid.UUID]


def roles_and_bans_of(user: Any) -> RolesAndBans:
    """Return the roles and bans of `user`, read once for each transaction."""
    user_id = user.id
    if user_id is None:
        return RolesAndBans({}, frozenset())
    if user.is_preview is not None:
        return RolesAndBans({user.is_preview.group_id: user.is_preview.role}, frozenset())
    kept: dict[uuid.UUID, RolesAndBans] = db.session().info.setdefault(_KEY, {})
    cached = kept.get(user_id)
    if cached is None:
        rows = fetch_columns(_ROLES_AND_BANS, {"user": user_id})
        roles = {group_id: role for group_id, role in rows if role is not None}
        banned = frozenset(group_id for group_id, _role in rows) - roles.keys()
        cached = kept[user_id] = RolesAndBans(roles, banned)
    return cached


_USER = sa.bindparam("user", type_=sa.Uuid)
_ROLES_AND_BANS: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(Membership.group_id, Membership.role).where(Membership.user_id == _USER),
    sa.select(Ban.group_id, sa.null()).where(Ban.user_id == _USER),
)


def roles_column(owner: sa.ColumnElement[uuid.UUID]) -> sa.ColumnElement[str]:
    """Return roles and bans of the person in that column as one text, for `know_roles`.

    It is a part of another statement.
    """
    line = sa.cast(Membership.group_id, sa.String) + ":" + Membership.role
    return (
        _gathered(line, Membership.user_id == owner, owner)
        + "|"
        + _gathered(sa.cast(Ban.group_id, sa.String), Ban.user_id == owner, owner)
    )


def _gathered(line: Any, whose: Any, owner: sa.ColumnElement[uuid.UUID]) -> sa.ColumnElement[str]:
    lines = sa.select(sa.func.aggregate_strings(line, ",")).where(whose).correlate(owner.table)
    return sa.func.coalesce(lines.scalar_subquery(), "")


def know_roles(user: Any, text: str) -> None:
    """Cache roles and bans that were read in this transaction by `roles_column`."""
    mine, bans = (part.split(",") if part else [] for part in text.split("|"))
    roles = {uuid.UUID(group_id): role for group_id, role in (line.split(":") for line in mine)}
    banned = frozenset(map(uuid.UUID, bans)) - roles.keys()
    db.session().info.setdefault(_KEY, {})[user.id] = RolesAndBans(roles, banned)


_KEY = "roles"


def forget_roles() -> None:
    """Reload roles on next use, for rules that have just taken a lock."""
    db.session().info.pop(_KEY, None)


def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_KEY, None)


for _occasion in ("after_commit", "after_rollback", "after_flush"):
    event.listen(Session, _occasion, _forget)


@topic("group")
def may_watch(user: Any, group_id: UUID) -> bool:
    """Whether `user` may receive live signals about the group with this id."""
    group = db.session.get(Group, group_id)
    return group is not None and may_see_inside(user, group)
