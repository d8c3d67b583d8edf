"""An event as one person sees it: what is shown, what they can do, and what would happen if they
did.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from ...accounts.models import User
from ...events import access, status
from ...events.audience import hosts_among, hosts_of, possible_hosts
from ...events.models import ASKED, GOING, MAYBE, NOT_GOING, OFFERED, REFUSED, WAITING, Event
from ...people import avatars
from .. import guest_links, reads, rsvps
from .. import waitlist as queue
from ..registration.answers import previous_answers
from ..registration.form import NOTHING, RegistrationForm, registration_form
from . import overview
from .answers import EventAnswers, People, ReaderAnswer, WaitlistView

#: who comes, or waits to
PRESENT = (GOING, WAITING, OFFERED)


class Host(NamedTuple):
    """Who runs an event, and where their page is, if the reader may see it."""

    name: str
    url: str


@dataclass(frozen=True)
class EventView:
    """An event through one person's eyes."""

    reader_id: UUID | None
    rsvp: ReaderAnswer | None
    can_edit: bool
    may_write: bool
    may_answer: bool
    closed: str | None
    allows_guests: bool
    people: People | None
    queue: WaitlistView
    sees_queue_names: bool
    online_url: str
    #: where the forms of the answer go to, with the rest of their address
    answers_at: str
    hint: str
    says: dict[str, str]
    hosts: tuple[Host, ...]
    #: what the event asks of those who come, and what the reader told before
    asked: RegistrationForm
    said: dict[str, Any]
    #: who invited the reader, while they have not answered
    invited_by: str = ""
    #: after the end: how many were there
    ended: str = ""

    @property
    def full_option(self) -> str:
        """Which of their picks is full, for someone who waits while there may be seats."""
        seats = (self.rsvp.seats_waiting or self.rsvp.party) if self.rsvp is not None else 0
        mine = [it for it in self.asked.options if str(it.id) in self.said.values()]
        return next((it.label for it in mine if it.free is not None and it.free < seats), "")

    @property
    def may_split(self) -> bool:
        """Whether a party may have to choose between coming with those who fit, and not
        changing.
        """
        return any(key.endswith("-split") for key in self.says)

    @property
    def state(self) -> str | None:
        """The person's answer, if they gave one."""
        return self.rsvp.state if self.rsvp else None


def view_for(user: Any, event: Event) -> EventView:
    """The event as `user`, a visitor or a guest meets it now.

    What they may not see is not in it.
    """
    closed, may = rsvps.closed_because(event), access.actions_of(user, event)
    names = "event:see_waiting_names" in may
    if user.id is None:
        hosts, rsvp, people, inviting = hosts_of(event), None, None, ""
        line = WaitlistView((), event.waiting_count, None, 0)
    else:
        hosts, (rsvp, people, line, inviting, _belongs) = _hosts_and_answers(event, user, names)
    may_answer = (
        closed is None
        and access.can_answer(user, event)
        and (rsvp is None or rsvp.state != REFUSED)
    )
    asked = registration_form(event) if may_answer else NOTHING
    can_edit = "event:edit" in may
    may = access.actions_of(user, event, rsvp)
    count = overview.check_in_count(event) if can_edit and status.has_taken_place(event) else None
    return EventView(
        reader_id=user.id,
        rsvp=rsvp,
        can_edit=can_edit,
        may_write=user.id is None or "event:contact" in may,
        may_answer=may_answer,
        closed=closed,
        allows_guests=closed is None and access.allows_guests(event),
        people=people if access.can_see_people(user, event, rsvp) else None,
        queue=line,
        sees_queue_names=names,
        online_url=event.online_url if "event:see_online_url" in may else "",
        answers_at=guest_links.base_for(user, event),
        hint=hint_for(event, rsvp, line),
        says=button_labels(event, rsvp, asked, asks=event.requires_approval and not can_edit),
        hosts=_hosts(hosts, user, people),
        invited_by=inviting if rsvp is None and closed is None else "",
        asked=asked,
        said=previous_answers(event, user) if asked is not NOTHING and rsvp is not None else {},
        ended=overview.ended_in_words(event, count),
    )


def _hosts_and_answers(event: Event, user: Any, names: bool) -> tuple[list[User], EventAnswers]:
    """Who runs the event and what was answered, in one statement unless one of those who could
    host may no longer.
    """
    could = possible_hosts(event)
    answers = reads.answers_to(event, user, could, sees_all=names)
    hosts = hosts_among(event, answers.belongs)
    ids = [host.id for host in hosts]
    return hosts, answers if ids == list(could) else reads.answers_to(
        event, user, ids, sees_all=names
    )


def _hosts(hosts: list[User], reader: Any, people: People | None) -> tuple[Host, ...]:
    """Those of them who are going are known to share a group with the reader, or not; of others
    it is not asked.
    """
    together = {who.id for who in people.named if who.together} if people is not None else set()
    return tuple(
        Host(host.name, avatars.page_of(host, reader, host.id in together)) for host in hosts
    )


