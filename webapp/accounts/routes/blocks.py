"""Muting and blocking someone, and the list of muted and blocked people."""

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...core.http.errors import UserError
from ...core.http.pages import redirect_303, render_page
from ...core.http.permissions import actor, signed_in
from ...core.http.submit import done, submitted
from .. import blocks, reads
from ..forms import BlockOrMuteForm, WhoForm
from ..models import BLOCK, User

bp = Blueprint("blocks", __name__)


@bp.get("/account/blocks")
@signed_in
def index() -> ResponseReturnValue:
    """List the people whom the reader muted or blocked; with ?who= go to that person."""
    form = WhoForm(request.args, meta={"csrf": False})
    if not form.who.data:
        return _list(form)
    found = reads.by_handle(form.who.data)
    if form.validate() and found is not None and found.is_here and found.id != current_user.id:
        return redirect_303(url_for("blocks.edit", handle=found.handle))
    return _list(form.refuse(UserError(_("No one else here has this handle."), field="who")), 422)


@bp.get("/people/<handle>/block")
@signed_in
def edit(handle: str) -> ResponseReturnValue:
    """Explain muting and blocking, and show which is on."""
    other = _other(handle)
    row = blocks.between(actor(), other)
    return _page(other, BlockOrMuteForm(kind=row.kind if row else BLOCK))


@bp.post("/people/<handle>/block")
@signed_in
def update(handle: str) -> ResponseReturnValue:
    """Mute or block the person, who isn't notified."""
    other, form = _other(handle), BlockOrMuteForm()
    name = f"@{other.handle}"
    return submitted(
        form,
        lambda: blocks.block_or_mute(actor(), other, form.kind.data),
        again=lambda refused: _page(other, form, refused.status),
        to=url_for("blocks.index"),
        flash=_("%(name)s is blocked.", name=name)
        if form.kind.data == BLOCK
        else _("%(name)s is muted.", name=name),
    )


@bp.post("/people/<handle>/block/removal")
@signed_in
def delete(handle: str) -> ResponseReturnValue:
    """Unmute or unblock the person."""
    other = _other(handle, also_gone=True)
    blocks.end(actor(), other)
    name = f"@{other.handle}"
    return done(url_for("blocks.index"), _("%(name)s is no longer muted or blocked.", name=name))


def _other(handle: str, also_gone: bool = False) -> User:
    """Return another person's account, also a closed one if `also_gone`; otherwise answer 404."""
    other = reads.by_handle(handle)
    if other is None or other.id == current_user.id or not (other.is_here or also_gone):
        abort(404)
    return other


def _page(other: User, form: BlockOrMuteForm, status: int = 200) -> ResponseReturnValue:
    row = blocks.between(actor(), other)
    return render_page(
        "accounts/block.html", status=status, person=other, form=form, block_or_mute=row
    )


def _list(form: WhoForm, status: int = 200) -> ResponseReturnValue:
    parts = {"blocks": "accounts/_blocks.html"}
    return render_page(
        "accounts/blocks.html", parts, status=status, rows=blocks.of(actor()), form=form
    )
