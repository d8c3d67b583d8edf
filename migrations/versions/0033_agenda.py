"""The agenda of an event: rooms, tracks, speakers, sessions, and who has a seat in which

Revision ID: 0033
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0036"
branch_labels = None
depends_on = None

NEWS = "'published', 'changed', 'cancelled', 'hidden', 'shown', 'day', 'hour', 'feedback', 'message', 'invited', 'members'"
PAINTS = "'meadow', 'loch', 'river', 'bluebell', 'heather', 'clay', 'gorse', 'slate'"
SESSION = "CONSTRAINT fk_queue_step_session_id_agenda_session REFERENCES agenda_session (id)"


def _base() -> list[sa.Column]:
    return [sa.Column("id", sa.Uuid(), nullable=False), sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)]


def _id(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Events have an agenda, which nobody has filled yet. `event` and `queue_step` get columns one by one, for SQLite would lose
    triggers if the table were made anew."""
    _places()
    _sessions()
    _bookings()
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.add_column("event", _moment("agenda_at"))
    op.execute(f"ALTER TABLE queue_step ADD COLUMN session_id {uuid} {SESSION}")
    op.create_index(op.f("ix_queue_step_session_id"), "queue_step", ["session_id"])
    _news(f"{NEWS}, 'session'")


def _news(kinds: str) -> None:
    with op.batch_alter_table("event_news") as news:
        news.drop_constraint(op.f("ck_event_news_kind"), type_="check")
        news.create_check_constraint(op.f("ck_event_news_kind"), f"kind IN ({kinds})")


def _places() -> None:
    op.create_table(
        "agenda_room",
        _id("event_id"),
        _number("place"),
        sa.Column("name", sa.String(length=80), nullable=False),
        _number("capacity", nullable=True),
        *_base(),
        _check("agenda_room", "capacity", "capacity IS NULL OR capacity > 0"),
        _to("agenda_room", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_room")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_agenda_room_event_id_name")),
        sa.UniqueConstraint("event_id", "place", name=op.f("uq_agenda_room_event_id_place")),
    )
    op.create_table(
        "agenda_track",
        _id("event_id"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("paint", sa.String(length=10), nullable=False),
        *_base(),
        _check("agenda_track", "paint", f"paint IN ({PAINTS})"),
        _to("agenda_track", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_track")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_agenda_track_event_id_name")),
    )
    op.create_table(
        "speaker",
        _id("event_id"),
        _id("user_id", nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        _id("picture", nullable=True),
        *_base(),
        _to("speaker", "event_id", "event"),
        _to("speaker", "user_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_speaker_event_id_user_id")),
    )
    for column in ("event_id", "user_id"):
        op.create_index(op.f(f"ix_speaker_{column}"), "speaker", [column])


def _sessions() -> None:
    op.create_table(
        "agenda_session",
        *(_id("event_id"), _id("room_id", nullable=True), _id("track_id", nullable=True)),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        *(sa.Column(name, sa.DateTime(), nullable=False) for name in ("starts_wall", "ends_wall")),
        *(_moment("starts_at", nullable=False), _moment("ends_at", nullable=False), _moment("cancelled_at")),
        sa.Column("cancelled_reason", sa.String(length=500), nullable=False),
        *(_number("version"), _moment("changed_at", nullable=False), _number("capacity", nullable=True)),
        *(_number(name) for name in ("seats_taken", "waiting_count", "last_place")),
        *_base(),
        _check("agenda_session", "times", "starts_at < ends_at"),
        _check("agenda_session", "capacity", "capacity IS NULL OR capacity > 0"),
        _check("agenda_session", "seats_taken", "seats_taken >= 0"),
        _check("agenda_session", "waiting_count", "waiting_count >= 0"),
        _to("agenda_session", "event_id", "event"),
        _to("agenda_session", "room_id", "agenda_room", "SET NULL"),
        _to("agenda_session", "track_id", "agenda_track", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_session")),
    )
    op.create_index("ix_agenda_session_event_id_starts_at", "agenda_session", ["event_id", "starts_at", "id"])
    for column in ("room_id", "track_id"):
        op.create_index(op.f(f"ix_agenda_session_{column}"), "agenda_session", [column])
    op.create_table(
        "session_speaker",
        _id("session_id"),
        _id("speaker_id"),
        _to("session_speaker", "session_id", "agenda_session"),
        _to("session_speaker", "speaker_id", "speaker"),
        sa.PrimaryKeyConstraint("session_id", "speaker_id", name=op.f("pk_session_speaker")),
    )
    op.create_index(op.f("ix_session_speaker_speaker_id"), "session_speaker", ["speaker_id"])


def _bookings() -> None:
    op.create_table(
        "session_booking",
        *(_id("session_id"), _id("user_id", nullable=True), _id("guest_id", nullable=True)),
        sa.Column("state", sa.String(length=10), nullable=False),
        _moment("booked_at", nullable=False),
        *(_number("party"), _number("more"), _number("place", nullable=True), _moment("offered_until")),
        sa.Column("has_let_go", sa.Boolean(), nullable=False),
        *_base(),
        _check("session_booking", "who", "user_id IS NULL OR guest_id IS NULL"),
        _check("session_booking", "state", "state IN ('going', 'not_going', 'waiting', 'offered')"),
        _check("session_booking", "party", "party BETWEEN 1 AND 21"),
        _check("session_booking", "more", "more = 0 OR (state = 'going' AND more BETWEEN 1 AND 20)"),
        _check("session_booking", "place", "(state IN ('waiting', 'offered') OR more > 0) = (place IS NOT NULL)"),
        _check("session_booking", "offered_until", "(state = 'offered') = (offered_until IS NOT NULL)"),
        _to("session_booking", "session_id", "agenda_session"),
        _to("session_booking", "user_id", "user"),
        _to("session_booking", "guest_id", "guest", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_booking")),
        sa.UniqueConstraint("session_id", "user_id", name=op.f("uq_session_booking_session_id_user_id")),
        sa.UniqueConstraint("session_id", "guest_id", name=op.f("uq_session_booking_session_id_guest_id")),
    )
    op.create_index("ix_session_booking_queue", "session_booking", ["session_id", "place"], unique=True)
    for column in ("offered_until", "user_id", "guest_id"):
        op.create_index(op.f(f"ix_session_booking_{column}"), "session_booking", [column])


def downgrade() -> None:
    """No event has an agenda; the steps of its sessions' queues are gone with them."""
    op.execute("DELETE FROM queue_step WHERE session_id IS NOT NULL")
    op.execute("DELETE FROM event_news WHERE kind = 'session'")
    _news(NEWS)
    op.drop_index(op.f("ix_queue_step_session_id"), "queue_step")
    with op.batch_alter_table("queue_step") as step:
        step.drop_column("session_id")
    op.drop_column("event", "agenda_at")
    for table in ("session_booking", "session_speaker", "agenda_session", "speaker", "agenda_track", "agenda_room"):
        op.drop_table(table)
