"""The page behind the link for a forgotten password."""

import uuid

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import public
from .. import hashing, links, loader, resets
from ..forms import Reset
from ..models import MailedLink

bp = Blueprint("resets", __name__, url_prefix="/password/reset")


@bp.get("/<uuid:link_id>/<token>")
@public
def edit(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """A new password, twice; or why the link does not serve."""
    link = links.found(links.RESET, link_id, token)
    if link is None or links.has_expired(link):
        return _refusal(link)
    return render_page("accounts/reset.html", form=Reset())


@bp.post("/<uuid:link_id>/<token>")
@public
def update(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """The account has the new password and is signed out everywhere; the person signs in next."""
    link = links.found(links.RESET, link_id, token)
    if link is None or links.has_expired(link):
        return _refusal(link)
    form = Reset()
    form.inputs = (link.user.first_name, link.user.last_name, link.user.handle, link.user.email)
    db.session.rollback()  # hashing takes a while: nothing is held meanwhile
    if not form.validate_on_submit():
        return render_page("accounts/reset.html", form=form, status=422)
    try:
        user = resets.reset(link, hashing.hashed(form.password.data or ""))
    except RuleBroken:
        db.session.rollback()
        return _refusal(None)
    handle = user.handle
    db.session.commit()
    loader.stop()
    flash(_("Your new password is set. Sign in with it."))
    return see(url_for("sign_ins.new", name=handle))


def _refusal(link: MailedLink | None) -> ResponseReturnValue:
    """Why the link does not serve: it is none, or its hour is over."""
    if link is None:
        return render_page("accounts/link_not_valid.html", status=404, reset=True)
    return render_page("accounts/link_expired.html", status=410, action=None)
