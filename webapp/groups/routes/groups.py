"""A group's page and form, and how it is deleted and restored."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts import reads as account_reads
from ...conversation import reads as conversation_reads
from ...core import site_settings
from ...core.db import idempotency
from ...core.http.errors import Conflict, UserError
from ...core.http.page_cache import cached_for_visitors
from ...core.http.pages import render_page
from ...core.http.permissions import actor, opens, public, signed_in
from ...core.http.submit import done, if_new, submitted
from ...core.http.uploads import uploads
from ...core.storage import pictures as files
from ...core.time import clock
from ...events import reads as event_reads
from ...voting import reads as vote_reads
from .. import access, conduct, groups, permissions, reads, sharing
from ..forms.groups import GroupForm
from ..forms.members import JoinForm, request_form
from ..models import APPROVE, JOIN, MEMBER, OPEN, Group

bp = Blueprint("groups", __name__)


@bp.get("/groups/new")
@signed_in
def new() -> ResponseReturnValue:
    """Show the form for a new group, or whom to ask for permission."""
    if not _may_create():
        approved = site_settings.value("GROUP_CREATION") == "approved"
        return render_page(
            "groups/not_allowed.html", status=403, approved=approved, admins=account_reads.admins()
        )
    return _form_page(GroupForm(zone=current_user.zone))


@bp.post("/groups")
@signed_in
def create() -> ResponseReturnValue:
    """Create a group, owned by its creator."""
    if not _may_create():
        abort(403)
    form = GroupForm()
    return submitted(
        form,
        lambda: idempotency.create_once(
            Group, actor(), lambda id: groups.create(by=actor(), id=id, **form.values())
        ),
        again=lambda refused: _form_page(form, status=refused.status),
        to=lambda made: url_for("groups.show", slug=made.row.slug),
        flash=if_new(_created),
    )


def _created(group: Group) -> str:
    if group.awaits_approval:
        return _("Group created.")  # its page says what it waits for
    return _("%(group)s is ready. Invite people to join.", group=group.name)


@bp.get("/groups/<slug>")
@public
@cached_for_visitors
def show(slug: str) -> ResponseReturnValue:
    """Show the group's page."""
    return group_page(access.group_for(current_user, slug))


@bp.get("/groups/<slug>/edit")
@opens(access.group_to, "group:edit")
def edit(group: Group) -> ResponseReturnValue:
    """Show the form of the group."""
    return _form_page(GroupForm(group), group)


def _too_large(refused: UserError, group: Group) -> ResponseReturnValue:
    form = GroupForm(group)
    form.refuse(refused)
    return _form_page(form, group, refused.status)


@bp.post("/groups/<slug>/edit")
@opens(access.group_to, "group:edit")
@uploads(_too_large, beside=True)
def update(group: Group) -> ResponseReturnValue:
    """Change the group and its picture."""
    form = GroupForm(group)

    def again(refused: UserError, group: Group) -> ResponseReturnValue:
        if isinstance(refused, Conflict):
            form.agree_on(group)
        return _form_page(form, group, status=refused.status)

    def change() -> None:
        with files.kept(files.COVER, form.picture.content_if_sent()) as picture:
            groups.edit(group, by=actor(), version=form.version.data or 0, **form.values())
            if picture is not None or form.remove_picture.data:
                groups.replace_picture(group, actor(), picture)

    return submitted(
        form,
        change,
        again,
        to=lambda _result: url_for("groups.show", slug=group.slug),
        flash=_("Saved."),
    )


