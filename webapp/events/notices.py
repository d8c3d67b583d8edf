"""Notices about events: an email for every answer, an email and an inbox line when something
happens. Guests get emails only, because they have no inbox.

The functions named after what happened (`answered`, `moved`) notify people; `promoted`, `offered`
and `expired` also let open pages reload. The `signal_*` functions only do that: they send live
signals, and notify nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from ..accounts.models import User
from ..core import hooks, live
from ..groups.models import SECRET
from ..mail import outbox
from ..notifications import inbox, notify
from ..notifications.notification_types import NOTIFICATION_TYPES, PLAIN
from . import audience, change_notices
from .models import (
    ASKED,
    OFFERED,
    WAITING,
    Event,
    EventNotice,
    Gone,
    Guest,
    HostInvitation,
    Rsvp,
    WaitlistEntry,
    WaitlistOwner,
)
from .models.change_notice import DAY, HOUR

#: The email to guests for notification types that have none of their own.
NOTICE = "events/notice"


def notify_all(
    people: Iterable[User | Guest | Gone],
    kind: str,
    url: str,
    words: dict[str, Any] | Callable[[User], dict[str, Any]],
    *,
    scope: str,
    about: str,
    group_id: UUID | None,
    email: str | None = None,
    by: User | None = None,
    emailed: bool = True,
    subject_id: UUID | None = None,
    **ids: Any,
) -> None:
    """Call `notifications.notify.notify`, and email guests; the email's function gets `guest`
    instead of `user`.

    For a type without its own email, guests get a sentence that names only the event.
    """
    everyone = list(people)
    users = [person for person in everyone if isinstance(person, User)]
    if users:
        more: dict[str, Any] = {
            "scope": scope,
            "about": about,
            "group_id": group_id,
            "email": email,
            "by": by,
            "subject_id": subject_id,
        }
        notify.notify(users, kind, url, words, **more, emailed=emailed, **ids)
    for guest in everyone:
        if isinstance(guest, Guest):
            _write(guest, kind, email, ids)


def _write(guest: Guest, kind: str, email: str | None, ids: dict[str, Any]) -> None:
    template = email or NOTIFICATION_TYPES[kind].emails[0]
    if template == PLAIN:
        template, ids = NOTICE, {"event": guest.event_id, "kind": kind}
    outbox.enqueue_email(template, to=guest.email, locale=guest.locale, guest=guest.id, **ids)


Who = User | Guest | Gone


def signal_answers(owner: WaitlistOwner) -> None:
    """Let open pages of the event reload its answers."""
    live.signal(f"event:{owner.event.id}:rsvps")


def signal_details(event: Event) -> None:
    """Let open pages of the event and its group reload its details and status."""
    live.signal(f"event:{event.id}:plan")
    signal_answers(event)
    if event.group_id is not None:
        live.signal(f"group:{event.group_id}:events")


def signal_check_in(event: Event) -> None:
    """Let the hosts' check-in pages reload."""
    live.signal(f"event:{event.id}:check_in")


def answered(row: Rsvp) -> None:
    """Confirm someone's answer by email, with a calendar file; not in the inbox, as it was their
    own act.
    """
    emails = {WAITING: "events/waiting", OFFERED: "events/waiting", ASKED: "events/asked"}
    _notify(row, "rsvp.answered", email=emails.get(row.state, "events/answered"))


def request_arrived(row: Rsvp) -> None:
    """Notify hosts of a request to join.

    Hosts with an unread notice about the same person get no second one, so repeated requests send
    no further email.
    """
    event = row.event
    about: Any = about_event(event)
    words = {"name": row.who.name, "event": event.title}
    url = f"{event.path}/manage/approvals"
    hosts = audience.hosts_of(event)
    know = inbox.unread_with(hosts, "rsvp.asked", about["scope"], words)
    notify_all(
        [host for host in hosts if host.id not in know],
        "rsvp.asked",
        url,
        words,
        **about,
        by=row.user,
        subject_id=row.id,
    )


