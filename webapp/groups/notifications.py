"""The notification types of groups, and the text of their inbox lines."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts import blocks
from ..accounts.models import User
from ..accounts.reads import recipient as _reader
from ..core import i18n
from ..core.extensions import db
from ..core.http.links import absolute
from ..core.time import clock
from ..mail.emails import EmailContext, added_to_all
from ..notifications.digest_contents import DigestContents
from ..notifications.models import INBOX
from ..notifications.notification_types import GROUPS, email_of, notification
from . import access, reads
from .models import Group, JoinRequest, Membership, OwnershipOffer


def _requests(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Requests to join that wait for someone's decision, in groups where the reader may decide."""
    roles = access.ACTIONS["group:answer_requests"]
    mine = sa.select(Membership.group_id).where(
        Membership.user_id == reader.id, Membership.role.in_(roles)
    )
    waits = (JoinRequest.declined_at.is_(None), JoinRequest.ignored_at.is_(None))
    query = sa.select(JoinRequest.id).join(Group, Group.id == JoinRequest.group_id)
    query = query.where(JoinRequest.id.in_(ids), *waits, JoinRequest.group_id.in_(mine))
    return query.where(Group.deleted_at.is_(None))


def _offers(reader: Any, ids: Collection[UUID]) -> sa.Select[Any]:
    """Groups of which the reader may become an owner."""
    theirs = (OwnershipOffer.user_id == reader.id, OwnershipOffer.expires_at > clock.now())
    query = sa.select(OwnershipOffer.group_id).join(Group, Group.id == OwnershipOffer.group_id)
    return query.where(OwnershipOffer.group_id.in_(ids), *theirs, Group.deleted_at.is_(None))


def _because(sentence: str, reason: str) -> str:
    return f"{sentence}: {reason}" if reason else sentence


@notification(
    "request.arrived",
    GROUPS,
    _l("Someone asked to join a group you manage"),
    _l("New request to join"),
    from_person=True,
    holds=_requests,
)
def _request_arrived(name: str, group: str) -> str:
    return _("%(name)s asked to join %(group)s", name=name, group=group)


@notification(
    "request.approved",
    GROUPS,
    _l("Your request to join a group was approved"),
    _l("Request approved"),
)
def _request_approved(group: str) -> str:
    return _("You’re now a member of %(group)s", group=group)


@notification(
    "request.declined",
    GROUPS,
    _l("Your request to join a group was declined"),
    _l("Request declined"),
)
def _request_declined(group: str, answer: str) -> str:
    return _because(_("%(group)s declined your request to join", group=group), answer)


@notification("role.changed", GROUPS, _l("Your role in a group changed"), _l("New role"))
def _role_changed(group: str, role: str) -> str:
    return _("Your role in %(group)s is now %(role)s", group=group, role=access.ROLE_NAMES[role])


@notification(
    "ownership.offered",
    GROUPS,
    _l("Someone invited you to co-own a group"),
    _l("Ownership offer"),
    from_person=True,
    holds=_offers,
)
def _ownership_offered(name: str, group: str) -> str:
    return _("%(name)s invited you to co-own %(group)s", name=name, group=group)


@notification(
    "ownership.withdrawn",
    GROUPS,
    _l("An offer to become an owner is no longer valid"),
    _l("Ownership offer ended"),
    usual=INBOX,
    from_person=True,
)
def _ownership_over(group: str) -> str:
    return _("The offer to become an owner of %(group)s is no longer valid", group=group)


@notification(
    "ownership.accepted", GROUPS, _l("A group has a new owner"), _l("New owner"), usual=INBOX
)
def _ownership_accepted(name: str, group: str, before: str) -> str:
    if before:
        return _(
            "%(name)s is now an owner of %(group)s, and %(by)s is an organizer",
            name=name,
            group=group,
            by=before,
        )
    return _("%(name)s is now an owner of %(group)s", name=name, group=group)


@notification(
    "ownership.inherited",
    GROUPS,
    _l("You became an owner because a group’s owner left the site"),
    _l("You’re an owner now"),
)
def _ownership_inherited(group: str) -> str:
    return _("The owner of %(group)s left the site. You’re an owner now.", group=group)


@notification(
    "ownership.declined",
    GROUPS,
    _l("Someone declined to become an owner of a group"),
    _l("Ownership offer declined"),
    usual=INBOX,
)
def _ownership_declined(name: str, group: str) -> str:
    return _("%(name)s declined to become an owner of %(group)s", name=name, group=group)