def group_page(
    group: Group, form: JoinForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the group's page as this reader may see it; `form`: the refused form to join or
    request.
    """
    inside = access.may_see_inside(current_user, group)
    may = access.actions_of(current_user, group)
    return render_page(
        "groups/show.html",
        {
            "events": "groups/_events.html",
            "votes": "groups/_votes.html",
            "talk": "groups/_talk.html",
        },
        status=status,
        group=group,
        inside=inside,
        may=may,
        leading=reads.leaders(group) if inside else [],
        newest=reads.newest(group) if "group:view_members" in may else [],
        waiting=reads.requests_of(group) if "group:answer_requests" in may else [],
        events=event_reads.upcoming_of(group, current_user) if inside else [],
        talk=conversation_reads.latest(group, current_user)
        if "group:read_conversation" in may
        else [],
        votes=vote_reads.open_of(group, current_user) if inside else [],
        role_names=access.ROLE_NAMES,
        **_belonging(group, form),
    )


def _belonging(group: Group, form: JoinForm | None) -> dict[str, Any]:
    """The reader's relation to the group, for the box to join."""
    if not current_user.is_authenticated:
        return {
            "membership": None,
            "is_new": False,
            "join_request": None,
            "banned": False,
            "offer": None,
            "form": None,
            "code_due": False,
        }
    membership, offer = reads.membership_and_offer(group, current_user)
    is_new = (
        membership is not None
        and membership.role == MEMBER
        and clock.now() - membership.created_at < groups.WELCOMED
    )
    join_request = None if membership else reads.request_of(group, current_user)
    banned = False if membership else reads.is_banned(group, current_user)
    relation = {
        "membership": membership,
        "is_new": is_new,
        "join_request": join_request,
        "banned": banned,
        "offer": offer,
    }
    outside = not (membership or join_request or banned)
    form = form or (_form_for_joining(group) if outside else None)
    return {**relation, "form": form, "code_due": conduct.is_due(group, membership)}


def _form_for_joining(group: Group) -> JoinForm | None:
    if group.join_policy == APPROVE:
        return request_form(group)
    return JoinForm(group) if group.join_policy == JOIN else None


def _form_page(
    form: GroupForm, group: Group | None = None, status: int = 200
) -> ResponseReturnValue:
    if group is None:
        return render_page("groups/new.html", status=status, form=form, group=None, outsiders=0)
    return render_page(
        "groups/edit.html",
        status=status,
        form=form,
        group=group,
        may=access.actions_of(current_user, group),
        outsiders=event_reads.outsiders_at(group) if group.visibility == OPEN else 0,
    )


def _may_create() -> bool:
    return permissions.may_create(current_user, site_settings.value("GROUP_CREATION"))


pictures_bp = Blueprint("group_pictures", __name__, url_prefix="/groups/<slug>/picture")


@pictures_bp.get("/<uuid:picture>/<int:size>", endpoint="show")
@public
def show_picture(slug: str, picture: UUID, size: int) -> Response:
    """Serve the group's picture, or the card that other sites show of it."""
    group = access.group_for(current_user, slug)
    if group.picture == picture:
        return files.answer(files.COVER, picture, size)
    if not sharing.may_be_shared(group) or sharing.card_id(group) != picture:
        abort(404)
    return files.answer_drawn(picture, size, partial(sharing.drawn_card, group))


deletions_bp = Blueprint("group_deletions", __name__)


@deletions_bp.get("/groups/deleted", endpoint="index")
@signed_in
def list_deleted() -> ResponseReturnValue:
    """List the deleted groups that the reader owned and can still restore."""
    return render_page(
        "groups/deleted.html", put_away=reads.deleted_by(current_user), until=groups.KEPT
    )


@deletions_bp.get("/groups/<slug>/deletion", endpoint="new")
@opens(access.group_to, "group:delete")
def ask_deletion(group: Group) -> ResponseReturnValue:
    """Ask before the group is deleted."""
    return render_page(
        "layout/confirm.html",
        title=_("Delete %(group)s?", group=group.name),
        words=_(
            "No one will be able to see the group, its events or its votes. We’ll tell its "
            "members. An owner can restore it for 30 days. After that, it’s deleted for good."
        ),
        action=url_for("group_deletions.create", slug=group.slug),
        verb=_("Delete group"),
        keep=_("Cancel"),
        keep_url=url_for("groups.edit", slug=group.slug),
        section="groups",
    )


@deletions_bp.post("/groups/<slug>/deletion", endpoint="create")
@opens(access.group_to, "group:delete")
def put_away(group: Group) -> ResponseReturnValue:
    """Delete the group; its owners can restore it for a while."""
    groups.delete(group, by=actor())
    return done(
        url_for("group_deletions.index"),
        _(
            "%(group)s is deleted. You’ll find it here until it’s deleted for good.",
            group=group.name,
        ),
    )


@deletions_bp.post("/groups/<slug>/restoration", endpoint="delete")
@opens(access.deleted_group_to, "group:delete")
def bring_back(group: Group) -> ResponseReturnValue:
    """Restore the group."""
    groups.restore(group, by=actor())
    return done(
        url_for("groups.show", slug=group.slug), _("%(group)s is restored.", group=group.name)
    )
