"""Everything that can be written for an event and for a group, with a row in each of their
tables.
"""

from typing import Any

from webapp.agenda.models import AgendaSession, Room, Speaker, Track
from webapp.conversation import replies
from webapp.core.extensions import db
from webapp.core.time import clock
from webapp.events import change_notices
from webapp.events.comments import EventContainer
from webapp.events.models import (
    GOING,
    REFUSED,
    EventNotice,
    EventOption,
    EventQuestion,
    EventSlug,
    Rsvp,
    WaitlistStep,
)
from webapp.groups.models import GroupSlug, JoinQuestion
from webapp.news.models import NewsSource
from webapp.volunteering.models import EventShift, EventTask


def planned(event: Any, host: Any, ben: Any, dan: Any) -> None:
    """Write all that hosts write for an event, what people answer and say there, and the hosts'
    replies.
    """
    ends = {
        name: getattr(event, name) for name in ("starts_wall", "ends_wall", "starts_at", "ends_at")
    }
    barn = {"event_id": event.id, "name": "The barn"}
    hours = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    said = {"event_id": event.id, "by_id": host.id}
    question = EventQuestion(event_id=event.id, text="Why?", kind="choice", position=1)
    db.session.add_all(
        [
            *(
                Room(**barn, position=1),
                Track(**barn, color="loch"),
                EventSlug(event_id=event.id, slug=f"old-{event.slug}"),
            ),
            AgendaSession(
                event_id=event.id,
                title="Sowing",
                **ends,
                cancelled_at=clock.now(),
                cancelled_reason="Rain",
            ),
            Speaker(
                event_id=event.id,
                user_id=ben.id,
                name="Ben",
                bio="Sows",
                links=["https://x.example"],
            ),
            *(
                EventTask(event_id=event.id, title="Cups", position=1),
                EventShift(event_id=event.id, title="Door", **hours),
            ),
            *(
                question,
                WaitlistStep(
                    event_id=event.id, number=9, user_id=ben.id, step="joined", party=1, full="Soup"
                ),
            ),
            EventNotice(
                **said,
                kind="changed",
                words={"before": change_notices.schedule_of(event) | {"venue": "Mill"}},
            ),
            EventNotice(**said, kind="message", subject="S", body="B"),
        ]
    )
    db.session.flush()
    db.session.add_all(
        [
            EventOption(event_id=event.id, question_id=question.id, label="Leek", position=1),
            EventOption(event_id=event.id, label="Friends", position=2, price="free"),
        ]
    )
    event.has_volunteering, event.has_registration_form, event.agenda_published_at = (
        True,
        True,
        clock.now(),
    )
    if event.is_draft:
        return
    answered = Rsvp(event_id=event.id, user_id=ben.id, state=GOING, answers=[["1", "Why?", "So"]])
    refused = Rsvp(event_id=event.id, user_id=dan.id, state=REFUSED, decline_message="Too late")
    db.session.add_all([answered, refused])
    event.seats_taken = 1
    talk = EventContainer(event).begin()
    replies.add(talk, ben, "Who brings a cup?")
    replies.add(talk, host, "I do")


def led(group: Any) -> None:
    """Write what owners write for their group."""
    question = JoinQuestion(
        group_id=group.id, text="Why?", kind="choice", options=["So"], position=1
    )
    source = NewsSource(group_id=group.id, url="https://weir.example.org/feed")
    db.session.add_all([question, source, GroupSlug(group_id=group.id, slug="ours-before")])
