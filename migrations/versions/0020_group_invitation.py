"""Invitations into groups

Revision ID: 0020
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """People are invited into groups, by mail and by link."""
    _mailing()
    _invitation()
    _use_and_arrival()
    op.create_table(
        "refused_address",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_address")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_refused_address_address_hash")),
    )


def _mailing() -> None:
    op.create_table(
        "invitation_mailing",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_invitation_mailing_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_invitation_mailing_by_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_mailing")),
    )
    op.create_index("ix_invitation_mailing_group_id_created_at", "invitation_mailing", ["group_id", "created_at"])
    op.create_index(op.f("ix_invitation_mailing_by_id"), "invitation_mailing", ["by_id"])


def _invitation() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "group_invitation",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("expires_at", moment, nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("paused_at", moment, nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("role IN ('organizer', 'moderator', 'member')", name=op.f("ck_group_invitation_role")),
        sa.CheckConstraint("ending IN ('', 'declined', 'withdrawn', 'closed', 'idle')", name=op.f("ck_group_invitation_ending")),
        sa.CheckConstraint("(ending = '') = (ended_at IS NULL)", name=op.f("ck_group_invitation_ended")),
        sa.CheckConstraint("uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)", name=op.f("ck_group_invitation_uses")),
        sa.CheckConstraint("address_hash IS NULL OR max_uses = 1", name=op.f("ck_group_invitation_mail_is_for_one")),
        sa.CheckConstraint(
            "email IS NULL OR (address_hash IS NOT NULL AND email = lower(email))", name=op.f("ck_group_invitation_email")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_group_invitation_group_id_group"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_group_invitation_by_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_group_invitation_letter_id_letter"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invitation")),
        sa.UniqueConstraint("group_id", "address_hash", name=op.f("uq_group_invitation_group_id_address_hash")),
    )
    op.create_index("ix_group_invitation_group_id_created_at", "group_invitation", ["group_id", "created_at"])
    for column in ("by_id", "email", "letter_id"):
        op.create_index(op.f(f"ix_group_invitation_{column}"), "group_invitation", [column])


def _use_and_arrival() -> None:
    for name, more in (("invitation_use", []), ("invitation_arrival", [sa.Column("user_nonce", sa.String(24), nullable=False)])):
        unique = ["invitation_id", "user_id"] if name == "invitation_use" else ["user_id"]
        op.create_table(
            name,
            sa.Column("invitation_id", sa.Uuid(), nullable=False),
            sa.Column("user_id", sa.Uuid(), nullable=False),
            *more,
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["invitation_id"],
                ["group_invitation.id"],
                name=op.f(f"fk_{name}_invitation_id_group_invitation"),
                ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f(f"fk_{name}_user_id_user"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
            sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
        )
    op.create_index(op.f("ix_invitation_use_user_id"), "invitation_use", ["user_id"])
    op.create_index(op.f("ix_invitation_arrival_invitation_id"), "invitation_arrival", ["invitation_id"])


def downgrade() -> None:
    """Nobody is invited; who refused for good is forgotten."""
    for name in ("invitation_arrival", "invitation_use", "group_invitation", "invitation_mailing", "refused_address"):
        op.drop_table(name)
