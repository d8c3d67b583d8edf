"""The words of the letters about groups, found at the moment of delivery."""

from typing import Any
from uuid import UUID

from ..accounts import blocks
from ..accounts.models import User
from ..accounts.reads import reader as _reader
from ..core.extensions import db
from ..core.http.links import absolute
from ..core.i18n import language
from ..core.time import clock
from ..mail.emails import EmailContext, email_context
from . import access, reads
from .models import Group, JoinRequest, Membership, OwnershipOffer


@email_context("groups/request_arrived")
def request_arrived(user: str, request: str) -> EmailContext | None:
    """Who asks, and what they say; pointless once it was answered."""
    reader, asked = _reader(user), db.session.get(JoinRequest, UUID(request))
    if (
        reader is None
        or asked is None
        or asked.declined_at
        or not access.can(reader, "group:answer_requests", asked.group)
    ):
        return None
    if blocks.has_blocked(reader, by=asked.user):
        return None
    return _about(
        asked.group,
        reader,
        f"{asked.group.path}/manage/requests",
        person=asked.user,
        message=asked.message,
    )


@email_context("groups/request_approved")
def request_approved(user: str, group: str) -> EmailContext | None:
    """That they are in; pointless when they have left already."""
    reader, joined = _reader(user), db.session.get(Group, UUID(group))
    if reader is None or joined is None or reads.membership_of(joined, reader) is None:
        return None
    return _about(joined, reader, joined.path)


@email_context("groups/request_declined")
def request_declined(user: str, request: str) -> EmailContext | None:
    """That they are not, and the word that came with it; pointless when they have asked again."""
    reader, asked = _reader(user), db.session.get(JoinRequest, UUID(request))
    if reader is None or asked is None or asked.declined_at is None:
        return None
    return _about(asked.group, reader, "/groups", answer=asked.answer)


@email_context("groups/role_changed")
def role_changed(user: str, membership: str) -> EmailContext | None:
    """The role as it is now; pointless when they have left."""
    reader, held = _reader(user), db.session.get(Membership, UUID(membership))
    if reader is None or held is None:
        return None
    return _about(held.group, reader, f"{held.group.path}/roles", role=access.ROLE_NAMES[held.role])


@email_context("groups/ownership_offered")
def ownership_offered(user: str, offer: str) -> EmailContext | None:
    """That someone would hand the group to them, what that means, and until when; pointless
    once it is over.
    """
    reader, offered = _reader(user), db.session.get(OwnershipOffer, UUID(offer))
    if (
        reader is None
        or offered is None
        or offered.expires_at <= clock.now()
        or blocks.has_blocked(reader, by=offered.by)
    ):
        return None
    until = language.day(offered.expires_at, reader.zone)
    return _about(
        offered.group, reader, f"{offered.group.path}/ownership", offer=offered, until=until
    )


@email_context("groups/removed")
def removed(user: str, group: str) -> EmailContext | None:
    """That they no longer belong; pointless when they do again."""
    reader, left = _reader(user), db.session.get(Group, UUID(group))
    if reader is None or left is None or reads.membership_of(left, reader) is not None:
        return None
    return _about(left, reader, "/inbox")


def _about(group: Group, reader: User, path: str, **more: Any) -> EmailContext | None:
    if group.deleted_at is not None:
        return None
    return {"group": group, "user": reader, "url": absolute(path), **more}
