"""What people are told: a mail for every answer, a line and a mail when something happens to them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ..accounts.models import User
from ..core import live
from ..groups.models import SECRET
from .models import OFFERED, WAITING, Event, Guest, HostInvitation, Rsvp
from .telling import tell


def changed(event: Event) -> None:
    """Open pages of the event ask for its answers again."""
    live.signal(f"event:{event.id}:rsvps")


def planned(event: Event) -> None:
    """Open pages of the event and of its group ask again what it is, and whether it takes place."""
    live.signal(f"event:{event.id}:plan")
    changed(event)
    if event.group_id is not None:
        live.signal(f"group:{event.group_id}:events")


def answered(event: Event, row: Rsvp) -> None:
    """Who answered has it in writing, with the file for their calendar; the inbox says nothing of one's own act."""
    letter = "events/waiting" if row.state in (WAITING, OFFERED) else "events/answered"
    _tell(event, row, "rsvp.answered", letter=letter)


def promoted(event: Event, row: Rsvp) -> None:
    """Who waited knows that they are going."""
    _tell(event, row, "rsvp.promoted", {"party": row.party})
    changed(event)


def offered(event: Event, row: Rsvp) -> None:
    """Who waits knows that seats are held for them, and until when."""
    until = (row.offered_until or event.deadline).isoformat()
    _tell(event, row, "rsvp.offered", {"party": row.party, "until": until, "zone": row.who.zone})
    changed(event)


def expired(event: Event, row: Rsvp) -> None:
    """Who let an offer run out knows that they still wait."""
    _tell(event, row, "rsvp.expired", {})
    changed(event)


def released(event: Event, row: Rsvp) -> None:
    """Who answered from outside knows that the event is for its group's members now, and that they do not come to it."""
    url = event.group.path if event.group is not None and event.group.visibility != SECRET else "/events"
    tell([row.who], "rsvp.released", url, {"event": event.title}, **_about(event), event=event.id)
    if row.user_id is not None:
        live.rights_changed(row.user_id)


def published(event: Event, people: Sequence[User], by: User) -> None:
    """Members of its group know that there is a new event."""
    if event.group is not None:
        _spread(event, people, "event.published", by, group=event.group.name)


def moved(event: Event, people: Sequence[User | Guest]) -> None:
    """Who answered knows that it has another time or place."""
    _spread(event, people, "event.changed")


def cancelled(event: Event, people: Sequence[User | Guest]) -> None:
    """Who answered knows that it will not take place, and why."""
    _spread(event, people, "event.cancelled", reason=event.cancelled_reason)


def hidden(event: Event, people: Sequence[User | Guest]) -> None:
    """Who answered knows why they find it no more, and that their answer is kept."""
    url = event.group.path if event.group is not None and event.group.visibility != SECRET else "/events"
    tell(people, "event.hidden", url, {"event": event.title}, **_about(event))


def shown(event: Event, people: Sequence[User | Guest]) -> None:
    """Who answered knows that it is back."""
    tell(people, "event.shown", event.path, {"event": event.title}, **_about(event))


def message_arrived(event: Event, hosts: Sequence[User], sender: User, message_id: UUID) -> None:
    """The hosts have the message, and know whose it is."""
    about: Any = _about(event)
    tell(hosts, "event.message", event.path, {"name": sender.name}, **about, by=sender, message=message_id)


def host_asked(event: Event, asked: HostInvitation) -> None:
    """Who is asked to run the event knows by whom, and where to answer."""
    words: Any = {"name": asked.by.name, "event": event.title}
    tell([asked.user], "host.asked", f"{event.path}/hosting", words, **_about(event), by=asked.by, invitation=asked.id)


def host_answered(event: Event, asked: HostInvitation, accepted: bool) -> None:
    """Who asked somebody to run the event knows their answer."""
    words: Any = {"name": asked.user.name, "event": event.title}
    tell([asked.by], "host.accepted" if accepted else "host.declined", event.path, words, **_about(event))


def host_removed(event: Event, user: User, by: User) -> None:
    """Who no longer runs the event knows it, unless they stepped down themselves."""
    if user.id != by.id:
        tell([user], "host.removed", "/events/mine", {"event": event.title}, **_about(event))
    live.rights_changed(user.id)


def _tell(event: Event, row: Rsvp, kind: str, words: dict[str, Any] | None = None, letter: str | None = None) -> None:
    ids: Any = {**_about(event), "event": event.id, "state": row.state, "party": row.party}
    tell([row.who], kind, event.path, {"event": event.title, **(words or {})}, letter=letter, **ids)


def _spread(event: Event, people: Sequence[User | Guest], kind: str, by: User | None = None, **words: Any) -> None:
    about: Any = _about(event)
    tell(people, kind, event.path, {"event": event.title, **words}, **about, by=by, event=event.id)


def _about(event: Event) -> dict[str, Any]:
    return {"scope": f"event:{event.id}", "about": event.title, "group_id": event.group_id}
