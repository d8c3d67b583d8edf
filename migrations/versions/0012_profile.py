"""Pages of people, and pictures

Revision ID: 0012
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0018"
branch_labels = None
depends_on = None

SHOWN_TO = "CONSTRAINT ck_user_shown_to CHECK (shown_to IN ('everyone', 'groups', 'nobody'))"


def upgrade() -> None:
    """People have a page, people and groups a picture. The column of `user` in SQL: SQLite adds one with its check at once only so."""
    op.execute(f"ALTER TABLE \"user\" ADD COLUMN shown_to VARCHAR(10) DEFAULT 'groups' NOT NULL {SHOWN_TO}")
    op.add_column("user", sa.Column("picture", sa.Uuid(), nullable=True))
    op.add_column("group", sa.Column("picture", sa.Uuid(), nullable=True))
    op.create_table(
        "former_handle",
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_former_handle_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_handle")),
        sa.UniqueConstraint("handle", name=op.f("uq_former_handle_handle")),
    )
    op.create_index(op.f("ix_former_handle_user_id"), "former_handle", ["user_id"], unique=False)
    op.create_table(
        "profile",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("shows_groups", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_profile_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("user_id", name=op.f("uq_profile_user_id")),
    )
    op.create_table(
        "interest",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_interest_category_id_category"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["profile.user_id"], name=op.f("fk_interest_user_id_profile"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "category_id", name=op.f("pk_interest")),
    )
    op.create_index(op.f("ix_interest_category_id"), "interest", ["category_id"], unique=False)


def downgrade() -> None:
    """Nobody has a page; the files of pictures stay where they lie."""
    op.drop_table("interest")
    op.drop_table("profile")
    op.drop_table("former_handle")
    op.drop_column("group", "picture")
    op.drop_column("user", "picture")
    op.drop_column("user", "shown_to")
