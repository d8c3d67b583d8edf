"""Who may see an event and what they may do. `ACTIONS` is the one table: code and `/roles` read it.

Hosts are the owner, while they belong to its group; people named as hosts, who may belong to other
groups; and those who lead its group. Site admins aren't hosts. Anyone banned from the group counts
as a visitor. A guest answers without an account, by an emailed link.
"""

import uuid
from collections.abc import Callable
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Forbidden, NotFound

from ..core import live
from ..core.db.session import constant
from ..core.extensions import db
from ..core.http.permissions import TABLES, PermissionTable
from ..groups import reads as group_reads
from ..groups.access import banned_from, can as group_can, role_of, roles_and_bans_of, roles_of
from ..groups.models import OPEN, ORGANIZER, OWNER, Group, Membership
from .models import (
    CANCELLED,
    DRAFT,
    EVERYONE,
    GOING,
    GROUP,
    LINK,
    PUBLISHED,
    Event,
    EventHost,
    Guest,
    had_slug,
)

HOST, ATTENDEE, MEMBER, PERSON, GUEST, VISITOR = ROLES = (
    "host",
    "going",
    "member",
    "person",
    "guest",
    "visitor",
)
LEADING = (OWNER, ORGANIZER)
#: Moderators of the event's group may do this, too.
MODERATE = "event:moderate"

ACTIONS: dict[str, frozenset[str]] = {
    "event:view": frozenset(ROLES),
    "event:answer": frozenset({HOST, ATTENDEE, MEMBER, PERSON, GUEST}),
    "event:contact": frozenset({ATTENDEE, MEMBER, PERSON, GUEST}),
    "event:comment": frozenset({HOST, ATTENDEE, MEMBER, PERSON}),
    MODERATE: frozenset({HOST}),
    "event:see_files": frozenset({HOST, ATTENDEE, MEMBER}),
    "event:add_files": frozenset({HOST, ATTENDEE}),
    "event:see_people": frozenset({HOST, ATTENDEE, MEMBER}),
    "event:see_online_url": frozenset({HOST, ATTENDEE}),
    "event:see_waiting_names": frozenset({HOST}),
    "event:help": frozenset({HOST, ATTENDEE}),
    "event:edit": frozenset({HOST}),
    "event:publish": frozenset({HOST}),
    "event:cancel": frozenset({HOST}),
    "event:see_attendees": frozenset({HOST}),
    "event:write": frozenset({HOST}),
    "event:invite": frozenset({HOST}),
    "event:check_in": frozenset({HOST}),
    "event:see_feedback": frozenset({HOST}),
}

SENTENCES = {
    "event:view": _l("See the event, if they have access to it and its group"),
    "event:answer": _l("Answer and join the waiting list"),
    "event:contact": _l("Message the hosts"),
    "event:comment": _l("Comment, visible to everyone who can see the event"),
    "event:see_files": _l(
        "See its pictures and files (everyone who can see the event, if the hosts allow it)"
    ),
    "event:add_files": _l("Upload pictures and files, if the hosts allow attendees to"),
    MODERATE: _l("Close comments, and hide or remove some (the group’s moderators can too)"),
    "event:see_people": _l("See who is going, unless the hosts hide the list"),
    "event:see_online_url": _l("See the link for joining online"),
    "event:see_waiting_names": _l("See the waiting list and its full history"),
    "event:help": _l("See what needs doing, take on tasks and join shifts"),
    "event:edit": _l("See drafts and edit the event"),
    "event:publish": _l("Publish the event"),
    "event:cancel": _l("Cancel the event, and undo that until it starts"),
    "event:see_attendees": _l("See all answers and download the list"),
    "event:write": _l("Write to those who answered"),
    "event:invite": _l("Invite people to the event"),
    "event:check_in": _l("Check people in, and see who attended"),
    "event:see_feedback": _l("Read feedback from people who were there"),
}

ROLE_NAMES = dict(
    zip(
        ROLES,
        (_l("Host"), _l("Going"), _l("Member"), _l("Signed in"), _l("Guest"), _l("Visitor")),
        strict=True,
    )
)

TABLES["event"] = PermissionTable(_l("For an event"), list(ROLE_NAMES.items()), ACTIONS, SENTENCES)


def event_for(user: Any, slug: str, also: Callable[[Event], bool] | None = None) -> Event:
    """Return the event with this slug, or an earlier one, with its group and hosts.

    `user` may see it, or it isn't deleted and `also(event)` is true. Raises NotFound otherwise.
    """
    if "\x00" in slug:
        raise NotFound()
    event = _found(_with_slug(), {"slug": slug})
    if event is None and user.id is not None:
        event = _found(_whole().where(had_slug(slug, user)))
    if event is None or not (
        may_see(user, event) or (also is not None and _is_current(event) and also(event))
    ):
        raise NotFound()
    return event


