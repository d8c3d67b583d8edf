"""What a person takes along of their events: those they made, and how they answered."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core import attachments, pictures
from ..core.exports import Part, Parts, about
from ..core.extensions import db
from ..groups.models import Category, Group
from . import feedback
from .models import (
    AgendaSession,
    CalendarFeed,
    DoorStep,
    Event,
    EventFile,
    EventHost,
    EventInvitation,
    EventNews,
    EventShift,
    EventTask,
    Feedback,
    HostInvitation,
    HostMessage,
    QueueStep,
    Rsvp,
    ShiftClaim,
    Visit,
)

INSIDE = {
    "id": "names nothing outside of this site",
    "user_id": "the person themselves",
    "event_id": "its title stands in its place",
}
NO_GUEST = {"guest_id": "of those who have no account"}
EVENT = {
    "event": about(Event, "event_id", "title"),
    "starts_at": about(Event, "event_id", "starts_at"),
}


def add(user: User, parts: Parts) -> None:
    """Their own events in full; of others' the title, and what they themselves answered, wrote
    and waited.
    """
    parts.add(
        _own_events(user),
        *_hosting(user),
        *_answers(user),
        *_door(user),
        _feedback(user),
        _calendars(user),
        *_news(user),
    )
    parts.add(*_help(user), _files(user))
    _take_files(user, parts)
    shown = sa.select(Event.slug, Event.picture).where(
        Event.owner_id == user.id, Event.picture.is_not(None)
    )
    for slug, picture in db.session.execute(shown):
        assert picture is not None
        parts.add_file(
            pictures.name_of(pictures.COVER, picture, max(pictures.COVER.widths)),
            f"events/{slug}.webp",
        )


def _files(user: User) -> Part:
    left_out = {
        **INSIDE,
        "by_id": "the person themselves",
        "picture": "goes along as a file",
        "stored": "goes along as a file",
        "digest": "stands for the file",
    }
    del left_out["user_id"]
    written = (
        "name",
        "kind",
        "size",
        "width",
        "height",
        "caption",
        "alt",
        "created_at",
        "hidden_at",
    )
    return Part(
        "files-brought-to-events", EventFile, EventFile.by_id == user.id, written, left_out, EVENT
    )


def _take_files(user: User, parts: Parts) -> None:
    for file in db.session.scalars(
        sa.select(EventFile).where(EventFile.by_id == user.id).order_by(EventFile.id)
    ):
        called = f"events/{file.event.slug}/{file.id.hex[-8:]}-{file.name}"
        if file.stored is not None:
            parts.add_file(attachments.name_of(file.stored), called)
        elif file.picture is not None:
            parts.add_file(
                pictures.name_of(pictures.PHOTO, file.picture, max(pictures.PHOTO.widths)), called
            )


def _calendars(user: User) -> Part:
    left_out = {
        "id": "part of a secret address",
        "user_id": "the person themselves",
        "group_id": "its name stands in its place",
    }
    left_out |= {
        "nonce": "part of a secret address",
        "digest": "stands for what was read",
        "changed_at": "when that changed",
    }
    mine = CalendarFeed.user_id == user.id
    return Part(
        "calendars",
        CalendarFeed,
        mine,
        ("created_at", "read_on"),
        left_out,
        {"group": about(Group, "group_id", "name")},
    )


def _own_events(user: User) -> Part:
    return Part(
        "events",
        Event,
        Event.owner_id == user.id,
        columns=(
            *(
                "slug",
                "title",
                "summary",
                "description",
                "place",
                "directions",
                "online_url",
                "zone",
            ),
            *("starts_wall", "ends_wall", "is_all_day"),
            *(
                "starts_at",
                "ends_at",
                "answers_until",
                "audience",
                "capacity",
                "companions",
                "promotion",
                "shows_people",
            ),
            *(
                "takes_guests",
                "approval",
                "feedback",
                "files_by",
                "files_for",
                "state",
                "created_at",
                "published_at",
            ),
            *("cancelled_reason", "locked_at", "hidden_at", "deleted_at"),
        ),
        left_out={
            "id": "names nothing outside of this site",
            "owner_id": "the person themselves",
            "group_id": "its name stands in its place",
            "category_id": "its name stands in its place",
            "picture": "goes along as a file",
            "thread_id": "what the person wrote there goes along with their replies",
            **dict.fromkeys(
                ("seats_taken", "waiting_count", "last_place", "counted_on"), "counts other people"
            ),
            **dict.fromkeys(("picture_count", "file_count"), "counts what others brought, too"),
            "search_text": "made of the other columns",
            "agenda_at": "when its agenda was shown",
            "has_help": "whether there are tasks and shifts",
            "asks": "whether there are questions and ticket kinds",
            "version": "counts changes",
            "timed_at": "counts changes",
            "changed_at": "when it last changed, for calendar programs",
        },
        more={
            "group": about(Group, "group_id", "name"),
            "topic": about(Category, "category_id", "name"),
        },
    )


def _hosting(user: User) -> tuple[Part, ...]:
    others = {"by_id": "another person", "user_id": "another person"}
    asked, asks = HostInvitation.user_id == user.id, HostInvitation.by_id == user.id
    moments = ("created_at", "expires_at")
    return (
        Part(
            "events-that-i-run",
            EventHost,
            EventHost.user_id == user.id,
            ("created_at",),
            INSIDE,
            EVENT,
        ),
        Part(
            "events-that-i-am-asked-to-run",
            HostInvitation,
            asked,
            moments,
            {**others, **INSIDE},
            EVENT,
        ),
        Part(
            "whom-i-asked-to-run-events", HostInvitation, asks, moments, {**INSIDE, **others}, EVENT
        ),
    )


def _answers(user: User) -> tuple[Part, ...]:
    return (
        Part(
            "answers",
            Rsvp,
            Rsvp.user_id == user.id,
            columns=(
                *(
                    "state",
                    "party",
                    "is_anonymous",
                    "answered_at",
                    "created_at",
                    "offered_until",
                    "has_let_go",
                    "withdrawals",
                ),
                *("more", "answers", "by_host", "refusal"),
            ),
            left_out={
                **INSIDE,
                **NO_GUEST,
                "place": "says how many others waited",
                "ticket": "part of the id",
            },
            more={**EVENT, "picked": lambda row: [option.words for option in row.picks]},
        ),
        Part(
            "waiting-lists",
            QueueStep,
            QueueStep.user_id == user.id,
            columns=("step", "party", "full", "created_at"),
            left_out={
                **(INSIDE | NO_GUEST),
                "session_id": "its title stands in its place",
                "number": "counts the steps of others",
                "seats_free": "what others left free",
            },
            more={**EVENT, "session": about(AgendaSession, "session_id", "title")},
        ),
        Part(
            "messages-to-hosts",
            HostMessage,
            HostMessage.user_id == user.id,
            ("body", "created_at"),
            INSIDE | NO_GUEST,
            EVENT,
        ),
    )


def _door(user: User) -> tuple[Part, ...]:
    """When they came, and whom they let in as a host."""
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
        ("came", "inside", "first_at", "last_at"),
    )
    return (
        Part("visits", Visit, Visit.rsvp_id.in_(answers), moments, hidden, EVENT),
        Part("at-the-door", DoorStep, DoorStep.rsvp_id.in_(answers), columns, moved, EVENT),
        Part("noted-at-the-door", DoorStep, DoorStep.by_id == user.id, columns, noted, EVENT),
    )


def _feedback(user: User) -> Part:
    """What they said of events; without a name only as long as they can change it: then nobody
    knows whose it was.
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
    return Part("feedback", Feedback, feedback.is_of(user), ("stars", "comment"), left_out, EVENT)


