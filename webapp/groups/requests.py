"""Requests to join a group, and their answers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import live
from ..core.db import actor_lock
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock
from . import conduct, memberships, notices, questions, reads
from .models import APPROVE, Group, JoinRequest, Membership

Given = Mapping[UUID, Any]
NOTHING: Given = MappingProxyType({})


def ask(
    group: Group,
    by: User,
    message: str = "",
    given: Given = NOTHING,
    questions_digest: str = "",
    code_version: int = 0,
) -> JoinRequest:
    """Request to join and notify the people who answer. A second request replaces the text.

    `given`: answers by question id; `questions_digest`: the digest of the questions shown. Raises
    UserError if the group takes no requests, the person is banned or an answer is missing, and
    Conflict for members.
    """
    group = memberships.hold(group)
    if reads.membership_of(group, by) is not None:
        raise Conflict(_("You’re already a member of this group."))
    memberships.refuse_banned(group, by)
    if group.join_policy != APPROVE:
        raise UserError(_("This group doesn’t take requests to join."))
    answers = questions.answered(group, given, questions_digest or questions.digest(()))
    conduct.require(group, code_version)
    waiting = reads.request_of(group, by) or _new(group, by)
    waiting.message, waiting.answers, waiting.code_version = message, answers, code_version
    db.session.flush()
    return waiting


def withdraw(group: Group, by: User) -> None:
    """Withdraw the request."""
    group = memberships.hold(group)
    waiting = reads.request_of(group, by)
    if waiting is not None:
        db.session.delete(waiting)
        _signal(group)


def approve(request: JoinRequest, by: User) -> Membership:
    """Approve the request: make the person a member and notify them."""
    actor_lock.keep_rights_of(request.user)
    group, request = _open(request)
    user = request.user
    if not user.is_active:
        raise Conflict(_("%(name)s’s account is no longer active.", name=user.name))
    db.session.delete(request)
    membership = memberships.admit(group, user, code_version=request.code_version)
    audit.record("request.approved", by=by, subject=user, group=str(group.id))
    notices.request_approved(group, user)
    _signal(group)
    return membership


def decline(request: JoinRequest, by: User, message: str = "") -> None:
    """Decline the request and notify the person, with a message if given; they can ask again."""
    group, request = _open(request)
    request.declined_at = clock.now()
    request.answer, request.answers = message, []
    audit.record("request.declined", by=by, subject=request.user, group=str(group.id))
    notices.request_declined(request)
    _signal(group)


def ignore(request: JoinRequest, by: User) -> None:
    """Ignore the request. The person isn't told, and for them it is still open."""
    group, request = _open(request)
    request.ignored_at = clock.now()
    audit.record("request.ignored", by=by, subject=request.user, group=str(group.id))
    _signal(group)


def _new(group: Group, by: User) -> JoinRequest:
    declined = (
        db.session.query(JoinRequest).filter_by(group_id=group.id, user_id=by.id).one_or_none()
    )
    if declined is not None:
        db.session.delete(declined)
        db.session.flush()
    request = JoinRequest(group=group, user=by)
    db.session.add(request)
    db.session.flush()
    notices.request_arrived(request)
    _signal(group)
    return request


def _open(request: JoinRequest) -> tuple[Group, JoinRequest]:
    group = memberships.hold(request.group)
    found: Any = db.session.get(JoinRequest, request.id, populate_existing=True)
    if found is None or found.declined_at is not None:
        raise Conflict(_("This request has already been answered or withdrawn."))
    return group, found


def _signal(group: Group) -> None:
    db.session.flush()
    live.signal(f"group:{group.id}:requests")
