"""Pictures and files of an event: uploading, describing, hiding and removing them.

Bytes are stored before their row is added, and deleted after it's gone.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..attendance import rsvps
from ..core.db.base import new_id
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.storage import attachments, pictures
from ..core.time import clock
from ..events import access
from ..events.models import Event, Guest
from ..events.planning import locked_in_order
from .models import BY_PEOPLE, FOR_ALL, PICTURE, READERS, UPLOADERS, EventFile


class UploadAllowance(NamedTuple):
    """How many bytes an event can still hold, and a person can still upload, at all events
    together.
    """

    at_event: int
    for_person: int

    @property
    def left(self) -> int:
        """The lesser of the two."""
        return max(0, min(self))


class NewFile(NamedTuple):
    """An upload whose bytes are stored, but without a row yet."""

    name: str
    kind: str
    digest: str
    size: int
    picture: UUID | None = None
    attachment: UUID | None = None
    width: int = 0
    height: int = 0


def take(content: bytes, name: str) -> NewFile:
    """Store an upload: a picture re-encoded, other files unchanged.
    Raises UserError for file types that aren't accepted.
    """
    digest = hashlib.sha256(content).hexdigest()
    if attachments.is_picture(content):
        kept = pictures.keep_measured(pictures.PHOTO, content)
        named = attachments.download_name(name, "webp")
        return NewFile(
            named, PICTURE, digest, kept.size, picture=kept.id, width=kept.width, height=kept.height
        )
    kind = attachments.file_type_of(content, name)
    return NewFile(
        attachments.download_name(name, kind),
        kind,
        digest,
        len(content),
        attachment=attachments.keep(content),
    )


def give_back(items: Iterable[NewFile]) -> None:
    """Delete the bytes of uploads that won't get a row."""
    for it in items:
        if it.picture is not None:
            pictures.discard(pictures.PHOTO, it.picture)
        if it.attachment is not None:
            attachments.discard(it.attachment)


def room_for(event: Event, by: User, most: UploadAllowance) -> UploadAllowance:
    """Return how much of `most` is left."""
    taken = sa.func.coalesce(sa.func.sum(EventFile.size), 0)
    here = sa.select(taken).where(EventFile.event_id == event.id).scalar_subquery()
    mine = sa.select(taken).where(EventFile.by_id == by.id).scalar_subquery()
    at_event, own = db.session.execute(sa.select(here, mine)).one()
    return UploadAllowance(max(0, most.at_event - at_event), max(0, most.for_person - own))


def add(
    event: Event, by: User, items: list[NewFile], most: UploadAllowance
) -> list[tuple[NewFile, str]]:
    """Add the uploads that are new and fit; return the others with the reason.
    Locks the person and the event, so that simultaneous uploads share the space. Raises UserError
    if `by` can't upload to the event.
    """
    by = locked(User, by.id)
    event = locked(Event, event.id)
    if not can_add(by, event, rsvps.of(event, by)):
        raise UserError(_("You can’t upload pictures or files to this event now."))
    left = room_for(event, by, most)
    digests = set(
        db.session.scalars(sa.select(EventFile.digest).where(EventFile.event_id == event.id))
    )
    refused = []
    for it in items:
        sentence = _why_not(it, left, digests)
        if sentence:
            refused.append((it, sentence))
            continue
        digests.add(it.digest)
        left = UploadAllowance(left.at_event - it.size, left.for_person - it.size)
        db.session.add(EventFile(id=new_id(), event_id=event.id, by_id=by.id, **it._asdict()))
    _count(event)
    return refused


def _why_not(it: NewFile, left: UploadAllowance, digests: set[str]) -> str:
    return (
        _("This file has already been uploaded.")
        if it.digest in digests
        else _too_much(it.size, left)
    )


def _too_much(size: int, left: UploadAllowance) -> str:
    if size > left.at_event:
        return _("The event has no space left. Ask a host to remove something.")
    if size > left.for_person:
        return _("You’ve used all your space for this event. Remove one of your files first.")
    return ""


def refuse_full(event: Event, by: User, most: UploadAllowance) -> None:
    """Raises UserError if there is no space left, before any picture is encoded."""
    sentence = _too_much(1, room_for(event, by, most))
    if sentence:
        raise UserError(sentence, "files")


