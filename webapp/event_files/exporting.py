"""What a personal data export holds about uploaded pictures and files."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData
from ..core.extensions import db
from ..core.storage import attachments, pictures
from ..events.exporting import EVENT, INSIDE
from .models import EventFile


def add(user: User, parts: PersonalData) -> None:
    """Add their pictures and files, with captions and descriptions."""
    parts.add(_files(user))
    _take_files(user, parts)


def _files(user: User) -> JsonFile:
    left_out = {
        **INSIDE,
        "by_id": "the person themselves",
        "picture": "goes along as a file",
        "attachment": "goes along as a file",
        "digest": "stands for the file",
    }
    del left_out["user_id"]
    written = (
        "name",
        "kind",
        "size",
        "width",
        "height",
        "caption",
        "alt",
        "created_at",
        "hidden_at",
    )
    return JsonFile(
        "files-brought-to-events", EventFile, EventFile.by_id == user.id, written, left_out, EVENT
    )


def _take_files(user: User, parts: PersonalData) -> None:
    for file in db.session.scalars(
        sa.select(EventFile).where(EventFile.by_id == user.id).order_by(EventFile.id)
    ):
        called = f"events/{file.event.slug}/{file.id.hex[-8:]}-{file.name}"
        if file.attachment is not None:
            parts.add_file(attachments.name_of(file.attachment), called)
        elif file.picture is not None:
            parts.add_file(
                pictures.name_of(pictures.PHOTO, file.picture, max(pictures.PHOTO.widths)), called
            )
