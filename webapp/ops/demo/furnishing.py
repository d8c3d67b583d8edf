"""What some events have beside their words: a picture, a topic, a way there, and further hosts."""

import random

import sqlalchemy as sa

from ...core.extensions import db
from ...events import hosts, pictures
from ...groups.models import Category
from . import people, portraits
from .gatherings import Events
from .people import Cast

PICTURED = ("seeds", "paddle", "ride", "feijoada", "work-day")
TOPICS = {
    "ride": "Sport and outdoors",
    "feijoada": "Food and gardens",
    "reading": "Books and writing",
}
DIRECTIONS = {
    "seeds": (
        "Bus 16 to *Great Junction Street*, then the lane on the left. The ramp is at the side; "
        "ring the **lower** bell."
    ),
    "paddle": "The landing is signed from the highway. Park on the grass, not by the marae.",
}
#: Who runs an event with its host; and who is asked and has not answered.
HOSTS = {"seeds": "Isla Drummond", "paddle": "Sione Latu"}
ASKED = {"compost": people.MEMBER}


def create(cast: Cast, events: Events, chance: random.Random) -> None:
    """Some events have a picture, some a topic of their own, and a few are run by two."""
    topics = {topic.name: topic for topic in db.session.scalars(sa.select(Category))}
    for key in PICTURED:
        pictures.put(events[key], events[key].owner, portraits.landscape(chance))
    for key, name in TOPICS.items():
        events[key].category = topics.get(name)  # a site may have topics of its own
    for key, words in DIRECTIONS.items():
        events[key].directions = words
    for key, name in {**HOSTS, **ASKED}.items():
        asked = hosts.ask(events[key], cast[name].handle, by=events[key].owner)
        if asked is not None and key in HOSTS:
            hosts.accept(events[key], by=cast[name])
    db.session.flush()