def event_to(user: Any, action: str, slug: str) -> Event:
    """Return the event with this slug if `user` may do `action`.

    Raises Forbidden, or what `event_for` raises.
    """
    event = event_for(user, slug)
    require(user, action, event)
    return event


def deleted_event_to(user: Any, action: str, slug: str) -> Event:
    """Return a deleted event if `user` may do `action`. Raises NotFound for others."""
    event = _found(_whole().where(Event.slug == slug, Event.deleted_at.is_not(None)))
    if event is None or not can(user, action, event):
        raise NotFound()
    return event


def event_where(condition: sa.ColumnElement[bool]) -> Event | None:
    """Return the event that fulfils the condition, with group and hosts, without checking
    access.
    """
    return _found(_whole().where(condition))


@cache
def _whole() -> sa.Select[Event]:
    """Events with all that their page shows, in one statement. Joins are fine: hosts are few."""
    hosts = joinedload(Event.hosts).joinedload(EventHost.user)
    whole = sa.select(Event).options(
        joinedload(Event.group), joinedload(Event.owner), joinedload(Event.category), hosts
    )
    return whole.options(joinedload(Event.thread))


@cache
def _with_slug() -> sa.Select[Event]:
    """Build the statement once: every page of an event uses it."""
    return _whole().where(Event.slug == sa.bindparam("slug"))


def _found(query: sa.Select[Event], given: dict[str, Any] | None = None) -> Event | None:
    return db.session.scalars(query, given).unique().one_or_none()


def may_see(user: Any, event: Event) -> bool:
    """Whether `user` may see the event. Only its hosts see a draft."""
    if not _is_current(event):
        return False
    role = event_role(user, event)
    if role not in ACTIONS["event:view"]:
        return False
    if role == HOST:
        return True
    if event.hidden_at is not None and not _moderates(user, event):
        return False
    if event.state == DRAFT:
        return False
    return event.group is None or role_of(user, event.group) is not None or is_open_to_others(event)


def is_announced(event: Event) -> bool:
    """Whether people besides its hosts may know of the event: not a draft, deleted or hidden."""
    return _is_current(event) and event.hidden_at is None and event.state != DRAFT


def _is_current(event: Event) -> bool:
    return event.deleted_at is None and (event.group is None or event.group.deleted_at is None)


def _moderates(user: Any, event: Event) -> bool:
    return event.group is not None and group_can(user, "group:moderate", event.group)


def is_open_to_others(event: Event) -> bool:
    """Whether people outside its group can see the event: both the event and the group allow it."""
    return event.group is None or (event.audience != GROUP and event.group.visibility == OPEN)


def is_host(user: Any, event: Event) -> bool:
    """Whether `user` is a host: the owner while a member, a named host, or a leader of its
    group.
    """
    return event_role(user, event) == HOST


def is_banned(user: Any, event: Event) -> bool:
    """Whether `user` is banned from the event's group."""
    return event.group_id is not None and event.group_id in banned_from(user)


def is_member(user: Any, event: Event) -> bool:
    """Whether `user` is a member of the event's group, or has an account if there is no group."""
    if user.id is None or isinstance(user, Guest):
        return False
    return event.group is None or role_of(user, event.group) is not None


def event_role(user: Any, event: Event, rsvp: Any = None) -> str:
    """Return the strongest role of `user` at the event; `rsvp`: their answer if the caller has it.

    Banned people are visitors.
    """
    user_id, group_id = user.id, event.group_id
    if user_id is None:
        return VISITOR
    roles, bans = roles_and_bans_of(user)
    if group_id in bans:
        return VISITOR
    role = roles.get(group_id) if group_id is not None else MEMBER
    is_owner = role is not None and event.owner_id == user_id
    if is_owner or role in LEADING or user_id in [host.user_id for host in event.hosts]:
        return HOST
    if rsvp is not None and rsvp.state == GOING and user_id in (rsvp.user_id, rsvp.guest_id):
        return ATTENDEE
    if isinstance(user, Guest):
        return GUEST
    return MEMBER if role is not None else PERSON


def can(user: Any, action: str, event: Event, rsvp: Any = None) -> bool:
    """Whether the role of `user` at the event allows `action`."""
    return event_role(user, event, rsvp) in ACTIONS[action]


def actions_of(user: Any, event: Event, rsvp: Any = None) -> frozenset[str]:
    """Return all actions that the role of `user` at the event allows."""
    role = event_role(user, event, rsvp)
    return frozenset([action for action, roles in ACTIONS.items() if role in roles])


def require(user: Any, action: str, event: Event) -> None:
    """Raises Forbidden if `user` may not do `action`."""
    if not (can_moderate(user, event) if action == MODERATE else can(user, action, event)):
        raise Forbidden()


def can_edit(user: Any, event: Event) -> bool:
    """Whether `user` may edit, publish and cancel the event."""
    return can(user, "event:edit", event)


