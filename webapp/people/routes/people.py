"""A person's page and picture, for those whom they chose, and how they edit both."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ...accounts import blocks
from ...core.http.errors import UserError
from ...core.http.pages import render_page
from ...core.http.permissions import actor, public, signed_in
from ...core.http.submit import done, submitted
from ...core.http.uploads import uploads
from ...core.storage import pictures
from .. import access, profiles, reads
from ..forms import ProfileForm, ProfilePictureForm

bp = Blueprint("people", __name__, url_prefix="/people/<handle>")


@bp.get("")
@public
def show(handle: str) -> ResponseReturnValue:
    """Show a person's profile."""
    person = access.person_for(current_user, handle)
    profile = reads.profile_of(person)
    groups = reads.groups_seen(person, current_user) if profile.shows_groups else []
    distance = blocks.between(actor(), person) if current_user.is_authenticated else None
    return render_page(
        "people/show.html", person=person, profile=profile, groups=groups, distance=distance
    )


@bp.get("/picture/<uuid:picture>/<int:size>", endpoint="picture")
@public
def show_picture(handle: str, picture: UUID, size: int) -> Response:
    """Serve a person's picture."""
    answer = pictures.answer(pictures.AVATAR, access.pictured(current_user, handle, picture), size)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


own_bp = Blueprint("profile", __name__, url_prefix="/account/profile")


@own_bp.get("")
@signed_in
def edit() -> ResponseReturnValue:
    """Show the profile form."""
    return _page()


@own_bp.post("")
@signed_in
def update() -> ResponseReturnValue:
    """Save the profile."""
    form = ProfileForm(actor(), reads.profile_of(actor()))
    return submitted(
        form,
        lambda: profiles.edit(actor(), **form.values()),
        again=lambda refused: _page(form, status=refused.status),
        to=lambda _result: url_for("people.show", handle=actor().handle),
        flash=_("Your page is saved."),
    )


def _too_large(refused: UserError) -> ResponseReturnValue:
    picture = ProfilePictureForm()
    picture.refuse(refused)
    return _page(picture=picture, status=refused.status)


@own_bp.post("/picture")
@signed_in
@uploads(_too_large)
def picture() -> ResponseReturnValue:
    """Upload the person's picture."""
    form = ProfilePictureForm()
    return submitted(
        form,
        lambda: profiles.picture(actor(), form.picture.content()),
        again=lambda refused: _page(picture=form, status=refused.status),
        to=url_for("profile.edit"),
        flash=_("Your picture is there."),
    )


@own_bp.post("/picture/removal")
@signed_in
def remove_picture() -> ResponseReturnValue:
    """Delete the person's picture."""
    profiles.remove_picture(actor())
    return done(url_for("profile.edit"), _("Your picture is gone."))


def _page(
    form: ProfileForm | None = None, picture: ProfilePictureForm | None = None, status: int = 200
) -> ResponseReturnValue:
    shown = form or ProfileForm(actor(), reads.profile_of(actor()), formdata=None)
    return render_page(
        "people/edit.html",
        form=shown,
        picture=picture or ProfilePictureForm(formdata=None),
        status=status,
    )
