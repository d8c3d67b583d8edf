"""Pictures in posts: read from forms, and served to people who may read the post."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Blueprint, Response, current_app
from flask_login import current_user

from ...accounts import loader
from ...core.extensions import db
from ...core.http.errors import UserError
from ...core.http.permissions import actor, opens
from ...core.http.uploads import MEGABYTE, PicturesField
from ...core.storage import pictures
from ...core.storage.pictures import PHOTO, StoredPicture
from .. import access, post_pictures
from ..access import Container
from ..forms import PostPictureForm
from ..models import Reply, ReplyPicture
from ..post_pictures import PictureChanges

bp = Blueprint(
    "reply_pictures",
    __name__,
    url_prefix="/groups/<slug>/conversation/<uuid:thread_id>/replies/<uuid:reply_id>/pictures",
)


def answer(container: Container, reply: Reply, image_id: UUID, size: int) -> Response:
    """Serve a picture in a post as we encoded it, to people who may read the text.

    Raises Forbidden or NotFound.
    """
    access.require(access.can_see_words(current_user, container, reply))
    picture = post_pictures.one(reply, image_id).picture
    assert picture is not None
    return pictures.answer(PHOTO, picture, size)


bp.get("/<uuid:image_id>/<int:size>", endpoint="image")(opens(access.reply_to, access.READ)(answer))


@contextmanager
def stored(field: PicturesField) -> Iterator[list[StoredPicture]]:
    """Store the uploaded pictures, after ending the transaction, while the block saves the post; if
    that is refused, or the person was signed out meanwhile, delete their files again.

    Raises UserError.
    """
    sent, kept = field.contents(), []
    if sent:
        post_pictures.refuse_many(len(sent))
        post_pictures.refuse_full(actor(), current_app.config["FILES_PER_PERSON"] * MEGABYTE)
        db.session.rollback()  # encoding takes a while: hold no locks meanwhile
        kept = post_pictures.store(sent)
    try:
        if sent:
            loader.hold_actor_again()
        yield kept
    except Exception:
        post_pictures.give_back(kept)
        raise


def forms_for(reply: Reply) -> dict[ReplyPicture, PostPictureForm]:
    """Return a form for each picture of the post, as it is or as it was sent."""
    rows = post_pictures.of([reply.id]).get(reply.id, [])
    return {
        row: PostPictureForm(prefix=f"picture-{row.id}", meta={"csrf": False}, alt=row.alt)
        for row in rows
    }


@contextmanager
def changes(reply: Reply, field: PicturesField) -> Iterator[PictureChanges]:
    """Yield the changes of the submitted edit to pictures; `stored` says how. Raises UserError."""
    forms = forms_for(reply)
    for form in forms.values():
        if not form.validate():
            raise UserError(str(form.alt.errors[0]))
    alts = {row.id: form.alt.data or "" for row, form in forms.items()}
    removed = {row.id for row, form in forms.items() if form.remove.data}
    with stored(field) as new:
        yield PictureChanges(new, alts, removed)