def request_approved(row: Rsvp) -> None:
    """Notify the person that hosts approved the request, and whether there is a seat."""
    _notify(row, "rsvp.approved", {"state": row.state})


def request_declined(row: Rsvp) -> None:
    """Notify the person that hosts declined the request."""
    _notify(row, "rsvp.refused", {"sentence": row.decline_message})


def answered_by_host(row: Rsvp, by: User) -> None:
    """Notify the person which host answered for them, and how."""
    _notify(row, "rsvp.hosted", {"name": by.name, "state": row.state})


def promoted(entry: WaitlistEntry, seats: int) -> None:
    """Notify the person that they are going, or that they have so many further seats."""
    _notify(entry, "rsvp.promoted", {"party": seats})
    signal_answers(entry.owner)


def offered(entry: WaitlistEntry) -> None:
    """Notify the person that seats are held for them, and until when."""
    until = (entry.offered_until or entry.owner.deadline).isoformat()
    words = {"party": entry.party, "until": until, "zone": entry.who.zone}
    _notify(entry, "rsvp.offered", words)
    signal_answers(entry.owner)


def expired(entry: WaitlistEntry) -> None:
    """Notify the person that their offer expired and they are still waiting."""
    _notify(entry, "rsvp.expired", {"party": entry.party})
    signal_answers(entry.owner)


def released(row: Rsvp) -> None:
    """Notify an outsider that the event is now for members only and their answer no longer
    counts.
    """
    event = row.event
    notify_all(
        [row.who],
        "rsvp.released",
        _path_without(event),
        {"event": event.title},
        **about_event(event),
        event=event.id,
    )
    if row.user_id is not None:
        live.rights_changed(row.user_id)


def _path_without(event: Event) -> str:
    """Return where people go who no longer see the event: to its group, unless it is secret."""
    group = event.group
    return group.path if group is not None and group.visibility != SECRET else "/events"


def published(event: Event, people: Sequence[User], by: User | None) -> None:
    """Notify the group's members of a new event."""
    if event.group is not None:
        _spread(event, people, "event.published", by, group=event.group.name)


def moved(event: Event, people: Sequence[Who], notice_id: UUID, before: dict[str, Any]) -> None:
    """Notify people who answered what changed in time and place since `before`."""

    def words(user: Who) -> dict[str, str]:
        return {"event": event.title, **change_notices.words_of(before, event, user.zone)}

    notify_all(
        people,
        "event.changed",
        event.path,
        words,
        **about_event(event),
        event=event.id,
        notice=notice_id,
    )


def nearing(event: Event, people: Sequence[Who], when: str) -> None:
    """Remind people who answered, in their own zone."""
    kind, starts = {DAY: "event.nearing", HOUR: "event.starting"}[when], event.starts_at.isoformat()

    def words(user: User) -> dict[str, Any]:
        return {"event": event.title, **change_notices.hours_of(event, user.zone)}

    notify_all(people, kind, event.path, words, **about_event(event), event=event.id, starts=starts)


def feedback_requested(event: Event, people: Sequence[Who]) -> None:
    """Ask attendees for feedback."""
    notify_all(
        people,
        "event.over",
        f"{event.path}/feedback",
        {"event": event.title},
        **about_event(event),
        event=event.id,
    )


def feedback_arrived(event: Event, number: int) -> None:
    """Notify hosts of new feedback."""
    words = {"event": event.title, "number": number}
    notify_all(
        audience.hosts_of(event),
        "event.feedback",
        f"{event.path}/manage/feedback",
        words,
        **about_event(event),
    )


def message_sent(event: Event, people: Sequence[Who], message: EventNotice) -> None:
    """Send a host's message to people who answered, except those who blocked or muted the host."""
    if message.by is not None:
        words = {"event": event.title, "name": message.by.name, "subject": message.subject}
        notify_all(
            people,
            "event.written",
            event.path,
            words,
            **about_event(event),
            by=message.by,
            event=event.id,
            notice=message.id,
        )


