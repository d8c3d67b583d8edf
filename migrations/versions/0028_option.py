"""Ticket kinds, questions with choices, approval by hosts, and parties of which some come and some wait"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0032"
branch_labels = None
depends_on = None

STATES = ("going", "maybe", "not_going", "waiting", "offered")
QUEUED = "state IN ('waiting', 'offered')"


def _base() -> list[sa.Column]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)]


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE")


def upgrade() -> None:
    """Nobody is asked anything yet, and nobody waits for a rest."""
    for name in ("approval", "asks"):
        op.add_column("event", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("queue_step", sa.Column("full", sa.String(length=100), server_default="", nullable=False))
    _questions()
    _answers((*STATES, "asked", "refused"), f"({QUEUED} OR more > 0) = (place IS NOT NULL)")
    op.create_table(
        "rsvp_pick",
        sa.Column("rsvp_id", sa.Uuid(), nullable=False),
        sa.Column("option_id", sa.Uuid(), nullable=False),
        _to("rsvp_pick", "rsvp_id", "rsvp"),
        _to("rsvp_pick", "option_id", "event_option"),
        sa.PrimaryKeyConstraint("rsvp_id", "option_id", name=op.f("pk_rsvp_pick")),
    )
    op.create_index(op.f("ix_rsvp_pick_option_id"), "rsvp_pick", ["option_id"])


def _answers(states: tuple[str, ...], place: str) -> None:
    with op.batch_alter_table("rsvp") as rsvp:
        rsvp.add_column(sa.Column("more", sa.Integer(), server_default="0", nullable=False))
        rsvp.add_column(sa.Column("answers", sa.JSON(), server_default="[]", nullable=False))
        rsvp.add_column(sa.Column("by_host", sa.Boolean(), server_default=sa.false(), nullable=False))
        rsvp.add_column(sa.Column("refusal", sa.String(length=500), server_default="", nullable=False))
        _check(rsvp, states, place)
        rsvp.create_check_constraint(op.f("ck_rsvp_more"), "more = 0 OR (state = 'going' AND more BETWEEN 1 AND 20)")


def _check(rsvp: object, states: tuple[str, ...], place: str) -> None:
    for name in ("state", "place"):
        rsvp.drop_constraint(op.f(f"ck_rsvp_{name}"), type_="check")  # type: ignore[attr-defined]
    named = ", ".join(f"'{state}'" for state in states)
    rsvp.create_check_constraint(op.f("ck_rsvp_state"), f"state IN ({named})")  # type: ignore[attr-defined]
    rsvp.create_check_constraint(op.f("ck_rsvp_place"), place)  # type: ignore[attr-defined]


def _questions() -> None:
    op.create_table(
        "event_question",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        *_base(),
        sa.CheckConstraint("place BETWEEN -10 AND 10", name=op.f("ck_event_question_place")),
        sa.CheckConstraint("kind IN ('text', 'long', 'choice', 'checkbox')", name=op.f("ck_event_question_kind")),
        _to("event_question", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_question")),
        sa.UniqueConstraint("event_id", "place", name=op.f("uq_event_question_event_id_place")),
    )
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "event_option",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("price", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("opens_at", moment, nullable=True),
        sa.Column("closes_at", moment, nullable=True),
        *_base(),
        sa.CheckConstraint("places IS NULL OR places >= 0", name=op.f("ck_event_option_places")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_event_option_taken")),
        sa.CheckConstraint("(question_id IS NULL) = (price IS NOT NULL)", name=op.f("ck_event_option_price")),
        sa.CheckConstraint("price IS NULL OR price IN ('free', 'donation', 'door')", name=op.f("ck_event_option_price_kind")),
        sa.CheckConstraint("amount IS NULL OR (amount >= 0 AND currency IS NOT NULL)", name=op.f("ck_event_option_amount")),
        sa.CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name=op.f("ck_event_option_window")),
        _to("event_option", "event_id", "event"),
        _to("event_option", "question_id", "event_question"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_option")),
    )
    op.create_index("ix_event_option_event_id_place", "event_option", ["event_id", "place"])
    op.create_index(op.f("ix_event_option_question_id"), "event_option", ["question_id"])


def downgrade() -> None:
    """What was asked and said is gone; who asked or was refused does not come, and nobody waits for a rest."""
    op.drop_table("rsvp_pick")
    op.execute("UPDATE rsvp SET state = 'not_going' WHERE state IN ('asked', 'refused')")
    op.execute(
        "UPDATE event SET waiting_count = waiting_count - (SELECT count(*) FROM rsvp WHERE event_id = event.id AND more > 0)"
    )
    op.execute("UPDATE rsvp SET place = NULL, more = 0 WHERE more > 0")
    with op.batch_alter_table("rsvp") as rsvp:
        rsvp.drop_constraint(op.f("ck_rsvp_more"), type_="check")
        _check(rsvp, STATES, f"({QUEUED}) = (place IS NOT NULL)")
        for name in ("refusal", "by_host", "answers", "more"):
            rsvp.drop_column(name)
    op.drop_table("event_option")
    op.drop_table("event_question")
    op.drop_column("queue_step", "full")
    for name in ("asks", "approval"):
        op.drop_column("event", name)
