"""Conditions that hold in every community, whoever wrote it: counters match the rows that they
count, and no reference points to a missing row.
"""

import sqlalchemy as sa

from webapp.core.extensions import db

from .sizes import Size

GOING = (
    "SELECT coalesce(sum(party), 0) FROM rsvp WHERE event_id = t.id AND state IN ('going', "
    "'offered')"
)
WAITING = "SELECT count(*) FROM rsvp WHERE event_id = t.id AND state = 'waiting'"
FILES = "SELECT count(*) FROM event_file WHERE event_id = t.id AND hidden_at IS NULL"
#: table and counter -> the query for its true value
COUNTERS = {
    ("event", "seats_taken"): GOING,
    ("event", "waiting_count"): WAITING,
    ("event", "picture_count"): FILES + " AND kind = 'picture'",
    ("event", "file_count"): FILES + " AND kind <> 'picture'",
    ("agenda_session", "seats_taken"): GOING.replace("rsvp", "session_booking").replace(
        "event_id", "session_id"
    ),
    ("agenda_session", "waiting_count"): WAITING.replace("rsvp", "session_booking").replace(
        "event_id", "session_id"
    ),
    ("group", "member_count"): "SELECT count(*) FROM membership WHERE group_id = t.id",
    (
        "thread",
        "reply_count",
    ): "SELECT count(*) FROM reply WHERE thread_id = t.id AND number > 0 AND removed_by IS NULL",
    ("reply", "picture_count"): "SELECT count(*) FROM reply_picture WHERE reply_id = t.id",
    ("vote", "roll_count"): "SELECT count(*) FROM voter WHERE vote_id = t.id",
    ("vote", "ballot_count"): (  # for secret votes the count of the last mix is kept
        "CASE WHEN t.is_secret THEN t.ballot_count ELSE (SELECT count(*) FROM ballot WHERE "
        "vote_id = t.id) END"
    ),
    ("vote", "left_count"): (  # of secret votes counted at closing
        "CASE WHEN t.is_secret THEN t.left_count ELSE (SELECT count(*) FROM voter v WHERE "
        "v.vote_id = t.id AND v.left_by_choice AND NOT EXISTS (SELECT 1 FROM ballot b WHERE "
        "b.vote_id = t.id AND b.user_id = v.user_id)) END"
    ),
}
#: queries that must find nothing
NEVER = {
    # Lowering the capacity removes nobody, and the old capacity isn't kept, so check only events
    # that nobody has edited.
    "an event with more people than seats": (
        "SELECT 1 FROM event WHERE seats_taken > capacity AND version = 1"
    ),
    "a queue whose last place is not known": (
        "SELECT 1 FROM event t WHERE last_position <"
        " (SELECT coalesce(max(position), 0) FROM rsvp WHERE event_id = t.id)"
    ),
    "a ballot of someone who is not on the roll": (
        "SELECT 1 FROM ballot b WHERE NOT EXISTS (SELECT 1 FROM voter v WHERE v.vote_id = "
        "b.vote_id AND v.user_id = b.user_id)"
    ),
    "an event of a closed group that others may find": (
        'SELECT 1 FROM event JOIN "group" g ON g.id = event.group_id WHERE g.visibility = '
        "'closed' AND audience <> 'group'"
    ),
}


def problems(connection: sa.Connection) -> list[str]:
    """Return a sentence for each condition that is broken in this database."""
    found = [
        f"{table}.{name} has no entry in COUNTERS"
        for table, name in sorted(_counters() - set(COUNTERS))
    ]
    for (table, name), counted in COUNTERS.items():
        wrong = connection.scalar(
            sa.text(f'SELECT count(*) FROM "{table}" t WHERE t.{name} <> ({counted})')
        )
        if wrong:
            found.append(f"{wrong} rows whose {table}.{name} is not what it counts")
    found += [
        what
        for what, statement in NEVER.items()
        if connection.scalar(sa.text(f"{statement} LIMIT 1"))
    ]
    return found + _lost(connection)


def wrong_numbers(connection: sa.Connection, size: Size) -> list[str]:
    """Return a sentence for each table that doesn't have the number of rows of this size."""
    wanted = {
        "user": size.people,
        "group": size.groups,
        "event": size.events,
        "rsvp": size.answers,
        "sign_in": size.drivers,
    }
    counts = {
        table: connection.scalar(sa.text(f'SELECT count(*) FROM "{table}"')) for table in wanted
    }
    return [
        f"{counts[table]} rows in {table}, not {number}"
        for table, number in wanted.items()
        if counts[table] != number
    ]


def _counters() -> set[tuple[str, str]]:
    """Return every column of the models that counts rows of another table."""
    tables = db.metadata.tables.values()
    named = {
        (table.name, column.name)
        for table in tables
        for column in table.columns
        if column.name.endswith("_count")
    }
    return named | {("event", "seats_taken")}


def _lost(connection: sa.Connection) -> list[str]:
    found = []
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                there, named = key.column.table.name, key.column.name
                lost = (
                    f'SELECT 1 FROM "{table.name}" a LEFT JOIN "{there}" b ON b.{named} = '
                    f"a.{column.name}"
                )
                if connection.scalar(
                    sa.text(
                        f"{lost} WHERE a.{column.name} IS NOT NULL AND b.{named} IS NULL LIMIT 1"
                    )
                ):
                    found.append(f"{table.name}.{column.name} points to nowhere")
    return found
