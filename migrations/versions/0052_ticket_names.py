"""Two ticket types of an event never share a name

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

INDEX = "ix_event_option_ticket_words"
LONGEST = 100


def upgrade() -> None:
    """The second of a name gets a number, then the database refuses another."""
    _number_duplicates()
    tickets = sa.text("question_id IS NULL")
    only = {"sqlite_where": tickets, "postgresql_where": tickets}
    op.create_index(INDEX, "event_option", ["event_id", "words"], unique=True, **only)


def downgrade() -> None:
    """The names stay as they are."""
    op.drop_index(INDEX, "event_option")


def _number_duplicates() -> None:
    columns = [sa.column(name) for name in ("id", "event_id", "question_id", "place", "words")]
    option = sa.table("event_option", *columns)
    tickets = sa.select(option.c.id, option.c.event_id, option.c.words)
    tickets = tickets.where(option.c.question_id.is_(None)).order_by(option.c.place, option.c.id)
    connection = op.get_bind()
    rows = connection.execute(tickets).all()
    used = {(row.event_id, row.words) for row in rows}
    seen = set()
    for row in rows:
        if (row.event_id, row.words) not in seen:
            seen.add((row.event_id, row.words))
            continue
        number = 2
        while (row.event_id, name := _numbered(row.words, number)) in used:
            number += 1
        used.add((row.event_id, name))
        connection.execute(sa.update(option).where(option.c.id == row.id).values(words=name))


def _numbered(words: str, number: int) -> str:
    end = f" ({number})"
    return words[: LONGEST - len(end)] + end