def _news(user: User) -> tuple[Part, ...]:
    written = (
        "kind",
        "subject",
        "body",
        "is_answered",
        "total",
        "created_at",
        "begun_at",
        "ended_at",
    )
    sending = dict.fromkeys(
        ("words", "starts_at", "due_at", "after", "told"), "how the sending went"
    )
    invited = ("created_at", "sent_at")
    hidden = {
        **INSIDE,
        "news_id": "names nothing outside of this site",
        "by_id": "the person themselves, or whoever invited them",
        "address_hash": "stands for the address, and nobody can read it",
        "letter_id": "how the sending went",
    }
    made, mine = (
        EventInvitation.by_id == user.id,
        sa.or_(EventInvitation.user_id == user.id, EventInvitation.email == user.email),
    )
    by = {**INSIDE, "by_id": "the person themselves", **sending}
    del by["user_id"]
    return (
        Part("written-about-events", EventNews, EventNews.by_id == user.id, written, by, EVENT),
        Part(
            "invitations-to-events-made", EventInvitation, made, (*invited, "email"), hidden, EVENT
        ),
        Part("invitations-to-events", EventInvitation, mine, (*invited, "email"), hidden, EVENT),
    )


def _help(user: User) -> tuple[Part, ...]:
    sorting = {
        "place": "its order among the tasks of others",
        "version": "counts changes",
        "assignee_id": "the person themselves",
    }
    of_shift = ("shift_id", "title"), ("shift_id", "starts_at"), ("shift_id", "ends_at")
    shift = {name: about(EventShift, column, name) for column, name in of_shift}
    inside = {"id": INSIDE["id"], "event_id": INSIDE["event_id"]}
    return (
        Part(
            "tasks",
            EventTask,
            EventTask.assignee_id == user.id,
            ("title", "description", "state", "due_at", "done_at", "reminded_at", "created_at"),
            {**inside, **sorting},
            EVENT,
        ),
        Part(
            "shifts",
            ShiftClaim,
            ShiftClaim.user_id == user.id,
            ("created_at", "reminded_at"),
            {
                "id": INSIDE["id"],
                "user_id": INSIDE["user_id"],
                "shift_id": "its title and hours stand in its place",
            },
            shift,
        ),
    )
