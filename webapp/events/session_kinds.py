"""What people can be told about sessions of an agenda, and what the line in the inbox then says."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ..core import language
from ..notifications.kinds import EVENTS, Kind, add

SESSION = ("events/session",)


def _session_promoted(session: str, event: str, party: int) -> str:
    return ngettext(
        "A seat came free for you: %(session)s, at %(title)s",
        "%(num)s seats came free for you: %(session)s, at %(title)s",
        party,
        session=session,
        title=event,
    )


def _session_offered(session: str, event: str, party: int, until: str, zone: str) -> str:
    return ngettext(
        "A seat in %(session)s, at %(title)s, is held for you until %(until)s",
        "%(num)s seats in %(session)s, at %(title)s, are held for you until %(until)s",
        party,
        session=session,
        title=event,
        until=language.moment(datetime.fromisoformat(until), zone),
    )


def _session_expired(session: str, event: str) -> str:
    words = {"session": session, "title": event}
    return _(
        "The seats held for you in %(session)s, at %(title)s, went on; you are still in the queue",
        **words,
    )


def _session_changed(session: str, event: str, starts: str, zone: str, room: str = "") -> str:
    words = {
        "session": session,
        "title": event,
        "when": language.moment(datetime.fromisoformat(starts), zone),
    }
    if room:
        return _("%(session)s, at %(title)s, is now on %(when)s, in %(room)s", room=room, **words)
    return _("%(session)s, at %(title)s, is now on %(when)s", **words)


def _session_cancelled(session: str, event: str, reason: str) -> str:
    words = {"session": session, "title": event, "reason": reason or _("no reason given")}
    return _("%(session)s, at %(title)s, was cancelled: %(reason)s", **words)


add(
    Kind(
        "session.promoted",
        EVENTS,
        _l("Seats came free for you in a session"),
        _session_promoted,
        SESSION,
    ),
    Kind(
        "session.offered",
        EVENTS,
        _l("Seats in a session are held for you until you answer"),
        _session_offered,
        SESSION,
    ),
    Kind(
        "session.expired",
        EVENTS,
        _l("Seats in a session that were held for you went on"),
        _session_expired,
        SESSION,
    ),
    Kind(
        "session.changed",
        EVENTS,
        _l("A session on your agenda has another time or room"),
        _session_changed,
        SESSION,
    ),
    Kind(
        "session.cancelled",
        EVENTS,
        _l("A session on your agenda is cancelled"),
        _session_cancelled,
        SESSION,
    ),
)
