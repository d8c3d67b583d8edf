"""What somebody says with their answer, beside whether they come: their ticket kind, and answers
to the questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from ..core import clock, language
from ..core.errors import Conflict, RuleBroken
from ..core.ids import id_of
from . import places, steps
from .asked import Asked, asked_at
from .models import (
    ASKED,
    CHECKBOX,
    CHOICE,
    GOING,
    OFFERED,
    WAITING,
    Event,
    EventOption,
    EventQuestion,
    Rsvp,
)

#: Who comes, or wants to: what these have picked is theirs.
COMES = (GOING, WAITING, OFFERED, ASKED)


@dataclass(frozen=True)
class Details:
    """The picked ticket kind, what is said to each question by its id, and the digest of the
    questions that stood there.

    Without a digest the questions were not asked, as where hosts answer for somebody: what was said
    before stays.
    """

    ticket: UUID | None = None
    given: Mapping[UUID, Any] = field(default_factory=dict)
    digest: str | None = None


def take_down(
    event: Event, row: Rsvp, details: Details | None, party: int, by_host: bool = False
) -> bool:
    """The answer says these details, and the places that it holds follow; whether it has picked
    something else than before.

    Raises RuleBroken at what is missing, full or not to be had now, and Conflict when something
    else is asked by now.
    """
    if not event.asks:
        return False
    asked = asked_at(event)
    picks = [*_ticket(event, asked, row, details, party, by_host), *_choices(asked, row, details)]
    before = _kept(row, details)
    if details is not None and details.digest is not None:
        row.answers = _answers(asked, details.given)
    if set(picks) == before:
        return False
    for option in picks:
        if option not in before:
            _refuse_full(event, row, option, min(party, row.party) if row.holds_seats else party)
    _pick(event, row, picks)
    return True


def _pick(event: Event, row: Rsvp, picks: list[EventOption]) -> None:
    """The party has picked these instead of others; the places that it holds follow."""
    if row.is_queued or row.holds_seats:
        steps.log(event, "picked", row)
    if row.holds_seats:
        places.take(row.picks, -row.party)
        places.take(picks, row.party)
    row.picks = picks


def _kept(row: Rsvp, details: Details | None) -> set[EventOption]:
    """What the party has already, and need not look for anew: who said that they do not come has
    given it up. Where the questions are not asked it stays."""
    is_asked = details is not None and details.digest is not None
    return set(row.picks) if row.state in COMES or not is_asked else set()


def field_of(question: EventQuestion) -> str:
    """The name of its field in the form."""
    return f"said_{question.id.hex}"


def _ticket(
    event: Event, asked: Asked, row: Rsvp, details: Details | None, party: int, by_host: bool
) -> list[EventOption]:
    """The ticket kind: the one that was picked now, or before.

    One that is had already stays, also outside its window.
    """
    if not asked.tickets:
        return []
    held = next((it for it in row.picks if it.is_ticket), None)
    wanted = (
        details.ticket if details is not None and details.ticket is not None else held and held.id
    )
    ticket = next((it for it in asked.tickets if it.id == wanted), None)
    if ticket is None:
        raise RuleBroken(_("Choose a ticket."), "ticket")
    stays = ticket is held and row.state in COMES and row.party + row.more >= party
    if not ticket.is_open and not stays and not by_host:
        raise RuleBroken(window_in_words(ticket, event.zone), "ticket")
    return [ticket]


def window_in_words(ticket: EventOption, zone: str) -> str:
    """When a ticket kind that cannot be picked now can be, or could be."""
    if ticket.opens_at is not None and clock.now() < ticket.opens_at:
        return _(
            "“%(ticket)s” is to be had from %(moment)s.",
            ticket=ticket.words,
            moment=language.moment(ticket.opens_at, zone),
        )
    until = language.moment(ticket.closes_at, zone) if ticket.closes_at else ""
    return _("“%(ticket)s” was to be had until %(moment)s.", ticket=ticket.words, moment=until)


def _choices(asked: Asked, row: Rsvp, details: Details | None) -> list[EventOption]:
    if details is None or details.digest is None:
        return [it for it in row.picks if not it.is_ticket]
    if details.digest != asked.digest:
        raise Conflict(
            _("The hosts have changed their questions just now: look at them once more.")
        )
    picked = [
        asked.option(id_of(details.given.get(one.id)))
        for one in asked.questions
        if one.kind == CHOICE
    ]
    return [it for it in picked if it is not None]


def _answers(asked: Asked, given: Mapping[UUID, Any]) -> list[list[str]]:
    """What was said to each question, with its words as they are now."""
    found = []
    for one in asked.questions:
        answer = given.get(one.id)
        if one.kind == CHOICE:
            option = next(
                (it for it in asked.choices.get(one.id, []) if it.id == id_of(answer)), None
            )
            answer = option.words if option else ""
        if one.is_required and not answer:
            raise RuleBroken(_("The hosts would like to know this."), field_of(one))
        if one.kind == CHECKBOX:
            answer = _("Yes") if answer else _("No")
        if answer:
            found.append([str(one.id), one.words, str(answer)])
    return found


def _refuse_full(event: Event, row: Rsvp, option: EventOption, people: int) -> None:
    """A ticket kind that is full is waited for, but not by those who hold another; a choice that
    is full is not picked.
    """
    free = option.free
    if free is None or people <= free or (option.is_ticket and not row.holds_seats):
        return
    where = (
        "ticket"
        if option.is_ticket
        else f"said_{option.question_id.hex}"
        if option.question_id
        else None
    )
    if not free:
        raise RuleBroken(
            _("“%(option)s” is full: choose something else.", option=option.words), where
        )
    words = {"option": option.words}
    few = ngettext(
        "“%(option)s” has only %(num)s place left: choose something else, or come as fewer.",
        "“%(option)s” has only %(num)s places left: choose something else, or come as fewer.",
        free,
        **words,
    )
    raise RuleBroken(few, where)
