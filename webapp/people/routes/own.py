"""One's own page: what it says, who sees it, and the picture on it."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, signed_in
from ...core.uploads import uploads
from .. import profiles, reads
from ..forms import PictureForm, ProfileForm

bp = Blueprint("profile", __name__, url_prefix="/account/profile")


@bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """The form with what the page says now."""
    return _page()


@bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """The page says so from now on."""
    form = ProfileForm(me(), reads.profile_of(me()))
    if not form.validate():
        return _page(form, status=422)
    try:
        profiles.edit(me(), **form.values())
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken)
        return _page(form, status=broken.status)
    db.session.commit()
    flash(_("Your page is saved."))
    return see(url_for("people.show", handle=me().handle))


def _refused(broken: RuleBroken) -> ResponseReturnValue:
    picture = PictureForm()
    picture.refuse(broken)
    return _page(picture=picture, status=broken.status)


@bp.post("/picture")
@signed_in
@uploads(_refused)
def picture() -> ResponseReturnValue:
    """The person has the picture that they chose."""
    form = PictureForm()
    if not form.validate():
        return _page(picture=form, status=422)
    try:
        content = form.picture.content()
        db.session.rollback()  # drawing takes a while: nothing is held meanwhile
        profiles.picture(me(), content)
    except RuleBroken as broken:
        db.session.rollback()
        return _refused(broken)
    db.session.commit()
    flash(_("Your picture is there."))
    return see(url_for("profile.edit"))


@bp.post("/picture/removal")
@signed_in
def remove_picture() -> ResponseReturnValue:
    """The person has no picture."""
    profiles.remove_picture(me())
    db.session.commit()
    flash(_("Your picture is gone."))
    return see(url_for("profile.edit"))


def _page(
    form: ProfileForm | None = None, picture: PictureForm | None = None, status: int = 200
) -> ResponseReturnValue:
    shown = form or ProfileForm(me(), reads.profile_of(me()), formdata=None)
    return render_page(
        "people/edit.html", form=shown, picture=picture or PictureForm(formdata=None), status=status
    )
