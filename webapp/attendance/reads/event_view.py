"""Everything the event page shows one reader, and what their buttons will say."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _, ngettext

from ...accounts.models import User
from ...events import access
from ...events.audience import hosts_among, hosts_of
from ...events.models import (
    ASKED,
    GOING,
    MAYBE,
    NOT_GOING,
    OFFERED,
    REFUSED,
    SEATED_OR_WAITING,
    SEATED_WAITING_OR_ASKED,
    WAITING,
    Event,
)
from ...people import avatars
from .. import guest_links, reads, rsvps
from ..registration.answers import previous_answers
from ..registration.form import NOTHING, RegistrationForm, registration_form
from . import overview
from .answers import EventAnswers, People, ReaderAnswer, WaitlistView


class Host(NamedTuple):
    """A host, and the URL of their page if the reader may see it."""

    name: str
    handle: str
    url: str


class UsualAnswer(NamedTuple):
    """What is written on a button that gives it, and on a link to sign in for it."""

    label: str
    sign_in: str


@dataclass(frozen=True)
class EventView:
    """An event as one reader sees it."""

    event: Event
    reader_id: UUID | None
    #: What their role lets them do.
    may: frozenset[str]
    rsvp: ReaderAnswer | None
    may_write: bool
    may_answer: bool
    closed: str | None
    #: Whether a visitor can answer without an account.
    allows_guests: bool
    people: People | None
    waitlist: WaitlistView
    online_url: str
    #: Prefix of the paths that the answer's forms post to.
    answers_at: str
    hint: str
    says: dict[str, str]
    #: What the usual answer does, for members, guests and visitors alike.
    usual: UsualAnswer
    hosts: tuple[Host, ...]
    #: The event's questions and ticket types, and the reader's earlier answers.
    registration: RegistrationForm
    given: dict[str, Any]
    #: Who invited the reader, until they answer.
    invited_by: str = ""
    #: After the end: how many people were there.
    ended: str = ""

    @property
    def can_edit(self) -> bool:
        """Whether the reader is a host."""
        return "event:edit" in self.may

    @property
    def sees_waitlist_names(self) -> bool:
        """Whether the reader sees who waits."""
        return "event:see_waiting_names" in self.may

    @property
    def full_option(self) -> str:
        """The full choice that keeps someone waiting although there may be seats, or ""."""
        seats = (self.rsvp.seats_waiting or self.rsvp.party) if self.rsvp is not None else 0
        mine = [it for it in self.registration.options if str(it.id) in self.given.values()]
        return next((it.label for it in mine if it.free is not None and it.free < seats), "")

    @property
    def may_split(self) -> bool:
        """Whether a party may have to decide if those who fit go without the others."""
        return any(key.endswith("-split") for key in self.says)

    @property
    def send_label(self) -> str:
        """What the form's button says until the script says more."""
        return _("Save answer") if self.state else _("Send answer")

    @property
    def state(self) -> str | None:
        """The reader's answer, if they gave one."""
        return self.rsvp.state if self.rsvp else None


def view_for(user: Any, event: Event, with_form: bool = True) -> EventView:
    """Return the event as `user`, a visitor or a guest may see it now.

    It contains nothing that they may not see. `with_form=False` leaves out the registration form,
    which only the part with the answer shows.
    """
    closed, may = rsvps.closed_because(event), access.actions_of(user, event)
    names = "event:see_waiting_names" in may
    if user.id is None:
        hosts, rsvp, people, inviting = hosts_of(event), None, None, ""
        line = WaitlistView((), event.waiting_count, None, event.seats_held)
    else:
        hosts, (rsvp, people, line, inviting, _belongs) = _hosts_and_answers(event, user, names)
    may_answer = (
        closed is None
        and access.can_answer(user, event)
        and (rsvp is None or rsvp.state != REFUSED)
    )
    registration = registration_form(event) if may_answer and with_form else NOTHING
    can_edit = "event:edit" in may
    asks = event.requires_approval and not can_edit
    may = access.actions_of(user, event, rsvp)
    return EventView(
        event=event,
        reader_id=user.id,
        may=may,
        rsvp=rsvp,
        may_write=user.id is None or "event:contact" in may,
        may_answer=may_answer,
        closed=closed,
        allows_guests=user.id is None and closed is None and access.allows_guests(event),
        people=people if access.can_see_people(user, event, rsvp) else None,
        waitlist=line,
        online_url=event.online_url if "event:see_online_url" in may else "",
        answers_at=guest_links.base_for(user, event),
        hint=hint_for(event, rsvp, line),
        says=button_labels(event, rsvp, registration, asks=asks),
        usual=usual_answer(event, asks),
        hosts=_hosts(hosts, user, people),
        invited_by=inviting if rsvp is None and closed is None else "",
        registration=registration,
        given=previous_answers(event, user) if rsvp and registration is not NOTHING else {},
        ended=_ended_in_words(event, can_edit) if event.has_taken_place else "",
    )


