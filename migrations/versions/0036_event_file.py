"""Pictures and files that people bring to an event

Revision ID: 0036
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0038"
branch_labels = None
depends_on = None

CHOICES = {"files_by": ("hosts", "people"), "files_for": ("people", "all")}
COUNTS = ("picture_count", "file_count")


def upgrade() -> None:
    """Columns of `event` one by one: SQLite would lose its triggers if the table were made anew; those with a check in SQL,
    for SQLite adds it with the column at once only so."""
    for name, values in CHOICES.items():
        check = f"CONSTRAINT ck_event_{name} CHECK ({name} IN {values})"
        op.execute(f"ALTER TABLE event ADD COLUMN {name} VARCHAR(10) DEFAULT '{values[0]}' NOT NULL {check}")
    for name in COUNTS:
        op.add_column("event", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "event_file",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("stored", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), server_default="0", nullable=False),
        sa.Column("height", sa.Integer(), server_default="0", nullable=False),
        sa.Column("caption", sa.String(300), server_default="", nullable=False),
        sa.Column("alt", sa.String(300), server_default="", nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(picture IS NULL) <> (stored IS NULL)", name=op.f("ck_event_file_bytes")),
        sa.CheckConstraint("(kind = 'picture') = (picture IS NOT NULL)", name=op.f("ck_event_file_kind")),
        sa.CheckConstraint("size > 0", name=op.f("ck_event_file_size")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_file_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_event_file_by_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_file")),
        sa.UniqueConstraint("event_id", "digest", name=op.f("uq_event_file_event_id_digest")),
    )
    op.create_index(op.f("ix_event_file_by_id"), "event_file", ["by_id"])
    op.create_index("ix_event_file_kind", "event_file", ["event_id", "kind", "created_at", "id"])


def downgrade() -> None:
    """Nothing is known of them any more; a sweep deletes what lies in the files."""
    op.drop_table("event_file")
    for name in (*CHOICES, *COUNTS):
        op.drop_column("event", name)
