"""The list of a group's threads, a thread, and the form for a new one."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...core.db import idempotency
from ...core.db.keyset import requested_cursor
from ...core.http import limits
from ...core.http.pages import render_page
from ...core.http.permissions import actor, permission
from ...core.http.submit import submitted
from ...groups import access as groups
from ...groups.models import Group
from .. import access, reads, threads
from ..forms import ThreadForm, looked_at
from ..models import Thread
from . import thread_page
from .replies import PREVIEW, posted

bp = Blueprint("threads", __name__, url_prefix="/groups/<slug>/conversation")


@bp.get("")
@permission(access.READ)
def index(slug: str) -> ResponseReturnValue:
    """List the threads: pinned ones first, then by latest reply."""
    group = groups.group_to(current_user, access.READ, slug)
    place = requested_cursor()
    return render_page(
        "conversation/index.html",
        {"threads": "conversation/_threads.html"},
        group=group,
        may=groups.actions_of(current_user, group),
        pinned=[] if place else reads.pinned(group, current_user),
        listing=reads.listed(group, current_user, place),
        is_first=place is None,
    )


@bp.get("/new")
@permission(access.START)
def new(slug: str) -> ResponseReturnValue:
    """Show the form for a new thread; ?announce=yes for an announcement."""
    group = groups.group_to(current_user, access.START, slug)
    announces = request.args.get("announce") == "yes" and groups.can(
        current_user, access.ANNOUNCE, group
    )
    return _form_page(group, ThreadForm(formdata=None, announces=announces))


@bp.post("")
@permission(access.START)
@limits.writes_to_a_group
def create(slug: str) -> ResponseReturnValue:
    """Create a thread, or preview it."""
    group, form = groups.group_to(current_user, access.START, slug), ThreadForm()
    if PREVIEW in request.form:
        return _form_page(group, form)

    def start() -> tuple[Thread, bool]:
        title, body, announces = form.title.data, form.body.data, bool(form.announces.data)
        if announces:
            limits.announcement_by(actor().id)
        return idempotency.create_once(
            Thread,
            actor(),
            lambda id: threads.start(group, actor(), title or "", body or "", announces, id),
        )

    return submitted(
        form,
        start,
        again=lambda refused: _form_page(group, form, refused.status),
        to=lambda made: url_for(".show", slug=group.slug, thread_id=made[0].id, posted=posted()),
    )


@bp.get("/<uuid:thread_id>")
@permission(access.READ)
def show(slug: str, thread_id: UUID) -> ResponseReturnValue:
    """Show a thread at a page or a reply (?at=); for open pages what is new (?since=)."""
    return thread_page.show(*access.thread_for(current_user, slug, thread_id))


def _form_page(group: Group, form: ThreadForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "conversation/new.html",
        {"preview": "conversation/_preview.html"},
        status=status,
        group=group,
        form=form,
        may=groups.actions_of(current_user, group),
        preview=looked_at(form) if PREVIEW in request.form else None,
    )
