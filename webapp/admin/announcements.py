"""The announcement: a message on every page, until a set time or until it is ended."""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import site_settings
from ..core.db import base
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock

NAME = "ANNOUNCEMENT"
#: The importance: the colour and icon of its box.
NOTE, WAIT, NO = "note", "wait", "no"
MOST = 300


class Announcement(NamedTuple):
    """The announcement.

    `id` changes with its words, so that it is shown again. `until` None: until it is ended.
    """

    id: str
    words: str
    level: str
    until: datetime | None


def current() -> Announcement | None:
    """Return the current announcement, or None."""
    return _among(site_settings.now())


def _among(settled: site_settings.SettingsSnapshot) -> Announcement | None:
    kept: dict[str, Any] | None = settled.values.get(NAME)
    if kept is None:
        return None
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    return (
        None
        if until is not None and until <= clock.now()
        else Announcement(kept["id"], kept["words"], kept["level"], until)
    )


def announce(words: str, level: str, until: datetime | None, by: User, seen: str = "") -> None:
    """Publish the announcement, replacing the current one; `seen` is the id that the author saw.

    Raises UserError for a time in the past, and Conflict if someone else changed it meanwhile.
    """
    if until is not None and until <= clock.now():
        raise UserError(_("Choose a time in the future."), "until")
    before = _among(site_settings.hold())
    same = before is not None and (before.words, before.level) == (words, level)
    if before is not None and not same and before.id != seen:
        raise Conflict(
            _(
                "Someone else has changed the announcement in the meantime. Your text is still "
                "below. Check theirs, then save again."
            )
        )
    kept = {"id": before.id if before and same else base.nonce(), "words": words, "level": level}
    site_settings.write(NAME, {**kept, "until": until.isoformat() if until else ""})
    audit.record("announcement.made", by=by, level=level)


def end(by: User) -> None:
    """End the announcement. Do nothing if there is none."""
    if site_settings.now().values.get(NAME) is None:
        return
    site_settings.write(NAME, None)
    audit.record("announcement.ended", by=by)