def invited(
    event: Event, people: Sequence[User], by: User, notice_id: UUID, emailed: bool = True
) -> None:
    """Notify invited people who invited them, except those who blocked or muted the inviter."""
    words = {"event": event.title, "name": by.name}
    notify_all(
        people,
        "event.invited",
        event.path,
        words,
        **about_event(event),
        by=by,
        emailed=emailed,
        event=event.id,
        notice=notice_id,
    )


def cancelled(event: Event, people: Sequence[Who]) -> None:
    """Notify people who answered that the event was cancelled, and why."""
    _spread(event, people, "event.cancelled", reason=event.cancelled_reason)


def resumed(event: Event, people: Sequence[Who]) -> None:
    """Notify people who answered that the event takes place after all."""
    _spread(event, people, "event.resumed")


def hidden(event: Event, people: Sequence[Who]) -> None:
    """Notify people who answered that the event is hidden, and that their answer is kept."""
    notify_all(
        people,
        "event.hidden",
        _path_without(event),
        {"event": event.title},
        **about_event(event),
    )


def unhidden(event: Event, people: Sequence[Who]) -> None:
    """Notify people who answered that the event is visible again."""
    notify_all(people, "event.shown", event.path, {"event": event.title}, **about_event(event))


def message_arrived(
    event: Event, hosts: Sequence[User], sender: User | Guest, message_id: UUID
) -> None:
    """Send a message to the hosts, with the sender's name."""
    about: Any = about_event(event)
    by = sender if isinstance(sender, User) else None
    notify_all(
        hosts,
        "event.message",
        event.path,
        {"name": sender.name},
        **about,
        by=by,
        message=message_id,
    )


def host_asked(event: Event, invitation: HostInvitation) -> None:
    """Notify the person of the invitation to host: by whom, and where to answer."""
    words: Any = {"name": invitation.by.name, "event": event.title}
    notify_all(
        [invitation.user],
        "host.asked",
        _hosting(event),
        words,
        **about_event(event),
        by=invitation.by,
        invitation=invitation.id,
    )


def host_withdrawn(event: Event, invitation: HostInvitation) -> None:
    """Notify the person that the invitation to host was withdrawn."""
    inbox.read_leading(invitation.user_id, _hosting(event))
    notify_all(
        [invitation.user],
        "host.withdrawn",
        _hosting(event),
        {"event": event.title},
        **about_event(event),
        by=invitation.by,
    )


def _hosting(event: Event) -> str:
    """The page where someone answers an invitation to host; it also says if it has ended."""
    return f"{event.path}/hosting"


def host_answered(event: Event, invitation: HostInvitation, accepted: bool) -> None:
    """Notify the inviter of the answer to an invitation to host."""
    words: Any = {"name": invitation.user.name, "event": event.title}
    notify_all(
        [invitation.by],
        "host.accepted" if accepted else "host.declined",
        event.path,
        words,
        **about_event(event),
    )


def host_removed(event: Event, user: User, by: User) -> None:
    """Notify someone that they are no longer a host, unless they stepped down themselves."""
    notify_all(
        [user], "host.removed", "/events/mine", {"event": event.title}, **about_event(event), by=by
    )
    live.rights_changed(user.id)


def _notify(
    entry: WaitlistEntry,
    kind: str,
    words: dict[str, Any] | None = None,
    email: str | None = None,
) -> None:
    """Notify the person of the entry."""
    if not isinstance(entry, Rsvp):
        hooks.booking_changed(row=entry, kind=kind, words=words or {})
        return
    event = entry.event
    ids: Any = {**about_event(event), "event": event.id, "state": entry.state, "party": entry.party}
    notify_all(
        [entry.who], kind, event.path, {"event": event.title, **(words or {})}, email=email, **ids
    )


def _spread(
    event: Event, people: Sequence[Who], kind: str, by: User | None = None, **words: Any
) -> None:
    about: Any = about_event(event)
    notify_all(
        people, kind, event.path, {"event": event.title, **words}, **about, by=by, event=event.id
    )


def about_event(event: Event) -> dict[str, Any]:
    """Return the scope, title and group of a notification about the event."""
    return {"scope": f"event:{event.id}", "about": event.title, "group_id": event.group_id}
