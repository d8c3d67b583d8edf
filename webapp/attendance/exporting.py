"""A person's data export: their answers to events."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData
from ..events.exporting import EVENT, INSIDE, NO_GUEST
from ..events.models import Rsvp, WaitlistStep
from . import feedback
from .models import Attendance, CheckInEvent, Feedback, HostMessage

_OF_AN_ANSWER = (
    "state",
    "party",
    "is_anonymous",
    "answered_at",
    "created_at",
    "offered_until",
    "declined_offer",
    "withdrawals",
    "seats_waiting",
    "answers",
    "by_host",
    "decline_message",
)


def add(user: User, parts: PersonalData) -> None:
    """Add their answers, waiting, attendance and feedback."""
    parts.add(*_answers(user), *_check_in(user), _feedback(user))


def _answers(user: User) -> tuple[JsonFile, ...]:
    return (
        JsonFile(
            "answers",
            Rsvp,
            Rsvp.user_id == user.id,
            columns=_OF_AN_ANSWER,
            left_out={
                **INSIDE,
                **NO_GUEST,
                "position": "says how many others waited",
                "ticket": "part of the id",
            },
            more={**EVENT, "picked": lambda row: [option.label for option in row.picks]},
        ),
        JsonFile(
            "waiting-lists",
            WaitlistStep,
            WaitlistStep.user_id == user.id,
            columns=("step", "party", "full", "created_at"),
            left_out={
                **(INSIDE | NO_GUEST),
                "session_id": "its title is given instead",
                "number": "counts the steps of others",
                "seats_free": "what others left free",
            },
            more={
                **EVENT,
                "session": lambda row: row.session.title if row.session is not None else None,
            },
        ),
        JsonFile(
            "messages-to-hosts",
            HostMessage,
            HostMessage.user_id == user.id,
            ("body", "created_at"),
            INSIDE | NO_GUEST,
            EVENT,
        ),
    )


def _check_in(user: User) -> tuple[JsonFile, ...]:
    """Export when they attended, and whom they checked in as a host."""
    answers = sa.select(Rsvp.id).where(Rsvp.user_id == user.id)
    hidden = {"event_id": INSIDE["event_id"], "rsvp_id": "their answer"}
    moved = {**hidden, "id": INSIDE["id"], "by_id": "another person"}
    noted = {
        **hidden,
        "id": INSIDE["id"],
        "by_id": "the person themselves",
        "rsvp_id": "another person's answer",
    }
    columns, moments = (
        ("is_in", "people", "created_at", "undone_at"),
        ("arrived", "inside", "first_at", "last_at"),
    )
    return (
        JsonFile("visits", Attendance, Attendance.rsvp_id.in_(answers), moments, hidden, EVENT),
        JsonFile(
            "at-the-door", CheckInEvent, CheckInEvent.rsvp_id.in_(answers), columns, moved, EVENT
        ),
        JsonFile(
            "noted-at-the-door", CheckInEvent, CheckInEvent.by_id == user.id, columns, noted, EVENT
        ),
    )


def _feedback(user: User) -> JsonFile:
    """Their feedback. Anonymous feedback only while they can change it: after that it has
    no owner.
    """
    left_out = {
        "id": INSIDE["id"],
        "user_id": INSIDE["user_id"],
        "event_id": INSIDE["event_id"],
        **NO_GUEST,
    }
    left_out |= {
        "tag": "stands for the person",
        "shown_stars": "what hosts have been told",
        "shown_comment": "the same",
    }
    return JsonFile(
        "feedback", Feedback, feedback.is_of(user), ("stars", "comment"), left_out, EVENT
    )
