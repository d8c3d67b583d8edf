"""A person's data export: events they created or host, and what they wrote about them."""

import sqlalchemy as sa

from ..accounts.models import User
from ..core.exports import JsonFile, PersonalData, about
from ..core.extensions import db
from ..core.storage import pictures
from ..groups.models import Category, Group
from .models import CalendarFeed, Event, EventHost, EventInvitation, EventNotice, HostInvitation
from .models.event import HOST_TEXTS

INSIDE = {
    "id": "names nothing outside of this site",
    "user_id": "the person themselves",
    "event_id": "its title is given instead",
}
NO_GUEST = {"guest_id": "of those who have no account"}
EVENT = {
    "event": about(Event, "event_id", "title"),
    "starts_at": about(Event, "event_id", "starts_at"),
}


_OF_AN_EVENT = (
    "slug",
    "title",
    *HOST_TEXTS,
    "online_url",
    "zone",
    "starts_wall",
    "ends_wall",
    "is_all_day",
    "starts_at",
    "ends_at",
    "rsvp_deadline",
    "cover",
    "audience",
    "capacity",
    "max_plus_ones",
    "promotion",
    "shows_attendees",
    "allows_guests",
    "requires_approval",
    "feedback",
    "file_uploaders",
    "file_viewers",
    "state",
    "created_at",
    "published_at",
    "cancelled_reason",
    "locked_at",
    "hidden_at",
    "deleted_at",
)


_LEFT_OUT_OF_AN_EVENT = {
    "id": "names nothing outside of this site",
    "owner_id": "the person themselves",
    "group_id": "its name is given instead",
    "category_id": "its name is given instead",
    "picture": "goes along as a file",
    "thread_id": "what the person wrote there goes along with their replies",
    **dict.fromkeys(
        ("seats_taken", "waiting_count", "last_position", "counted_on"), "counts other people"
    ),
    **dict.fromkeys(("picture_count", "file_count"), "counts what others brought, too"),
    "search_text": "made of the other columns",
    "agenda_published_at": "when its agenda was shown",
    "has_volunteering": "whether there are tasks and shifts",
    "has_registration_form": "whether there are questions and ticket kinds",
    "version": "counts changes",
    "rescheduled_at": "counts changes",
    "changed_at": "when it last changed, for calendar programs",
}


def add(user: User, parts: PersonalData) -> None:
    """Add their own events in full; of others' events the title, and what they wrote themselves."""
    parts.add(_own_events(user), *_hosting(user), _calendars(user), *_notices(user))
    shown = sa.select(Event.slug, Event.picture).where(
        Event.owner_id == user.id, Event.picture.is_not(None)
    )
    for slug, picture in db.session.execute(shown):
        assert picture is not None
        parts.add_file(
            pictures.name_of(pictures.COVER, picture, max(pictures.COVER.widths)),
            f"events/{slug}.webp",
        )


def _calendars(user: User) -> JsonFile:
    left_out = {
        "id": "part of a secret address",
        "user_id": "the person themselves",
        "group_id": "its name is given instead",
    }
    left_out |= {
        "nonce": "part of a secret address",
        "digest": "stands for what was read",
        "changed_at": "when that changed",
    }
    mine = CalendarFeed.user_id == user.id
    return JsonFile(
        "calendars",
        CalendarFeed,
        mine,
        ("created_at", "read_on"),
        left_out,
        {"group": about(Group, "group_id", "name")},
    )


def _own_events(user: User) -> JsonFile:
    return JsonFile(
        "events",
        Event,
        Event.owner_id == user.id,
        columns=_OF_AN_EVENT,
        left_out=_LEFT_OUT_OF_AN_EVENT,
        more={
            "group": about(Group, "group_id", "name"),
            "topic": about(Category, "category_id", "name"),
        },
    )


def _hosting(user: User) -> tuple[JsonFile, ...]:
    others = {"by_id": "another person", "user_id": "another person"}
    received, sent = HostInvitation.user_id == user.id, HostInvitation.by_id == user.id
    moments = ("created_at", "expires_at")
    return (
        JsonFile(
            "events-that-i-run",
            EventHost,
            EventHost.user_id == user.id,
            ("created_at",),
            INSIDE,
            EVENT,
        ),
        JsonFile(
            "events-that-i-am-asked-to-run",
            HostInvitation,
            received,
            moments,
            {**others, **INSIDE},
            EVENT,
        ),
        JsonFile(
            "whom-i-asked-to-run-events", HostInvitation, sent, moments, {**INSIDE, **others}, EVENT
        ),
    )


def _notices(user: User) -> tuple[JsonFile, ...]:
    written = (
        "kind",
        "subject",
        "body",
        "replies_to_sender",
        "total",
        "created_at",
    )
    sending = dict.fromkeys(("words", "starts_at"), "how the sending went")
    invited = ("created_at", "sent_at")
    hidden = {
        **INSIDE,
        "news_id": "names nothing outside of this site",
        "by_id": "the person themselves, or the person who invited them",
        "address_hash": "stands for the address, and nobody can read it",
        "outgoing_email_id": "how the sending went",
    }
    made, mine = (
        EventInvitation.by_id == user.id,
        sa.or_(EventInvitation.user_id == user.id, EventInvitation.email == user.email),
    )
    by = {**INSIDE, "by_id": "the person themselves", **sending}
    del by["user_id"]
    return (
        JsonFile(
            "written-about-events", EventNotice, EventNotice.by_id == user.id, written, by, EVENT
        ),
        JsonFile(
            "invitations-to-events-made", EventInvitation, made, (*invited, "email"), hidden, EVENT
        ),
        JsonFile(
            "invitations-to-events", EventInvitation, mine, (*invited, "email"), hidden, EVENT
        ),
    )
