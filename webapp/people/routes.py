"""The pages of profiles and pictures, and how people edit their own."""

from uuid import UUID

from flask import Blueprint, Flask, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ..accounts import blocks
from ..core.http.errors import UserError
from ..core.http.pages import redirect_303, render_page
from ..core.http.permissions import actor, public, signed_in
from ..core.http.submit import page_with, submitted
from ..core.http.uploads import uploads
from ..core.storage import pictures
from ..events.reads import together
from . import access, avatars, links, profiles, reads
from .access import Renamed
from .forms import ProfileForm

bp = Blueprint("people", __name__, url_prefix="/people/<handle>")


@bp.get("")
@public
def show(handle: str) -> ResponseReturnValue:
    """Show a person's profile."""
    person = access.person_for(current_user, handle)
    profile = reads.profile_of(person)
    is_other = current_user.is_authenticated and current_user.id != person.id
    seen = reads.groups_seen(person, current_user, profile.shows_groups)
    shared = [one for one in seen if one.since] if is_other else []
    block_or_mute = blocks.between(actor(), person) if current_user.is_authenticated else None
    return render_page(
        "people/show.html",
        person=person,
        profile=profile,
        groups=[one.group for one in seen if one not in shared] if profile.shows_groups else [],
        shared_groups=shared,
        shared_events=together.shared_by(actor(), person) if is_other else [],
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
    return _page(ProfileForm(actor(), reads.profile_of(actor())))


def _too_large(refused: UserError) -> ResponseReturnValue:
    form = ProfileForm(actor(), reads.profile_of(actor()))
    form.refuse(refused)
    return _page(form, refused.status)


@own_bp.post("")
@signed_in
@uploads(_too_large, beside=True)
def update() -> ResponseReturnValue:
    """Save the profile and its picture."""
    form = ProfileForm(actor(), reads.profile_of(actor()))

    def change() -> None:
        with pictures.kept(pictures.AVATAR, form.picture.content_if_sent()) as picture:
            profiles.edit(actor(), **form.values())
            if picture is not None or form.remove_picture.data:
                profiles.replace_picture(actor(), picture)

    return submitted(
        form,
        change,
        again=page_with(_page, form),
        to=lambda _result: url_for("people.show", handle=actor().handle),
        flash=_("Profile saved."),
    )


def _page(form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    return render_page("people/edit.html", form=form, status=status)


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
