"""An event's picture: on its page, in lists, and in link previews."""

from uuid import UUID

from flask_babel import gettext as _, lazy_gettext as _l

from ..accounts.models import User
from ..core.db.session import locked
from ..core.extensions import db
from ..core.http.errors import UserError
from ..core.observability import audit
from ..core.storage import pictures
from . import notices
from .models import Event

#: The drawings to choose from; the empty one follows the topic.
COVERS = [
    ("", _l("Automatic")),
    ("table", _l("Shared meal")),
    ("path", _l("Walk")),
    ("bubbles", _l("Talk")),
    ("ring", _l("Meeting")),
    ("strings", _l("Music")),
    ("pitch", _l("Sport")),
    ("tools", _l("Repairs")),
    ("books", _l("Books")),
    ("bunting", _l("Celebration")),
    ("stars", _l("Evening")),
    ("trees", _l("Trees")),
    ("river", _l("River")),
    ("hills", _l("Hills")),
    ("field", _l("Field")),
    ("town", _l("Town")),
    ("grid", _l("Technology")),
]


def put(event: Event, by: User, content: bytes) -> None:
    """Replace the event's picture.

    Raises UserError if the content is no picture.
    """
    replace(event, by, pictures.keep(pictures.COVER, content))


def replace(event: Event, by: User, picture: UUID | None) -> None:
    """Replace the event's picture with a kept one, or with None by a drawn scene, and drop the
    previous files.
    """
    event = locked(Event, event.id)
    if event.locked_at is not None:
        raise UserError(_("This event is locked and can’t be changed."), "picture")
    pictures.drop(pictures.COVER, event.picture)
    event.picture = picture
    audit.record("event.pictured", by=by, subject=event)
    notices.signal_details(event)
    db.session.flush()


def copied(event: Event, copy: Event) -> None:
    """Copy the picture to files of its own, so that either event can remove it."""
    if event.picture is not None:
        copy.picture = pictures.duplicate(pictures.COVER, event.picture)
