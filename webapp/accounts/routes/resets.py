"""The forgotten password: a link is asked for, and behind it a new one is chosen."""

import uuid

from flask import Blueprint, flash, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core import limits
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import public
from .. import hashing, links, loader, resets
from ..forms import Forgotten, Reset
from ..models import MailedLink

bp = Blueprint("resets", __name__, url_prefix="/password")


@bp.get("/forgotten")
@public
def new() -> ResponseReturnValue:
    """Which address shall the link go to?"""
    return render_page("accounts/forgotten.html", form=Forgotten())


@bp.post("/forgotten")
@public
@limits.sends_mail
def create() -> ResponseReturnValue:
    """A letter is on its way, if the address is somebody's; the answer is always the same."""
    form = Forgotten()
    if not form.validate_on_submit():
        return render_page("accounts/forgotten.html", form=form, status=422)
    limits.letter_to(form.email.data or "")
    resets.ask(form.email.data or "")
    db.session.commit()
    session["sent_to"] = form.email.data
    return see(url_for("resets.show"))


@bp.get("/forgotten/letter")
@public
def show() -> ResponseReturnValue:
    """Look into your mail."""
    return render_page("accounts/forgotten_sent.html", address=session.get("sent_to"))


@bp.get("/reset/<uuid:link_id>/<token>")
@public
def edit(link_id: uuid.UUID, token: str) -> ResponseReturnValue:
    """A new password, twice; or why the link does not serve."""
    link = links.found(links.RESET, link_id, token)
    if link is None or links.has_expired(link):
        return _refusal(link)
    return render_page("accounts/reset.html", form=Reset())


@bp.post("/reset/<uuid:link_id>/<token>")
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