def can_answer(user: Any, event: Event) -> bool:
    """Whether `user` is allowed to answer; the rule checks whether answers are open.

    A guest who has answered can continue to, even if hosts no longer allow guests.
    """
    if isinstance(user, Guest) and user.confirmed_at is None and not allows_guests(event):
        return False
    return can(user, "event:answer", event) and event.state != DRAFT


def can_comment(user: Any, event: Event) -> bool:
    """Whether `user` may comment: with an account, on an event that isn't a draft, locked or
    deleted.
    """
    if isinstance(user, Guest) or event.state == DRAFT or event.locked_at is not None:
        return False
    return may_see(user, event) and can(user, "event:comment", event)


def can_moderate(user: Any, event: Event) -> bool:
    """Whether `user` moderates comments on the event: its hosts, and moderators of its group."""
    return can(user, MODERATE, event) or _moderates(user, event)


def allows_guests(event: Event) -> bool:
    """Whether people can answer without an account: hosts allow it, and the event is open to
    others.
    """
    return event.allows_guests and is_open_to_others(event)


def can_see_people(user: Any, event: Event, rsvp: Any = None) -> bool:
    """Whether `user` sees attendees: hosts always, members and attendees unless hosts hide the
    list.
    """
    role = event_role(user, event, rsvp)
    return role in ACTIONS["event:see_people"] and (role == HOST or event.shows_attendees)


def online_url_for(user: Any, event: Event, rsvp: Any) -> str:
    """Return the link for joining online if `user` may have it, else ""."""
    return event.online_url if can(user, "event:see_online_url", event, rsvp) else ""


def topic_of(event: Event) -> str:
    """Return the topic of live signals about the event."""
    return f"event:{event.id}"


@live.presence_place("event")
def shows_readers(id: uuid.UUID) -> bool:
    """Every event shows who is reading it."""
    return True


@live.topic("event")
def may_watch(user: Any, id: uuid.UUID) -> bool:
    """Whether `user` may receive live signals about the event with this id."""
    event = db.session.get(Event, id)
    return event is not None and may_see(user, event)


def listed_for(user: Any) -> sa.ColumnElement[bool]:
    """Return the condition on Event (with Group outer-joined) for events listed to `user`; never
    drafts.

    Link-only events are listed only to the group's members and hosts, hidden ones only to hosts.
    """
    return _listed_for(user.id, tuple(roles_of(user)))


@lru_cache(maxsize=1024)
def _listed_for(user_id: Any, groups: tuple[uuid.UUID, ...]) -> sa.ColumnElement[bool]:
    """Cached for each reader: building the condition takes longer than the query."""
    return _seen_by(SimpleNamespace(id=user_id), (EVERYONE,), list(groups))


def listed_to_reader(reader: Any) -> sa.ColumnElement[bool]:
    """`listed_for` in a cached statement, which binds `groups`: the ids of the reader's groups."""
    groups = sa.bindparam("groups", type_=sa.Uuid, expanding=True)
    return _seen_by(reader, (EVERYONE,), groups)


def visible_to(user: Any) -> sa.ColumnElement[bool]:
    """Return the condition on Event (with Group outer-joined) for events that `user` may see if
    they know of them; never drafts.
    """
    return _seen_by(
        user, (EVERYONE, LINK), sa.select(Membership.group_id).where(Membership.user_id == user.id)
    )


def _seen_by(user: Any, audiences: tuple[str, ...], groups: Any) -> sa.ColumnElement[bool]:
    living = sa.and_(
        Event.deleted_at.is_(None),
        Event.state.in_((constant(PUBLISHED), constant(CANCELLED))),
        Group.deleted_at.is_(None),
    )
    shown = Event.hidden_at.is_(None)
    ways = [
        sa.and_(
            shown,
            Event.audience.in_([constant(audience) for audience in audiences]),
            sa.or_(Event.group_id.is_(None), Group.visibility == constant(OPEN)),
        )
    ]
    if user.id is not None:
        ways.append(sa.and_(shown, Event.group_id.in_(groups)))
        ways.append(hosted_by(user))
    return sa.and_(living, sa.or_(*ways))


def owned_by(user: Any) -> sa.ColumnElement[bool]:
    """Return the condition on Event for those that `user` owns; a group's events only while a
    member.
    """
    mine = sa.select(Membership.group_id).where(Membership.user_id == user.id)
    return sa.and_(
        Event.owner_id == user.id, sa.or_(Event.group_id.is_(None), Event.group_id.in_(mine))
    )


def hosted_by(user: Any) -> sa.ColumnElement[bool]:
    """Return the condition on Event for those that `user` owns or is a named host of.

    Leaders of the group aren't included.
    """
    return sa.or_(owned_by(user), Event.id.in_(named_by(user)))


def named_by(user: Any) -> sa.Select[Any]:
    """Select the events with `user` as a named host, except in groups that banned them."""
    named = sa.select(EventHost.event_id).join(Event, Event.id == EventHost.event_id)
    return named.where(EventHost.user_id == user.id, ~group_reads.has_ban(Event.group_id, user.id))
