"""The announcement: a few words above every page, until an hour or until it is ended."""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from ..accounts.models import User
from ..core import site_settings
from ..core.db import session
from ..core.http.errors import Conflict, UserError
from ..core.observability import audit
from ..core.time import clock

NAME = "ANNOUNCEMENT"
#: How urgent it is: the colour and the sign of its box.
NOTE, WAIT, NO = "note", "wait", "no"
MOST = 300


class Announcement(NamedTuple):
    """What is announced.

    `id` is another one for other words, so that it is read again; `until` None: until it is ended.
    """

    id: str
    words: str
    level: str
    until: datetime | None


def current() -> Announcement | None:
    """What is announced now."""
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
    """Every page says so from now on, in place of what was announced before: `seen` is its id, as
    the person who writes knew it.

    Raises UserError for an hour that is past, Conflict when someone else has announced something
    else meanwhile.
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
    kept = {"id": before.id if before and same else session.nonce(), "words": words, "level": level}
    site_settings.write(NAME, {**kept, "until": until.isoformat() if until else ""})
    audit.record("announcement.made", by=by, level=level)


def end(by: User) -> None:
    """Nothing is announced any more; nothing happens where nothing was."""
    if site_settings.now().values.get(NAME) is None:
        return
    site_settings.write(NAME, None)
    audit.record("announcement.ended", by=by)
