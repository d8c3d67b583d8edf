"""One row of each table, made by the application's rules: all rows of a community are copies of it,
and the other modules only say what is different.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import current_app

from webapp.accounts import sign_ins
from webapp.agenda import rooms, sessions, speakers, tracks
from webapp.attendance import rsvps
from webapp.conversation import threads
from webapp.core.extensions import db
from webapp.core.time import time_zones
from webapp.events import change_notices, notices, planning
from webapp.groups import categories
from webapp.ops.demo import pictures, world
from webapp.volunteering import tasks

from . import agendas, events, groups, people, talk

Prototype = dict[str, str | None]
ZONE = "Europe/Lisbon"


def made(tables: set[str], base: datetime) -> dict[str, Prototype]:
    """Return one row of each of these tables, by column, as text that both databases read.

    Nothing is left in the database; the file of a picture is unreferenced.
    """
    _community(base)
    rows = {name: _first(name) for name in tables}
    db.session.rollback()
    return rows


def _community(base: datetime) -> None:
    """Let two people do everything of which there are many rows, as long ago as those are."""
    with world.at(base - timedelta(days=400)):
        known = {"password_hash": people.password_hash(), "zone": "UTC", "terms_version": "1"}
        owner, member = (world.person(name, "Almeida", **known) for name in ("Ana", "Ben"))
    sign_ins.create_for(owner, current_app.config, device="Bench", kept=True)
    with world.at(base - timedelta(days=380)):
        group = world.group(
            owner, member, name="Walkers", description=groups.DESCRIPTION, zone=ZONE
        )
        categories.add("Outdoors", by=owner)
    with world.at(base - timedelta(days=730)):
        event = world.event(
            owner,
            group,
            time_zones.wall(events.starts_at(events.VILLAGE, base), ZONE),
            title="A walk",
            summary=events.SUMMARY,
            description=events.DESCRIPTION,
            capacity=1,
            max_plus_ones=2,
        )
        planning.publish(event, by=owner)
        rsvps.answer(event, by=owner)
    with world.at(base - timedelta(days=729)):
        rsvps.answer(event, by=member)
    with world.at(base - timedelta(days=60)):
        thread = threads.start(group, owner, "The gate", talk.WORDS)
        world.reply(thread, member, talk.WORDS)
    with world.at(base - timedelta(days=5)):
        vote = world.vote(group, owner, "When shall we meet?", ["Saturday", "Sunday"])
        world.ballot(vote, member, "1")
    _at_event(event, owner, member, base)


def _at_event(event: Any, owner: Any, member: Any, base: datetime) -> None:
    """Add an agenda, a task, a picture, and a notification of a change."""
    span = {"starts": event.starts_wall, "ends": event.ends_wall}
    with world.at(base - timedelta(days=60)):
        rooms.add(event, by=owner, name="Room", capacity=40)
        tracks.add(event, by=owner, name="Track", color=agendas.COLORS[0])
        speakers.add(event, by=owner, name="Speaker")
        sessions.add(event, sessions.SessionInput("A talk", **span, capacity=20), by=owner)
    with world.at(base - timedelta(days=9)):
        tasks.add(event, by=owner, title="Carry benches")
    [file] = world.files(event, owner, {"IMG.png": pictures.landscape(Random(1))})
    file.caption = "By the fountain"
    change = change_notices.schedule_of(event) | {"venue": "Mill"}
    notices.moved(event, [member], event.id, change)


def _first(name: str) -> Prototype:
    """Return the last row of the table."""
    columns = db.metadata.tables[name].columns.keys()
    asked = ", ".join(f'CAST("{column}" AS TEXT) AS "{column}"' for column in columns)
    order = " ORDER BY id DESC" if "id" in columns else ""
    query = sa.text(f'SELECT {asked} FROM "{name}"{order} LIMIT 1')
    return dict(db.session.execute(query).mappings().one())