def hint_for(event: Event, rsvp: ReaderAnswer | None, line: WaitlistView) -> str:
    """What will happen, before the click, to someone who says that they come."""
    free = event.seats_free
    if event.requires_approval and (rsvp is None or rsvp.state not in PRESENT):
        return _("A host approves each request. You don’t have a seat until they do.")
    if rsvp is not None and rsvp.state == WAITING and not rsvp.declined_offer:
        return _hint_for_waiting(event, rsvp, free)
    if free is None:
        return ""
    if rsvp is not None and rsvp.holds_seats:
        more = (
            ngettext("%(num)s more seat is free.", "%(num)s more seats are free.", free)
            if free
            else _("No more seats are free.")
        )
        return more if event.max_plus_ones else ""
    return _hint_for_newcomer(event, free, line.length + 1)


def _hint_for_waiting(event: Event, rsvp: ReaderAnswer, free: int | None) -> str:
    if free and free < rsvp.party:
        return ngettext(
            "%(num)s seat is free. One of you can take it. The others keep their place on the "
            "list.",
            "%(num)s seats are free. Some of you can take them. The others keep their place on the "
            "list.",
            free,
        )
    return (
        _("With fewer people you keep your place. With more, you go to the back of the list.")
        if event.max_plus_ones
        else ""
    )


def _hint_for_newcomer(event: Event, free: int, place: int) -> str:
    if free == 0:
        return _("The event is full. You’d be number %(place)s on the waiting list.", place=place)
    if free > event.max_plus_ones:
        return ngettext("%(num)s seat left.", "%(num)s seats left.", free)
    return ngettext(
        "%(num)s seat left. A larger group would be number %(place)s on the waiting list.",
        "%(num)s seats left. A larger group would be number %(place)s on the waiting list.",
        free,
        place=place,
    )


def button_labels(
    event: Event, rsvp: ReaderAnswer | None, asked: RegistrationForm = NOTHING, asks: bool = False
) -> dict[str, str]:
    """The words of the button by answer and party: “going-3” -> “Join the queue as 3”; `asks`:
    hosts approve of newcomers.

    “going-3-split” where those who fit may come without the others, and “going-3-<ticket>” where
    that kind has too few.
    """
    present = (
        rsvp.party + rsvp.seats_waiting
        if rsvp is not None and rsvp.state in (*PRESENT, ASKED)
        else 0
    )
    sizes = range(1, max(event.max_plus_ones + 1, present) + 1)
    words = {MAYBE: _("Send answer"), NOT_GOING: _says_not_going(rsvp)}
    comes = rsvp is not None and rsvp.state in PRESENT
    for size in sizes:
        words[f"{GOING}-{size}"] = (
            _says_asking(rsvp, size) if asks and not comes else _says_going(event, rsvp, size)
        )
        if (asks and not comes) or (size == present and rsvp is not None and rsvp.state != WAITING):
            continue
        words |= _says_splitting(event, rsvp, size)
        if not comes:
            full = (it for it in asked.tickets if it.free is not None and it.free < size)
            words |= {f"{GOING}-{size}-{it.id}": _("Join waiting list") for it in full}
    return words


def _says_splitting(event: Event, rsvp: ReaderAnswer | None, size: int) -> dict[str, str]:
    """For a party of which only some fit; those who wait for all of their seats do so together."""
    free, held = event.seats_free, rsvp.party if rsvp is not None and rsvp.holds_seats else 0
    fits = held + (free or 0)
    if free is None or fits >= size or not fits:
        return {}
    come = _("Send: %(fits)s going, %(rest)s waiting", fits=fits, rest=size - fits)
    return {f"{GOING}-{size}-split": come}


def _says_asking(rsvp: ReaderAnswer | None, size: int) -> str:
    if rsvp is not None and rsvp.state == ASKED and size == rsvp.party:
        return _("Save answer")
    return ngettext("Request to join", "Request %(num)s seats", size)


def _says_going(event: Event, rsvp: ReaderAnswer | None, size: int) -> str:
    state = rsvp.state if rsvp is not None else None
    party = rsvp.party + rsvp.seats_waiting if rsvp is not None else 0
    if state in (GOING, WAITING) and size == party:
        return _("Save answer")
    if state == GOING:
        return ngettext("Change to just me", "Change to %(num)s people", size)
    if state == WAITING:
        return ngettext("Wait for 1 seat", "Wait for %(num)s seats", size)
    if state == OFFERED:
        return ngettext("Accept the seat", "Accept %(num)s seats", size)
    if event.capacity is None or queue.has_room(event, size):
        return _("Send answer")
    return _("Join waiting list")


def _says_not_going(rsvp: ReaderAnswer | None) -> str:
    if rsvp is not None and rsvp.state == GOING:
        return ngettext("Give up my seat", "Give up our %(num)s seats", rsvp.party)
    if rsvp is not None and rsvp.state in (WAITING, OFFERED):
        return _("Leave waiting list")
    if rsvp is not None and rsvp.state == ASKED:
        return _("Withdraw request")
    return _("Send answer")
