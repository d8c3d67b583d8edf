"""A person's page and picture, for those whom they chose, and how they edit both."""

from uuid import UUID

from flask import Blueprint, Response, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts import distances
from ...core import pictures
from ...core.errors import RuleBroken
from ...core.extensions import db
from ...core.pages import render_page, see
from ...core.permissions import me, public, signed_in
from ...core.uploads import uploads
from .. import access, profiles, reads
from ..forms import ProfileForm, ProfilePictureForm

bp = Blueprint("people", __name__, url_prefix="/people/<handle>")


@bp.get("")
@public
def show(handle: str) -> ResponseReturnValue:
    """What the person says of themselves."""
    person = access.person_for(current_user, handle)
    profile = reads.profile_of(person)
    groups = reads.groups_seen(person, current_user) if profile.shows_groups else []
    distance = distances.between(me(), person) if current_user.is_authenticated else None
    return render_page(
        "people/show.html", person=person, profile=profile, groups=groups, distance=distance
    )


@bp.get("/picture/<uuid:picture>/<int:size>", endpoint="picture")
@public
def show_picture(handle: str, picture: UUID, size: int) -> Response:
    """The picture, to keep."""
    answer = pictures.answer(pictures.AVATAR, access.pictured(current_user, handle, picture), size)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


own_bp = Blueprint("profile", __name__, url_prefix="/account/profile")


@own_bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """The form with what the page says now."""
    return _page()


@own_bp.post("")
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
    picture = ProfilePictureForm()
    picture.refuse(broken)
    return _page(picture=picture, status=broken.status)


@own_bp.post("/picture")
@signed_in
@uploads(_refused)
def picture() -> ResponseReturnValue:
    """The person has the picture that they chose."""
    form = ProfilePictureForm()
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


@own_bp.post("/picture/removal")
@signed_in
def remove_picture() -> ResponseReturnValue:
    """The person has no picture."""
    profiles.remove_picture(me())
    db.session.commit()
    flash(_("Your picture is gone."))
    return see(url_for("profile.edit"))


def _page(
    form: ProfileForm | None = None, picture: ProfilePictureForm | None = None, status: int = 200
) -> ResponseReturnValue:
    shown = form or ProfileForm(me(), reads.profile_of(me()), formdata=None)
    return render_page(
        "people/edit.html",
        form=shown,
        picture=picture or ProfilePictureForm(formdata=None),
        status=status,
    )
