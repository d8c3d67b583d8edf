"""What people can be told about tasks and shifts, and what the line in the inbox then says."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..core import language
from ..notifications.kinds import EVENTS, Kind, add
from ..notifications.models import INBOX, NOW, OFF


def _given(event: str, name: str, what: str) -> str:
    return _(
        "%(name)s asks you to do this at %(event)s: %(what)s", name=name, event=event, what=what
    )


def _taken(event: str, what: str) -> str:
    return _("You no longer have this to do at %(event)s: %(what)s", event=event, what=what)


def _released(event: str, name: str, what: str) -> str:
    return _(
        "%(name)s no longer does this at %(event)s: %(what)s", name=name, event=event, what=what
    )


def _due(event: str, what: str, due: str, zone: str) -> str:
    moment = language.moment(datetime.fromisoformat(due), zone)
    return _("Soon, for %(event)s: %(what)s, %(moment)s", event=event, what=what, moment=moment)


def _moved(event: str, what: str, starts: str, zone: str) -> str:
    moment = language.moment(datetime.fromisoformat(starts), zone)
    return _("%(what)s at %(event)s now begins %(moment)s", what=what, event=event, moment=moment)


add(
    Kind(
        "task.given",
        EVENTS,
        _l("A host gives you a task or a place in a shift"),
        _given,
        from_person=True,
    ),
    Kind(
        "task.taken",
        EVENTS,
        _l("A task or a shift of yours is taken from you, or called off"),
        _taken,
    ),
    Kind(
        "task.due",
        EVENTS,
        _l("The day before a task of yours is due, or a shift begins"),
        _due,
        channels=(NOW, INBOX, OFF),
    ),
    Kind("shift.moved", EVENTS, _l("A shift that you have taken has other hours"), _moved),
    Kind(
        "task.released",
        EVENTS,
        _l("Somebody no longer does what they had taken at your event"),
        _released,
    ),
)