def describe(file: EventFile, by: User, caption: str, alt: str) -> None:
    """Set the caption and the description for screen readers (`alt`). Raises UserError if `by` may
    not.
    """
    if not may_change(by, file):
        raise UserError(_("You don’t have permission to do this."))
    file.caption, file.alt = caption, alt
    db.session.flush()


def remove(file: EventFile, by: User) -> None:
    """Delete the file with its bytes. Raises Conflict if it's gone, and UserError if `by`
    may not.
    """
    event = locked(Event, file.event_id)
    fresh = db.session.get(EventFile, file.id, populate_existing=True)
    if fresh is None:
        raise Conflict(_("This has been deleted."))
    if not may_change(by, fresh):
        raise UserError(_("You don’t have permission to do this."))
    if by.id != fresh.by_id:
        audit.record("event.file_removed", by=by, subject=event, file=str(fresh.id))
    _take_away(event, [fresh])


def erase_by(user: User, events: Iterable[Event]) -> None:
    """Delete the user's uploads to these events. The caller must hold their locks."""
    for event in events:
        mine = sa.select(EventFile).where(
            EventFile.event_id == event.id, EventFile.by_id == user.id
        )
        _take_away(event, db.session.scalars(mine).all())


def erase(user: User) -> None:
    """Delete all uploads of `user`."""
    brought = sa.select(EventFile.event_id).where(EventFile.by_id == user.id)
    erase_by(user, locked_in_order(Event.id.in_(brought)))


def hide(file: EventFile, by: User) -> None:
    """Hide it from all but the person who uploaded it, hosts and moderators."""
    event = locked(Event, file.event_id)
    file.hidden_at = file.hidden_at or clock.now()
    audit.record("event.file_hidden", by=by, subject=event, file=str(file.id))
    _count(event)


def unhide(file: EventFile, by: User) -> None:
    """Show it to everyone again."""
    event = locked(Event, file.event_id)
    file.hidden_at = None
    audit.record("event.file_shown", by=by, subject=event, file=str(file.id))
    _count(event)


def set_access(event: Event, by: User, file_uploaders: str, file_viewers: str) -> None:
    """Set who can upload and who can see files. Raises UserError."""
    event = locked(Event, event.id)
    if not access.can_edit(by, event) or event.locked_at is not None:
        raise UserError(_("This event is locked and can’t be changed."))
    if file_uploaders not in UPLOADERS or file_viewers not in READERS:
        raise UserError(_("Choose one of the two."))
    event.file_uploaders, event.file_viewers = file_uploaders, file_viewers
    db.session.flush()


def may_change(user: Any, file: EventFile) -> bool:
    """Whether `user` may describe and remove it: the person who uploaded it, hosts, and moderators
    of the event's group.
    """
    return user.id is not None and (user.id == file.by_id or access.can_moderate(user, file.event))


def can_see(user: Any, event: Event, rsvp: Any = None) -> bool:
    """Whether `user`, who sees the event, may see its files; `rsvp` is their answer."""
    return event.file_viewers == FOR_ALL or access.can(user, "event:see_files", event, rsvp)


def can_add(user: Any, event: Event, rsvp: Any = None) -> bool:
    """Whether `user` may upload: hosts, and attendees if the hosts allow it."""
    if event.locked_at is not None or isinstance(user, Guest):
        return False
    seat = access.event_role(user, event, rsvp)
    return seat in access.ACTIONS["event:add_files"] and (
        seat == access.HOST or (event.file_uploaders == BY_PEOPLE and not event.is_draft)
    )


def may_see(user: Any, event: Event) -> bool:
    """`can_see`, loading the person's answer only if needed."""
    if can_see(user, event):
        return True
    return user.id is not None and can_see(user, event, rsvps.of(event, user))


def _take_away(event: Event, rows: Iterable[EventFile]) -> None:
    for row in rows:
        pictures.drop(pictures.PHOTO, row.picture)
        attachments.drop(row.attachment)
        db.session.delete(row)
    _count(event)


def _count(event: Event) -> None:
    """Update the counts on the event, whose lock the caller holds. Hidden files don't count."""
    db.session.flush()
    is_picture = sa.case((EventFile.kind == PICTURE, 1), else_=0)
    counted = sa.select(sa.func.coalesce(sa.func.sum(is_picture), 0), sa.func.count())
    pictures, every = db.session.execute(
        counted.where(EventFile.event_id == event.id, EventFile.hidden_at.is_(None))
    ).one()
    event.picture_count, event.file_count = pictures, every - pictures
    db.session.flush()
