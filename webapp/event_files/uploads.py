"""Pictures and files of an event: brought, described, hidden, removed.

Bytes come before their row, and go after it.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from ..accounts.models import User
from ..attendance import rsvps
from ..core.db.session import locked, new_id
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
    """How many bytes an event may still take, and someone may still bring, at all events
    together.
    """

    at_event: int
    for_person: int

    @property
    def left(self) -> int:
        """What both leave."""
        return max(0, min(self))


class NewFile(NamedTuple):
    """What someone brought: its bytes lie in the files, and no row names them yet."""

    name: str
    kind: str
    digest: str
    size: int
    picture: UUID | None = None
    attachment: UUID | None = None
    width: int = 0
    height: int = 0


def take(content: bytes, name: str) -> NewFile:
    """It lies in the files: a picture as drawn again, all else as it came.

    Raises UserError for what we do not take.
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
    """Their bytes are gone: no row will name them."""
    for it in items:
        if it.picture is not None:
            pictures.discard(pictures.PHOTO, it.picture)
        if it.attachment is not None:
            attachments.discard(it.attachment)


def room_for(event: Event, by: User, most: UploadAllowance) -> UploadAllowance:
    """What of `most` is left."""
    taken = sa.func.coalesce(sa.func.sum(EventFile.size), 0)
    here = sa.select(taken).where(EventFile.event_id == event.id).scalar_subquery()
    mine = sa.select(taken).where(EventFile.by_id == by.id).scalar_subquery()
    at_event, own = db.session.execute(sa.select(here, mine)).one()
    return UploadAllowance(max(0, most.at_event - at_event), max(0, most.for_person - own))


def add(
    event: Event, by: User, items: list[NewFile], most: UploadAllowance
) -> list[tuple[NewFile, str]]:
    """Those that fit and are new are the event's; returns the others with the reason.

    Two at once share what is left.
    """
    by = locked(User, by.id)
    event = locked(Event, event.id)
    if not can_add(by, event, rsvps.of(event, by)):
        raise UserError(_("You can’t upload pictures or files to this event now."))
    left = room_for(event, by, most)
    known = set(
        db.session.scalars(sa.select(EventFile.digest).where(EventFile.event_id == event.id))
    )
    refused = []
    for it in items:
        sentence = _why_not(it, left, known)
        if sentence:
            refused.append((it, sentence))
            continue
        known.add(it.digest)
        left = UploadAllowance(left.at_event - it.size, left.for_person - it.size)
        db.session.add(EventFile(id=new_id(), event_id=event.id, by_id=by.id, **it._asdict()))
    _count(event)
    return refused


def _why_not(it: NewFile, left: UploadAllowance, known: set[str]) -> str:
    return (
        _("This file has already been uploaded.")
        if it.digest in known
        else _too_much(it.size, left)
    )


def _too_much(size: int, left: UploadAllowance) -> str:
    if size > left.at_event:
        return _("The event has no space left. Ask a host to remove something.")
    if size > left.for_person:
        return _("You’ve used all your space for this event. Remove one of your files first.")
    return ""


def refuse_full(event: Event, by: User, most: UploadAllowance) -> None:
    """Returns while there is some room: else nothing is drawn that would be refused afterwards.

    Raises UserError.
    """
    sentence = _too_much(1, room_for(event, by, most))
    if sentence:
        raise UserError(sentence, "files")


def describe(file: EventFile, by: User, caption: str, alt: str) -> None:
    """Under it stands the caption; `alt` says what is to be seen."""
    if not may_change(by, file):
        raise UserError(_("You don’t have permission to do this."))
    file.caption, file.alt = caption, alt
    db.session.flush()


def remove(file: EventFile, by: User) -> None:
    """It is gone, with its bytes. Raises Conflict when it was already."""
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
    """Nothing that `user` brought to these events, which the caller holds, is there any more."""
    for event in events:
        mine = sa.select(EventFile).where(
            EventFile.event_id == event.id, EventFile.by_id == user.id
        )
        _take_away(event, db.session.scalars(mine).all())


def erase(user: User) -> None:
    """Pictures and files that `user` uploaded are gone."""
    brought = sa.select(EventFile.event_id).where(EventFile.by_id == user.id)
    erase_by(user, locked_in_order(Event.id.in_(brought)))


def hide(file: EventFile, by: User) -> None:
    """Only the person who brought it, the hosts and the moderators see it."""
    event = locked(Event, file.event_id)
    file.hidden_at = file.hidden_at or clock.now()
    audit.record("event.file_hidden", by=by, subject=event, file=str(file.id))
    _count(event)


def unhide(file: EventFile, by: User) -> None:
    """It is there for everyone again."""
    event = locked(Event, file.event_id)
    file.hidden_at = None
    audit.record("event.file_shown", by=by, subject=event, file=str(file.id))
    _count(event)


def set_access(event: Event, by: User, file_uploaders: str, file_viewers: str) -> None:
    """These people bring pictures and files from now on, and those see them."""
    event = locked(Event, event.id)
    if not access.can_edit(by, event) or event.locked_at is not None:
        raise UserError(_("This event is locked and can’t be changed."))
    if file_uploaders not in UPLOADERS or file_viewers not in READERS:
        raise UserError(_("Choose one of the two."))
    event.file_uploaders, event.file_viewers = file_uploaders, file_viewers
    db.session.flush()


def may_change(user: Any, file: EventFile) -> bool:
    """Whether `user` may describe and remove it: the person who brought it, the hosts, and those
    who moderate the event's group.
    """
    return user.id is not None and (user.id == file.by_id or access.can_moderate(user, file.event))


def can_see(user: Any, event: Event, rsvp: Any = None) -> bool:
    """Whether the event's pictures and files are for `user`, who sees the event; `rsvp` is their
    answer.
    """
    return event.file_viewers == FOR_ALL or access.can(user, "event:see_files", event, rsvp)


def can_add(user: Any, event: Event, rsvp: Any = None) -> bool:
    """Whether `user` may bring some: its hosts, and those who are going where the hosts let
    them.
    """
    if event.locked_at is not None or isinstance(user, Guest):
        return False
    seat = access.event_role(user, event, rsvp)
    return seat == access.HOST or (
        event.file_uploaders == BY_PEOPLE
        and not event.is_draft
        and seat in access.ACTIONS["event:add_files"]
    )


def may_see(user: Any, event: Event) -> bool:
    """Whether the event's files are for `user`, who sees the event; asks for their answer where
    that decides.
    """
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
    """What is to be seen, written on the event that the caller holds."""
    db.session.flush()
    is_picture = sa.case((EventFile.kind == PICTURE, 1), else_=0)
    counted = sa.select(sa.func.coalesce(sa.func.sum(is_picture), 0), sa.func.count())
    seen, every = db.session.execute(
        counted.where(EventFile.event_id == event.id, EventFile.hidden_at.is_(None))
    ).one()
    event.picture_count, event.file_count = seen, every - seen
    db.session.flush()
