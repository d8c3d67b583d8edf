"""Events have a picture, a topic of their own and a way there; people are asked to run one

Revision ID: 0030
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0031"
branch_labels = None
depends_on = None

CATEGORY = "CONSTRAINT fk_event_category_id_category REFERENCES category (id)"


def upgrade() -> None:
    """Columns of `event` one by one: SQLite would lose its triggers if the table were made anew; the reference in SQL,
    for SQLite adds a column with it at once only so."""
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.add_column("event", sa.Column("picture", sa.Uuid(), nullable=True))
    op.add_column("event", sa.Column("directions", sa.Text(), server_default="", nullable=False))
    op.execute(f"ALTER TABLE event ADD COLUMN category_id {uuid} {CATEGORY}")
    op.create_index("ix_event_category_id", "event", ["category_id"])
    op.create_table(
        "host_invitation",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("by_id <> user_id", name=op.f("ck_host_invitation_another")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_host_invitation_by_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_host_invitation_event_id_event"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_host_invitation_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_invitation")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_host_invitation_event_id_user_id")),
    )
    for column in ("by_id", "expires_at", "user_id"):
        op.create_index(op.f(f"ix_host_invitation_{column}"), "host_invitation", [column])


def downgrade() -> None:
    """Nobody is asked, and events look as they are drawn; the files of pictures stay where they lie."""
    op.drop_table("host_invitation")
    op.drop_index("ix_event_category_id", "event")
    for column in ("category_id", "directions", "picture"):
        op.drop_column("event", column)