def _hosts_and_answers(event: Event, user: Any, names: bool) -> tuple[list[User], EventAnswers]:
    """Return hosts and answers: in one statement, unless a possible host has lost the right."""
    could = event.possible_hosts
    answers = reads.answers_to(event, user, could, sees_all=names)
    hosts = hosts_among(event, answers.belongs)
    ids = [host.id for host in hosts]
    return hosts, answers if ids == list(could) else reads.answers_to(
        event, user, ids, sees_all=names
    )


def _hosts(hosts: list[User], reader: Any, people: People | None) -> tuple[Host, ...]:
    """Whether a host shares a group with the reader is known only for those who are going."""
    together = {who.id for who in people.named if who.together} if people is not None else set()
    return tuple(
        Host(host.name, host.handle, avatars.page_of(host, reader, host.id in together))
        for host in hosts
    )


def _ended_in_words(event: Event, sees_who_came: bool) -> str:
    """Return “2 people came. 3 were going.” for those who may know who came, else “3 people were
    going.”
    """
    count = overview.check_in_count(event) if sees_who_came else None
    if count is not None:
        came = ngettext("%(num)s person came.", "%(num)s people came.", count.arrived)
        return came + " " + ngettext("%(num)s was going.", "%(num)s were going.", count.expected)
    return ngettext("%(num)s person was going.", "%(num)s people were going.", event.going_count)


def usual_answer(event: Event, asks: bool) -> UsualAnswer:
    """Return what someone without an answer does who taps once. `asks`: hosts approve them."""
    if asks:
        return UsualAnswer(_("Request to join"), _("Sign in to request to join"))
    if event.seats_free == 0:
        return UsualAnswer(_("Join waiting list"), _("Sign in to join the waiting list"))
    return UsualAnswer(_("I’m going"), _("Sign in to answer"))


def hint_for(event: Event, rsvp: ReaderAnswer | None, line: WaitlistView) -> str:
    """Say before the click what happens to someone who answers Going."""
    free = event.seats_free
    if event.requires_approval and (rsvp is None or rsvp.state not in SEATED_OR_WAITING):
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
        return more if rsvp.party < event.largest_party else ""
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
    fewer, more = rsvp.party > 1, rsvp.party < event.largest_party
    if fewer and more:
        return _(
            "With fewer people you keep your place. With more, you go to the back of the list."
        )
    if more:
        return _("With more people you go to the back of the list.")
    return _("With fewer people you keep your place.") if fewer else ""


def _hint_for_newcomer(event: Event, free: int, place: int) -> str:
    if free == 0:
        return _("The event is full. You’d be number %(place)s on the waiting list.", place=place)
    if free >= event.largest_party:
        return ngettext("%(num)s seat left.", "%(num)s seats left.", free)
    return ngettext(
        "%(num)s seat left. A larger group would be number %(place)s on the waiting list.",
        "%(num)s seats left. A larger group would be number %(place)s on the waiting list.",
        free,
        place=place,
    )


def button_labels(
    event: Event,
    rsvp: ReaderAnswer | None,
    registration: RegistrationForm = NOTHING,
    asks: bool = False,
) -> dict[str, str]:
    """Return button labels by answer and party: “going-3” -> “Join waiting list”.

    “going-3-split” if those who fit can go without the others, “going-3-<ticket>” if that ticket
    type has too few left. `asks`: hosts approve newcomers.
    """
    present = (
        rsvp.party + rsvp.seats_waiting
        if rsvp is not None and rsvp.state in SEATED_WAITING_OR_ASKED
        else 0
    )
    sizes = range(1, max(event.largest_party, present) + 1)
    labels = {MAYBE: _says_maybe(rsvp), NOT_GOING: _says_not_going(rsvp)}
    comes = rsvp is not None and rsvp.state in SEATED_OR_WAITING
    for size in sizes:
        labels[f"{GOING}-{size}"] = (
            _says_asking(rsvp, size) if asks and not comes else _says_going(event, rsvp, size)
        )
        if (asks and not comes) or (size == present and rsvp is not None and rsvp.state != WAITING):
            continue
        labels |= _says_splitting(event, rsvp, size)
        if not comes:
            full = (it for it in registration.tickets if it.free is not None and it.free < size)
            labels |= {f"{GOING}-{size}-{it.id}": _("Join waiting list") for it in full}
    return labels


def _says_splitting(event: Event, rsvp: ReaderAnswer | None, size: int) -> dict[str, str]:
    """Labels for a party of which only some fit. Those who wait for all their seats wait
    together.
    """
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
    if event.seats_free is None or size <= event.seats_free:
        return _("Send answer")
    return _("Join waiting list")


def _says_maybe(rsvp: ReaderAnswer | None) -> str:
    is_same = rsvp is not None and rsvp.state == MAYBE
    return _("Save answer") if is_same else _("Send answer")


def _says_not_going(rsvp: ReaderAnswer | None) -> str:
    if rsvp is not None and rsvp.state == GOING:
        return ngettext("Give up my seat", "Give up our %(num)s seats", rsvp.party)
    if rsvp is not None and rsvp.state in (WAITING, OFFERED):
        return _("Leave waiting list")
    if rsvp is not None and rsvp.state == ASKED:
        return _("Withdraw request")
    if rsvp is not None and rsvp.state == NOT_GOING:
        return _("Save answer")
    return _("Send answer")
