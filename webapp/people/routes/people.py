"""A person's page, for those whom the person chose, and their picture."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ...accounts import distances
from ...core import pictures
from ...core.pages import render_page
from ...core.permissions import me, public
from .. import access, reads

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


@bp.get("/picture/<uuid:picture>/<int:size>")
@public
def picture(handle: str, picture: UUID, size: int) -> Response:
    """The picture, to keep."""
    answer = pictures.answer(pictures.AVATAR, access.pictured(current_user, handle, picture), size)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
