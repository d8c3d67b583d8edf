"""The pages of profiles and pictures, and how people edit their own."""

from uuid import UUID

from flask import Blueprint, Flask, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from ..accounts import blocks
from ..core.http.pages import redirect_303, render_page
from ..core.http.permissions import actor, public, signed_in
from ..core.http.picture_routes import PictureRoutes
from ..core.http.submit import submitted
from ..core.storage import pictures
from . import access, avatars, links, profiles, reads
from .access import Renamed
from .forms import ProfileForm, ProfilePictureForm

bp = Blueprint("people", __name__, url_prefix="/people/<handle>")


@bp.get("")
@public
def show(handle: str) -> ResponseReturnValue:
    """Show a person's profile."""
    person = access.person_for(current_user, handle)
    profile = reads.profile_of(person)
    groups = reads.groups_seen(person, current_user) if profile.shows_groups else []
    block_or_mute = blocks.between(actor(), person) if current_user.is_authenticated else None
    return render_page(
        "people/show.html",
        person=person,
        profile=profile,
        groups=groups,
        block_or_mute=block_or_mute,
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
        flash=_("Profile saved."),
    )


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


PictureRoutes(
    guard=signed_in,
    load=actor,
    form=ProfilePictureForm,
    put=lambda person, by, content: profiles.picture(person, content),
    remove=lambda person, by: profiles.remove_picture(person),
    page=lambda person, form, status: _page(picture=form, status=status),
    to=lambda person: url_for("profile.edit"),
    added=_l("Picture saved."),
    removed=_l("Picture removed."),
).mount(own_bp, "/picture", "picture", "remove_picture")


def register(app: Flask) -> None:
    """Register all pages, and avatars for templates."""
    for blueprint in (bp, own_bp):
        app.register_blueprint(blueprint)
    app.register_error_handler(Renamed, _renamed)
    app.jinja_env.globals.update(
        avatar_of=lambda who, *how, **more: avatars.avatar_of(who, actor(), *how, **more),
        page_of=lambda who, together=False: avatars.page_of(who, actor(), together),
        group_picture=avatars.group_picture,
    )
    app.jinja_env.filters["link_words"] = links.words_of


def _renamed(renamed: Renamed) -> ResponseReturnValue:
    """Redirect to the same page under the current handle."""
    return redirect_303(
        url_for(
            request.endpoint or "people.show",
            **{**(request.view_args or {}), "handle": renamed.handle},
        )
    )
