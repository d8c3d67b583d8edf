"""What people said about events, and the pictures and files that they brought."""

import random
from datetime import timedelta

import sqlalchemy as sa

from ...accounts.models import User
from ...conversation import following, replies
from ...conversation.models import Reply, Thread
from ...core import clock
from ...core.extensions import db
from ...event_files import uploads
from ...event_files.models import BY_PEOPLE, FOR_ALL, FOR_PEOPLE, EventFile
from ...events import comments
from ...events.models import GOING, Event, Rsvp
from ...notifications.models import Notification
from . import past, people
from .conversations import tell_all, written
from .gatherings import Events
from .people import Cast
from .portraits import landscape
from .talk import Said

#: Nobody's demo fills a disk.
ROOM = uploads.UploadAllowance(50_000_000, 50_000_000)


#: by the event's key; "" is a host
TALKS = {
    "seeds": (
        Said(
            people.MEMBER,
            "I have far too many tomato seedlings: **Black Krim** and Gardener’s Delight. Shall I "
            "bring them?",
        ),
        Said("", "Yes, please. The low table by the shed is for plants."),
        Said(
            "Hana Ngata", "Is there shade for those of us who burn?", before="Is there any shade?"
        ),
    ),
    "paddle": (
        Said(
            "", "The list of what to pack is under “Pictures and files”. Dry bags are in the shed."
        ),
        Said(people.MEMBER, "Has anybody a spare spray deck?"),
    ),
    "ride": (Said("", "Lights, please: the first half hour is dark."),),
}
PICTURES = {"flax": 6, "ride": 2, "paddle": 1}
WORDS = ("The south bank, before", "The first row stands", "Everybody, nearly", "Tea")
NOTES = {
    "paddle": (
        "What to pack.txt",
        "Two dry bags, a warm layer, a hat, a cup, rope, and the key to the trailer.\n",
    ),
    "ride": ("The way.csv", "km;where\n0;Kisumu, the clock tower\n11;Dunga beach\n24;back\n"),
    "flax": ("How we planted.md", "# How we planted\n\nA metre apart, in threes, roots wet.\n"),
}


def create(cast: Cast, events: Events, chance: random.Random) -> None:
    """They are there as if people had brought them in the last days."""
    for key, said in TALKS.items():
        talk_in(comments.begun(events[key]), events[key].owner, said, cast)
    for key, number in PICTURES.items():
        _keep(events[key], number, NOTES[key], chance)


def talk_in(thread: Thread, host: User, said: tuple[Said, ...], cast: Cast) -> None:
    """This was said in the thread over the last days, by the host where nobody is named."""
    for one in said:
        by = cast[one.by] if one.by else host
        reply = replies.add(thread, by, one.before or one.words)
        if one.before:
            replies.edit(reply, by, 1, one.words)
    tell_all()
    since = clock.now() - timedelta(days=3)
    moments = past.spread(since, clock.now() - timedelta(hours=2), len(said))
    rows = db.session.scalars(
        sa.select(Reply).where(Reply.thread_id == thread.id).order_by(Reply.number)
    ).all()
    for reply, moment in zip(rows, moments, strict=True):
        written(reply, moment)
    thread.created_at, thread.last_at = since, moments[-1]
    lines = sa.update(Notification).where(Notification.scope == following.scope_of(thread.id))
    db.session.execute(lines.values(created_at=moments[-1]))


def _keep(event: Event, number: int, note: tuple[str, str], chance: random.Random) -> None:
    """The host's, and one of somebody who came."""
    event.files_by, event.files_for = BY_PEOPLE, FOR_ALL if event.group is None else FOR_PEOPLE
    taken = [uploads.take(landscape(chance), f"IMG_{4100 + place}.png") for place in range(number)]
    taken.append(uploads.take(note[1].encode(), note[0]))
    uploads.bring(event, event.owner, taken, ROOM)
    coming = (
        sa.select(User)
        .join(Rsvp, Rsvp.user_id == User.id)
        .where(Rsvp.event_id == event.id, Rsvp.state == GOING)
    )
    for person in db.session.scalars(coming.order_by(Rsvp.id).limit(1)).all():
        uploads.bring(event, person, [uploads.take(landscape(chance), "table.png")], ROOM)
    rows = db.session.scalars(
        sa.select(EventFile).where(EventFile.event_id == event.id).order_by(EventFile.id)
    ).all()
    moments = past.spread(
        clock.now() - timedelta(days=2), clock.now() - timedelta(hours=1), len(rows)
    )
    for file, moment, caption in zip(rows, moments, [*WORDS, *[""] * len(rows)], strict=False):
        file.created_at = moment
        if file.is_picture:
            file.caption, file.alt = caption, f"{caption}: hills, and a low sun." if caption else ""
    db.session.flush()