@notification(
    "ownership.expired",
    GROUPS,
    _l("Someone didn’t answer your ownership offer"),
    _l("Ownership offer expired"),
    usual=INBOX,
)
def _ownership_expired(name: str, group: str) -> str:
    return _(
        "%(name)s didn’t answer your offer to become an owner of %(group)s", name=name, group=group
    )


@notification(
    "name.approved",
    GROUPS,
    _l("An admin approved the name of your group"),
    _l("Name approved"),
)
def _name_approved(group: str) -> str:
    return _("An admin approved the name of %(group)s. It can invite people by email.", group=group)


@notification(
    "member.removed", GROUPS, _l("You were removed from a group"), _l("Removed from the group")
)
def _removed(group: str, reason: str) -> str:
    return _because(_("You were removed from %(group)s", group=group), reason)


@notification(
    "group.deleted", GROUPS, _l("One of your groups was deleted"), _l("Group deleted"), usual=INBOX
)
def _deleted(group: str, name: str) -> str:
    return _("%(name)s deleted the group %(group)s", name=name, group=group)


@email_of("groups/request_arrived", "request.arrived")
def request_arrived(user: str, request: str) -> EmailContext | None:
    """Who requests to join, and their message. Not sent once it was answered."""
    reader, join_request = _reader(user), db.session.get(JoinRequest, UUID(request))
    if (
        reader is None
        or join_request is None
        or join_request.declined_at
        or join_request.ignored_at
        or not access.can(reader, "group:answer_requests", join_request.group)
    ):
        return None
    if blocks.has_blocked(reader, by=join_request.user):
        return None
    return _about(
        join_request.group,
        reader,
        f"{join_request.group.path}/manage/requests",
        person=join_request.user,
        message=join_request.message,
    )


@email_of("groups/request_approved", "request.approved")
def request_approved(user: str, group: str) -> EmailContext | None:
    """The request was approved. Not sent if they have left already."""
    reader, joined = _reader(user), db.session.get(Group, UUID(group))
    if reader is None or joined is None or reads.membership_of(joined, reader) is None:
        return None
    return _about(joined, reader, joined.path)


@email_of("groups/request_declined", "request.declined")
def request_declined(user: str, request: str) -> EmailContext | None:
    """The request was declined, with the message. Not sent if they have asked again."""
    reader, join_request = _reader(user), db.session.get(JoinRequest, UUID(request))
    if reader is None or join_request is None or join_request.declined_at is None:
        return None
    return _about(join_request.group, reader, "/groups", answer=join_request.answer)


@email_of("groups/role_changed", "role.changed")
def role_changed(user: str, membership: str) -> EmailContext | None:
    """The current role. Not sent if they have left."""
    reader, held = _reader(user), db.session.get(Membership, UUID(membership))
    if reader is None or held is None:
        return None
    return _about(held.group, reader, f"{held.group.path}/roles", role=held.role)


@email_of("groups/ownership_offered", "ownership.offered")
def ownership_offered(user: str, offer: str) -> EmailContext | None:
    """Someone offers them ownership: what that means, and until when. Not sent once it has
    ended.
    """
    reader, offered = _reader(user), db.session.get(OwnershipOffer, UUID(offer))
    if (
        reader is None
        or offered is None
        or offered.expires_at <= clock.now()
        or blocks.has_blocked(reader, by=offered.by)
    ):
        return None
    until = i18n.day(offered.expires_at, reader.zone)
    return _about(
        offered.group, reader, f"{offered.group.path}/ownership", offer=offered, until=until
    )


@email_of("groups/removed", "member.removed")
def removed(user: str, group: str) -> EmailContext | None:
    """They were removed. Not sent if they are a member again."""
    reader, left = _reader(user), db.session.get(Group, UUID(group))
    if reader is None or left is None or reads.membership_of(left, reader) is not None:
        return None
    return _about(left, reader, "/inbox")


@added_to_all
def in_group(template: str, ids: dict[str, str], context: EmailContext) -> EmailContext:
    """Add the group to an email that has only its id, if the reader may still see it."""
    if "where" in context or context.get("group_id") is None:
        return {}
    group = db.session.get(Group, context["group_id"])
    return {"group": group} if group and access.may_see(context["user"], group) else {}


def _about(group: Group, reader: User, path: str, **more: Any) -> EmailContext | None:
    if group.deleted_at is not None:
        return None
    return {"group": group, "user": reader, "url": absolute(path), **more}


def add_to_digest(reader: User, contents: DigestContents) -> None:
    """Add the names of the digest's groups that the reader may see."""
    groups = db.session.scalars(sa.select(Group).where(Group.id.in_(contents.group_ids())))
    contents.group_names |= {
        group.id: group.name for group in groups if access.may_see(reader, group)
    }
