"""Make every table of the first release

Revision ID: 0001_release
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_release"
down_revision = None
branch_labels = None
depends_on = None

#: Each comes after those that it refers to.
TABLES = (
    "audit_entry",
    "category",
    "group",
    "held_handle",
    "invitation",
    "outgoing_email",
    "refused_address",
    "site_flag",
    "site_page",
    "site_setting",
    "user",
    "audit_address",
    "ban",
    "block_or_mute",
    "calendar_feed",
    "data_export",
    "digest",
    "event_default",
    "fan_out",
    "former_handle",
    "group_category",
    "group_day",
    "group_invitation",
    "group_level",
    "group_slug",
    "invitation_mailing",
    "join_question",
    "join_request",
    "mailed_link",
    "membership",
    "news_source",
    "ownership_offer",
    "preference",
    "profile",
    "report_case",
    "sign_in",
    "thread",
    "vote_default",
    "case_step",
    "event",
    "interest",
    "invitation_use",
    "invited_sign_up",
    "news_item",
    "notification",
    "reply",
    "report",
    "thread_reader",
    "agenda_room",
    "agenda_track",
    "event_day",
    "event_file",
    "event_host",
    "event_news",
    "event_question",
    "event_shift",
    "event_slug",
    "event_task",
    "guest",
    "host_invitation",
    "mention",
    "reply_version",
    "report_address",
    "speaker",
    "vote",
    "agenda_session",
    "ballot",
    "event_invitation",
    "event_option",
    "feedback",
    "host_message",
    "option",
    "rsvp",
    "secret_ballot",
    "secret_link",
    "secret_roll",
    "shift_claim",
    "vote_invitee",
    "vote_outcome",
    "voter",
    "attendance",
    "check_in_event",
    "rsvp_pick",
    "session_booking",
    "session_speaker",
    "waitlist_step",
)

AUDIT_SENTENCE = "audit_entry is only ever added to"
AUDIT_POSTGRESQL = (
    f"""CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{AUDIT_SENTENCE}'; END $$""",
    """CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
)
# The last one is for INSERT OR REPLACE, which deletes without firing triggers for deletion.
AUDIT_SQLITE = (
    "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry"
    f" BEGIN SELECT RAISE(ABORT, '{AUDIT_SENTENCE}'); END",
    "CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry"
    f" BEGIN SELECT RAISE(ABORT, '{AUDIT_SENTENCE}'); END",
    "CREATE TRIGGER audit_entry_once BEFORE INSERT ON audit_entry"
    " WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{AUDIT_SENTENCE}'); END",
)

SEARCHED = ("group", "event", "news_item")
# Built-in functions only. The cost keeps the planner from reading a whole table instead.
SEARCH_FUNCTION = """
CREATE FUNCTION search_words(text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS
$$ BEGIN
RETURN array_to_tsvector(array_remove(string_to_array(translate($1, E'\\n', ' '), ' '), ''));
END $$
"""
# SQLite renumbers rows without an INTEGER PRIMARY KEY on VACUUM, and FTS5 refers to numbers.
SEARCH_SQLITE = (
    "CREATE TABLE {0}_search_row (number INTEGER PRIMARY KEY, id CHAR(32) NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE {0}_search"
    " USING fts5(words, content='', tokenize='ascii', prefix='2 3', detail=none)",
    'CREATE TRIGGER {0}_search_added AFTER INSERT ON "{0}" BEGIN {numbered}; {added}; END',
    'CREATE TRIGGER {0}_search_changed AFTER UPDATE OF search_text ON "{0}"'
    " WHEN old.search_text IS NOT new.search_text BEGIN {removed}; {added}; END",
    'CREATE TRIGGER {0}_search_removed AFTER DELETE ON "{0}" BEGIN {removed}; {unnumbered}; END',
)
SEARCH_STEPS = {
    "numbered": "INSERT INTO {0}_search_row (id) VALUES (new.id)",
    "unnumbered": "DELETE FROM {0}_search_row WHERE id = old.id",
    "added": "INSERT INTO {0}_search (rowid, words)"
    " SELECT number, new.search_text FROM {0}_search_row WHERE id = new.id",
    "removed": "INSERT INTO {0}_search ({0}_search, rowid, words)"
    " SELECT 'delete', number, old.search_text FROM {0}_search_row WHERE id = old.id",
}


def upgrade() -> None:
    """Every table, the index of words, and the audit log's refusal of changes."""
    _make_tables()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in AUDIT_POSTGRESQL if on_postgresql else AUDIT_SQLITE:
        op.execute(statement)
    if on_postgresql:
        op.execute(SEARCH_FUNCTION)
    for table in SEARCHED:
        if on_postgresql:
            words = "gin (search_words(search_text))"
            op.execute(f'CREATE INDEX ix_{table}_search ON "{table}" USING {words}')
            continue
        steps = {name: step.format(table) for name, step in SEARCH_STEPS.items()}
        for statement in SEARCH_SQLITE:
            op.execute(statement.format(table, **steps))


def downgrade() -> None:
    """No table is left."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in reversed(TABLES):
        if not on_postgresql and table in SEARCHED:
            op.drop_table(f"{table}_search")
            op.drop_table(f"{table}_search_row")
        op.drop_table(table)
    if on_postgresql:
        op.execute("DROP FUNCTION search_words(text)")
        op.execute("DROP FUNCTION refuse_audit_change()")


def _make_tables() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        "ix_audit_entry_action_created_at",
        "audit_entry",
        ["action", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_audit_entry_actor_id_created_at",
        "audit_entry",
        ["actor_id", "created_at", "id"],
        unique=False,
    )
    op.create_index("ix_audit_entry_created_at", "audit_entry", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_audit_entry_subject_id_created_at",
        "audit_entry",
        ["subject_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "category",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_table(
        "group",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("welcome", sa.Text(), nullable=False),
        sa.Column("location", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("join_policy", sa.String(length=10), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings_before_hiding", sa.String(length=21), nullable=True),
        sa.Column(
            "may_create_events", sa.String(length=10), server_default="organizer", nullable=False
        ),
        sa.Column(
            "may_create_votes", sa.String(length=10), server_default="organizer", nullable=False
        ),
        sa.Column(
            "may_start_threads", sa.String(length=10), server_default="member", nullable=False
        ),
        sa.Column("may_see_members", sa.String(length=10), server_default="member", nullable=False),
        sa.Column("code_of_conduct", sa.Text(), server_default="", nullable=False),
        sa.Column("code_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("has_news", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(visibility = 'open' AND join_policy IN ('join', 'approve', 'invite')) OR "
            "(visibility = 'closed' AND join_policy IN ('approve', 'invite')) OR (visibility = "
            "'secret' AND join_policy = 'invite')",
            name=op.f("ck_group_pair"),
        ),
        sa.CheckConstraint(
            "may_create_events IN ('organizer', 'moderator', 'member')",
            name=op.f("ck_group_may_create_events"),
        ),
        sa.CheckConstraint(
            "may_create_votes IN ('organizer', 'moderator', 'member')",
            name=op.f("ck_group_may_create_votes"),
        ),
        sa.CheckConstraint(
            "may_see_members IN ('organizer', 'moderator', 'member')",
            name=op.f("ck_group_may_see_members"),
        ),
        sa.CheckConstraint(
            "may_start_threads IN ('organizer', 'moderator', 'member')",
            name=op.f("ck_group_may_start_threads"),
        ),
        sa.CheckConstraint("member_count >= 0", name=op.f("ck_group_member_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_group_slug")),
    )
    op.create_index(
        "ix_group_directory",
        "group",
        ["name", "id", "visibility", "deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_group_largest",
        "group",
        ["member_count", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_group_newest",
        "group",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "held_handle",
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_claim", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_handle")),
        sa.UniqueConstraint("handle", name=op.f("uq_held_handle_handle")),
    )
    op.create_table(
        "invitation",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"], unique=False)
    op.create_table(
        "outgoing_email",
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'dropped', 'dead')",
            name=op.f("ck_outgoing_email_state"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outgoing_email_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_email")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_email_message_id")),
    )
    op.create_index(
        "ix_outgoing_email_state_due_at", "outgoing_email", ["state", "due_at"], unique=False
    )
    op.create_table(
        "refused_address",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_address")),
        sa.UniqueConstraint("address_hash", name=op.f("uq_refused_address_address_hash")),
    )
    op.create_table(
        "site_flag",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_flag")),
    )
    op.create_table(
        "site_page",
        sa.Column("page", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("requires_agreement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "page IN ('privacy', 'terms', 'imprint')", name=op.f("ck_site_page_page")
        ),
        sa.CheckConstraint("number > 1", name=op.f("ck_site_page_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_page")),
        sa.UniqueConstraint("page", "number", name=op.f("uq_site_page_page_number")),
    )
    op.create_table(
        "site_setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_setting")),
    )
    op.create_table(
        "user",
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=60), nullable=False),
        sa.Column("last_name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("may_create_groups", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("terms_version", sa.String(length=20), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("theme", sa.String(length=10), nullable=True),
        sa.Column("accent", sa.String(length=20), nullable=True),
        sa.Column("text_size", sa.String(length=10), nullable=True),
        sa.Column(
            "profile_visibility", sa.String(length=10), server_default="groups", nullable=False
        ),
        sa.Column("shows_presence", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("search_text", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "profile_visibility IN ('everyone', 'groups', 'nobody')",
            name=op.f("ck_user_profile_visibility"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_lower")),
        sa.CheckConstraint("handle = lower(handle)", name=op.f("ck_user_handle_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("handle", name=op.f("uq_user_handle")),
    )
    op.create_index("ix_user_created_at", "user", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_user_deletion_due_at"), "user", ["deletion_due_at"], unique=False)
    op.create_table(
        "audit_address",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_address_entry_id_audit_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_address")),
    )
    op.create_index(
        op.f("ix_audit_address_created_at"), "audit_address", ["created_at"], unique=False
    )
    op.create_table(
        "ban",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_ban_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_ban_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
        sa.UniqueConstraint("group_id", "user_id", name=op.f("uq_ban_group_id_user_id")),
    )
    op.create_index(op.f("ix_ban_ends_at"), "ban", ["ends_at"], unique=False)
    op.create_index(op.f("ix_ban_user_id"), "ban", ["user_id"], unique=False)
    op.create_table(
        "block_or_mute",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('mute', 'block')", name=op.f("ck_block_or_mute_kind")),
        sa.CheckConstraint("user_id <> other_id", name=op.f("ck_block_or_mute_another")),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["user.id"],
            name=op.f("fk_block_or_mute_other_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_block_or_mute_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block_or_mute")),
        sa.UniqueConstraint("user_id", "other_id", name=op.f("uq_block_or_mute_user_id_other_id")),
    )
    op.create_index(op.f("ix_block_or_mute_other_id"), "block_or_mute", ["other_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_calendar_feed_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_calendar_feed_user_id_group_id")),
    )
    op.create_index(op.f("ix_calendar_feed_group_id"), "calendar_feed", ["group_id"], unique=False)
    op.create_index(
        "ix_calendar_feed_own",
        "calendar_feed",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("group_id IS NULL"),
        postgresql_where=sa.text("group_id IS NULL"),
    )
    op.create_table(
        "data_export",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'ready') = (expires_at IS NOT NULL)", name=op.f("ck_data_export_expires_at")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'ready', 'failed')", name=op.f("ck_data_export_state")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_data_export_done")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_data_export_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
        sa.UniqueConstraint("user_id", name=op.f("uq_data_export_user_id")),
    )
    op.create_index(op.f("ix_data_export_state"), "data_export", ["state"], unique=False)
    op.create_table(
        "digest",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_digest_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_digest_user_id_day")),
    )
    op.create_table(
        "event_default",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("max_plus_ones", sa.Integer(), nullable=False),
        sa.Column("promotion", sa.String(length=10), nullable=False),
        sa.Column("shows_attendees", sa.Boolean(), nullable=False),
        sa.Column("allows_guests", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("rsvp_deadline_hours", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "audience IN ('everyone', 'link', 'group')", name=op.f("ck_event_default_audience")
        ),
        sa.CheckConstraint(
            "promotion IN ('automatic', 'offer')", name=op.f("ck_event_default_promotion")
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity > 0", name=op.f("ck_event_default_capacity")
        ),
        sa.CheckConstraint(
            "max_plus_ones BETWEEN 0 AND 20", name=op.f("ck_event_default_max_plus_ones")
        ),
        sa.CheckConstraint(
            "rsvp_deadline_hours IS NULL OR rsvp_deadline_hours BETWEEN 1 AND 720",
            name=op.f("ck_event_default_rsvp_deadline_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_event_default_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_event_default")),
    )
    op.create_table(
        "fan_out",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("reminder_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("done >= 0", name=op.f("ck_fan_out_done")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_fan_out_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fan_out")),
        sa.UniqueConstraint(
            "subject_id",
            "kind",
            "reminder_for",
            name=op.f("uq_fan_out_subject_id_kind_reminder_for"),
        ),
    )
    op.create_index(op.f("ix_fan_out_by_id"), "fan_out", ["by_id"], unique=False)
    op.create_index(
        "ix_fan_out_running",
        "fan_out",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "former_handle",
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_former_handle_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_handle")),
        sa.UniqueConstraint("handle", name=op.f("uq_former_handle_handle")),
    )
    op.create_index(op.f("ix_former_handle_user_id"), "former_handle", ["user_id"], unique=False)
    op.create_table(
        "group_category",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_group_category_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_group_category_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "category_id", name=op.f("pk_group_category")),
    )
    op.create_index(
        "ix_group_category_category_id_group_id",
        "group_category",
        ["category_id", "group_id"],
        unique=False,
    )
    op.create_table(
        "group_day",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("departed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_group_day_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "day", name=op.f("pk_group_day")),
    )
    op.create_table(
        "group_invitation",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("outgoing_email_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ending = '') = (ended_at IS NULL)", name=op.f("ck_group_invitation_ended")
        ),
        sa.CheckConstraint(
            "ending IN ('', 'declined', 'withdrawn', 'closed', 'idle')",
            name=op.f("ck_group_invitation_ending"),
        ),
        sa.CheckConstraint(
            "role IN ('organizer', 'moderator', 'member')", name=op.f("ck_group_invitation_role")
        ),
        sa.CheckConstraint(
            "address_hash IS NULL OR max_uses = 1", name=op.f("ck_group_invitation_mail_is_for_one")
        ),
        sa.CheckConstraint(
            "email IS NULL OR (address_hash IS NOT NULL AND email = lower(email))",
            name=op.f("ck_group_invitation_email"),
        ),
        sa.CheckConstraint(
            "uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)",
            name=op.f("ck_group_invitation_uses"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_group_invitation_by_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_group_invitation_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_email_id"],
            ["outgoing_email.id"],
            name=op.f("fk_group_invitation_outgoing_email_id_outgoing_email"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invitation")),
        sa.UniqueConstraint(
            "group_id", "address_hash", name=op.f("uq_group_invitation_group_id_address_hash")
        ),
    )
    op.create_index(op.f("ix_group_invitation_by_id"), "group_invitation", ["by_id"], unique=False)
    op.create_index(op.f("ix_group_invitation_email"), "group_invitation", ["email"], unique=False)
    op.create_index(
        "ix_group_invitation_group_id_created_at",
        "group_invitation",
        ["group_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_group_invitation_outgoing_email_id"),
        "group_invitation",
        ["outgoing_email_id"],
        unique=False,
    )
    op.create_table(
        "group_level",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('important', 'nothing')", name=op.f("ck_group_level_level")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_group_level_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_group_level_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_level")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_group_level_user_id_group_id")),
    )
    op.create_index(op.f("ix_group_level_group_id"), "group_level", ["group_id"], unique=False)
    op.create_table(
        "group_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_group_slug_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_group_slug")),
    )
    op.create_index(op.f("ix_group_slug_group_id"), "group_slug", ["group_id"], unique=False)
    op.create_table(
        "invitation_mailing",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["user.id"],
            name=op.f("fk_invitation_mailing_by_id_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_invitation_mailing_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_mailing")),
    )
    op.create_index(
        op.f("ix_invitation_mailing_by_id"), "invitation_mailing", ["by_id"], unique=False
    )
    op.create_index(
        "ix_invitation_mailing_group_id_created_at",
        "invitation_mailing",
        ["group_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "join_question",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'choice', 'checkbox')", name=op.f("ck_join_question_kind")
        ),
        sa.CheckConstraint("position BETWEEN -5 AND 5", name=op.f("ck_join_question_position")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_join_question_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_question")),
        sa.UniqueConstraint(
            "group_id", "position", name=op.f("uq_join_question_group_id_position")
        ),
    )
    op.create_table(
        "join_request",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("code_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_join_request_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_join_request_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("group_id", "user_id", name=op.f("uq_join_request_group_id_user_id")),
    )
    op.create_index(op.f("ix_join_request_user_id"), "join_request", ["user_id"], unique=False)
    op.create_table(
        "mailed_link",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("user_nonce", sa.String(length=24), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_mailed_link_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_link")),
    )
    op.create_index(op.f("ix_mailed_link_user_id"), "mailed_link", ["user_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("code_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'organizer', 'moderator', 'member')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_membership_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("group_id", "user_id", name=op.f("uq_membership_group_id_user_id")),
    )
    op.create_index(
        "ix_membership_joined", "membership", ["group_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "ix_membership_user_id_group_id", "membership", ["user_id", "group_id"], unique=False
    )
    op.create_table(
        "news_source",
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=80), server_default="", nullable=False),
        sa.Column("title", sa.String(length=120), server_default="", nullable=False),
        sa.Column("home_url", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=10), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), server_default="new", nullable=False),
        sa.Column("error", sa.String(length=20), server_default="", nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("etag", sa.String(length=300), server_default="", nullable=False),
        sa.Column("last_modified", sa.String(length=100), server_default="", nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('', 'rss', 'atom', 'json', 'posts')", name=op.f("ck_news_source_kind")
        ),
        sa.CheckConstraint(
            "state IN ('new', 'good', 'failing', 'gone')", name=op.f("ck_news_source_state")
        ),
        sa.CheckConstraint(
            "(lease IS NULL) = (leased_until IS NULL)", name=op.f("ck_news_source_lease")
        ),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_news_source_failures")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_news_source_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_source")),
        sa.UniqueConstraint("group_id", "url", name=op.f("uq_news_source_group_id_url")),
    )
    op.create_index("ix_news_source_due_at", "news_source", ["due_at"], unique=False)
    op.create_index(
        "ix_news_source_url_of_site",
        "news_source",
        ["url"],
        unique=True,
        sqlite_where=sa.text("group_id IS NULL"),
        postgresql_where=sa.text("group_id IS NULL"),
    )
    op.create_table(
        "ownership_offer",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("steps_down", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("by_id <> user_id", name=op.f("ck_ownership_offer_another")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_ownership_offer_by_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_ownership_offer_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_ownership_offer_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_offer")),
        sa.UniqueConstraint(
            "group_id", "user_id", name=op.f("uq_ownership_offer_group_id_user_id")
        ),
    )
    op.create_index(op.f("ix_ownership_offer_by_id"), "ownership_offer", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_ownership_offer_expires_at"), "ownership_offer", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_ownership_offer_user_id"), "ownership_offer", ["user_id"], unique=False
    )
    op.create_table(
        "preference",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "channel IN ('now', 'daily', 'inbox', 'off')", name=op.f("ck_preference_channel")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_preference_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_preference_user_id_kind")),
    )
    op.create_table(
        "profile",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("shows_groups", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_profile_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
        sa.UniqueConstraint("user_id", name=op.f("uq_profile_user_id")),
    )
    op.create_table(
        "report_case",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("of_others", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("open_as", sa.String(length=100), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("pending_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (open_as IS NOT NULL)", name=op.f("ck_report_case_open_as")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (outcome IS NULL)", name=op.f("ck_report_case_decided")
        ),
        sa.CheckConstraint(
            "outcome IN ('dismissed', 'hidden', 'warned', 'removed', 'banned', 'suspended', "
            "'lifted', 'gone')",
            name=op.f("ck_report_case_outcome"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'objected', 'closed')", name=op.f("ck_report_case_state")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user.id"],
            name=op.f("fk_report_case_author_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user.id"],
            name=op.f("fk_report_case_decided_by_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_report_case_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_case")),
        sa.UniqueConstraint("open_as", name=op.f("uq_report_case_open_as")),
    )
    op.create_index(op.f("ix_report_case_author_id"), "report_case", ["author_id"], unique=False)
    op.create_index("ix_report_case_closed_at", "report_case", ["closed_at"], unique=False)
    op.create_index(
        "ix_report_case_group_id_state", "report_case", ["group_id", "state"], unique=False
    )
    op.create_index("ix_report_case_thing", "report_case", ["kind", "thing_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("remember", sa.Boolean(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reauthenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"], unique=False)
    op.create_table(
        "thread",
        sa.Column("kind", sa.String(length=10), server_default="group", nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("is_announcement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reply_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'group' OR group_id IS NOT NULL", name=op.f("ck_thread_group_id")
        ),
        sa.CheckConstraint("kind IN ('group', 'event', 'vote')", name=op.f("ck_thread_kind")),
        sa.CheckConstraint(
            "reply_count >= 0 AND reply_count <= last_number", name=op.f("ck_thread_reply_count")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_thread_author_id_user")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_thread_group_id_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_author_id"), "thread", ["author_id"], unique=False)
    op.create_index("ix_thread_deleted_at", "thread", ["deleted_at"], unique=False)
    op.create_index("ix_thread_group_id", "thread", ["group_id"], unique=False)
    op.create_index(
        "ix_thread_listed",
        "thread",
        ["group_id", "last_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND pinned_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND pinned_at IS NULL"),
    )
    op.create_index(
        "ix_thread_pinned",
        "thread",
        ["group_id", "pinned_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND pinned_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND pinned_at IS NOT NULL"),
    )
    op.create_table(
        "vote_default",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("results", sa.String(length=15), nullable=False),
        sa.Column("electorate", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "electorate IN ('members', 'going')", name=op.f("ck_vote_default_electorate")
        ),
        sa.CheckConstraint(
            "kind IN ('single', 'approval', 'score', 'star', 'dots', 'irv', 'schulze', 'stv', "
            "'proposal', 'date')",
            name=op.f("ck_vote_default_kind"),
        ),
        sa.CheckConstraint(
            "results IN ('always', 'after_voting', 'after_close')",
            name=op.f("ck_vote_default_results"),
        ),
        sa.CheckConstraint(
            "days IS NULL OR days BETWEEN 1 AND 90", name=op.f("ck_vote_default_days")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["group.id"],
            name=op.f("fk_vote_default_group_id_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_vote_default")),
    )
    op.create_table(
        "case_step",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["report_case.id"],
            name=op.f("fk_case_step_case_id_report_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_case_step_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    op.create_index(
        "ix_case_step_case_id_created_at", "case_step", ["case_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_case_step_user_id"), "case_step", ["user_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("starts_wall", sa.DateTime(), nullable=False),
        sa.Column("ends_wall", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_all_day", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rsvp_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("directions", sa.Text(), server_default="", nullable=False),
        sa.Column("online_url", sa.String(length=500), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("file_uploaders", sa.String(length=10), server_default="hosts", nullable=False),
        sa.Column("file_viewers", sa.String(length=10), server_default="people", nullable=False),
        sa.Column("picture_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("file_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rescheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_plus_ones", sa.Integer(), nullable=False),
        sa.Column("promotion", sa.String(length=10), nullable=False),
        sa.Column("shows_attendees", sa.Boolean(), nullable=False),
        sa.Column("requires_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("has_registration_form", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("has_volunteering", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("allows_guests", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("feedback", sa.String(length=10), server_default="named", nullable=False),
        sa.Column("agenda_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience <> 'group' OR group_id IS NOT NULL", name=op.f("ck_event_group")
        ),
        sa.CheckConstraint(
            "audience IN ('everyone', 'link', 'group')", name=op.f("ck_event_audience")
        ),
        sa.CheckConstraint(
            "feedback IN ('named', 'anonymous', 'none')", name=op.f("ck_event_feedback")
        ),
        sa.CheckConstraint(
            "file_uploaders IN ('hosts', 'people')", name=op.f("ck_event_file_uploaders")
        ),
        sa.CheckConstraint("file_viewers IN ('people', 'all')", name=op.f("ck_event_file_viewers")),
        sa.CheckConstraint("promotion IN ('automatic', 'offer')", name=op.f("ck_event_promotion")),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'cancelled')", name=op.f("ck_event_state")
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_event_capacity")),
        sa.CheckConstraint("max_plus_ones BETWEEN 0 AND 20", name=op.f("ck_event_max_plus_ones")),
        sa.CheckConstraint("seats_taken >= 0", name=op.f("ck_event_seats_taken")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_times")),
        sa.CheckConstraint("waiting_count >= 0", name=op.f("ck_event_waiting_count")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_event_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_event_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_event_owner_id_user")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_event_thread_id_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    op.create_index(op.f("ix_event_category_id"), "event", ["category_id"], unique=False)
    op.create_index(
        "ix_event_group_id_starts_at", "event", ["group_id", "starts_at", "id"], unique=False
    )
    op.create_index(op.f("ix_event_owner_id"), "event", ["owner_id"], unique=False)
    op.create_index(op.f("ix_event_thread_id"), "event", ["thread_id"], unique=False)
    op.create_index("ix_event_to_come", "event", ["starts_at", "id", "ends_at"], unique=False)
    op.create_table(
        "interest",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_interest_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["profile.user_id"],
            name=op.f("fk_interest_user_id_profile"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "category_id", name=op.f("pk_interest")),
    )
    op.create_index(op.f("ix_interest_category_id"), "interest", ["category_id"], unique=False)
    op.create_table(
        "invitation_use",
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["group_invitation.id"],
            name=op.f("fk_invitation_use_invitation_id_group_invitation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_invitation_use_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_use")),
        sa.UniqueConstraint(
            "invitation_id", "user_id", name=op.f("uq_invitation_use_invitation_id_user_id")
        ),
    )
    op.create_index(op.f("ix_invitation_use_user_id"), "invitation_use", ["user_id"], unique=False)
    op.create_table(
        "invited_sign_up",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("user_nonce", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["group_invitation.id"],
            name=op.f("fk_invited_sign_up_invitation_id_group_invitation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_invited_sign_up_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invited_sign_up")),
        sa.UniqueConstraint("user_id", name=op.f("uq_invited_sign_up_user_id")),
    )
    op.create_index(
        op.f("ix_invited_sign_up_invitation_id"), "invited_sign_up", ["invitation_id"], unique=False
    )
    op.create_table(
        "news_item",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("author", sa.String(length=120), server_default="", nullable=False),
        sa.Column("summary", sa.String(length=300), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlisted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_news_item_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["news_source.id"],
            name=op.f("fk_news_item_source_id_news_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_item")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_news_item_source_id_key")),
    )
    op.create_index(
        "ix_news_item_listed", "news_item", ["group_id", "published_at", "id"], unique=False
    )
    op.create_index("ix_news_item_unlisted_at", "news_item", ["unlisted_at"], unique=False)
    op.create_table(
        "notification",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=True),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("params", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("channel", sa.String(length=10), server_default="inbox", nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("digest_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digest.id"],
            name=op.f("fk_notification_digest_id_digest"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notification_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(
        "ix_notification_daily",
        "notification",
        ["user_id"],
        unique=False,
        sqlite_where=sa.text("channel = 'daily' AND digest_id IS NULL AND read_at IS NULL"),
        postgresql_where=sa.text("channel = 'daily' AND digest_id IS NULL AND read_at IS NULL"),
    )
    op.create_index("ix_notification_digest_id", "notification", ["digest_id"], unique=False)
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["user_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_notification_user_id_created_at",
        "notification",
        ["user_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "reply",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=10), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "removed_by IS NULL OR removed_by IN ('author', 'moderator')",
            name=op.f("ck_reply_removed_by"),
        ),
        sa.CheckConstraint(
            "(removed_by IS NULL) = (removed_at IS NULL)", name=op.f("ck_reply_removed_at")
        ),
        sa.CheckConstraint("answers IS NULL OR answers < number", name=op.f("ck_reply_answers")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_reply_number")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_reply_author_id_user")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_reply_thread_id_thread"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_reply_thread_id_number")),
    )
    op.create_index(op.f("ix_reply_author_id"), "reply", ["author_id"], unique=False)
    op.create_index("ix_reply_removed_at", "reply", ["removed_at"], unique=False)
    op.create_table(
        "report",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("reporter_kind", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reporter_kind IN ('member', 'person', 'visitor')", name=op.f("ck_report_reporter_kind")
        ),
        sa.CheckConstraint(
            "rule IN ('spam', 'harassment', 'hate', 'illegal', 'privacy', 'other')",
            name=op.f("ck_report_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["report_case.id"],
            name=op.f("fk_report_case_id_report_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_report_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_report_case_id_user_id")),
    )
    op.create_index(op.f("ix_report_user_id"), "report", ["user_id"], unique=False)
    op.create_table(
        "thread_reader",
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("last_seen_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('follows', 'muted', 'reads')", name=op.f("ck_thread_reader_state")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["thread.id"],
            name=op.f("fk_thread_reader_thread_id_thread"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_thread_reader_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_reader")),
        sa.UniqueConstraint(
            "thread_id", "user_id", name=op.f("uq_thread_reader_thread_id_user_id")
        ),
    )
    op.create_index(
        "ix_thread_reader_follows",
        "thread_reader",
        ["thread_id", "user_id"],
        unique=False,
        sqlite_where=sa.text("state = 'follows'"),
        postgresql_where=sa.text("state = 'follows'"),
    )
    op.create_index(op.f("ix_thread_reader_user_id"), "thread_reader", ["user_id"], unique=False)
    op.create_table(
        "agenda_room",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity > 0", name=op.f("ck_agenda_room_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_agenda_room_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_room")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_agenda_room_event_id_name")),
        sa.UniqueConstraint("event_id", "position", name=op.f("uq_agenda_room_event_id_position")),
    )
    op.create_table(
        "agenda_track",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("color", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "color IN ('meadow', 'loch', 'river', 'bluebell', 'heather', 'clay', 'gorse', 'slate')",
            name=op.f("ck_agenda_track_color"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_agenda_track_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_track")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_agenda_track_event_id_name")),
    )
    op.create_table(
        "event_day",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_day_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "day", name=op.f("pk_event_day")),
    )
    op.create_table(
        "event_file",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("attachment", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), server_default="0", nullable=False),
        sa.Column("height", sa.Integer(), server_default="0", nullable=False),
        sa.Column("caption", sa.String(length=300), server_default="", nullable=False),
        sa.Column("alt", sa.String(length=300), server_default="", nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'picture') = (picture IS NOT NULL)", name=op.f("ck_event_file_kind")
        ),
        sa.CheckConstraint(
            "(picture IS NULL) <> (attachment IS NULL)", name=op.f("ck_event_file_bytes")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_event_file_size")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_event_file_by_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_file_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_file")),
        sa.UniqueConstraint("event_id", "digest", name=op.f("uq_event_file_event_id_digest")),
    )
    op.create_index(op.f("ix_event_file_by_id"), "event_file", ["by_id"], unique=False)
    op.create_index(
        "ix_event_file_kind", "event_file", ["event_id", "kind", "created_at", "id"], unique=False
    )
    op.create_table(
        "event_host",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_host_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_event_host_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_host")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_event_host_event_id_user_id")),
    )
    op.create_index(op.f("ix_event_host_user_id"), "event_host", ["user_id"], unique=False)
    op.create_table(
        "event_news",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("replies_to_sender", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('day', 'hour', 'feedback')) = (starts_at IS NOT NULL)",
            name=op.f("ck_event_news_starts_at"),
        ),
        sa.CheckConstraint(
            "kind IN ('published', 'changed', 'cancelled', 'resumed', 'hidden', 'shown', 'day', "
            "'hour', 'feedback', 'message', 'invited', 'members', 'session')",
            name=op.f("ck_event_news_kind"),
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_event_news_total")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_event_news_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_news_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_news")),
        sa.UniqueConstraint(
            "event_id", "kind", "starts_at", name=op.f("uq_event_news_event_id_kind_starts_at")
        ),
    )
    op.create_index(op.f("ix_event_news_by_id"), "event_news", ["by_id"], unique=False)
    op.create_index(
        "ix_event_news_event_id_created_at", "event_news", ["event_id", "created_at"], unique=False
    )
    op.create_table(
        "event_question",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'long', 'choice', 'checkbox')", name=op.f("ck_event_question_kind")
        ),
        sa.CheckConstraint("position BETWEEN -10 AND 10", name=op.f("ck_event_question_position")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_question_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_question")),
        sa.UniqueConstraint(
            "event_id", "position", name=op.f("uq_event_question_event_id_position")
        ),
    )
    op.create_table(
        "event_shift",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 200", name=op.f("ck_event_shift_capacity")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_shift_times")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_event_shift_taken")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_shift_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_shift")),
    )
    op.create_index(
        "ix_event_shift_event_id", "event_shift", ["event_id", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_event_shift_starts_at"), "event_shift", ["starts_at"], unique=False)
    op.create_table(
        "event_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_slug_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_event_slug")),
    )
    op.create_index(op.f("ix_event_slug_event_id"), "event_slug", ["event_id"], unique=False)
    op.create_table(
        "event_task",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('todo', 'doing', 'done')", name=op.f("ck_event_task_state")),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["user.id"],
            name=op.f("fk_event_task_assignee_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_task_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_task")),
        sa.UniqueConstraint(
            "event_id", "state", "position", name=op.f("uq_event_task_event_id_state_position")
        ),
    )
    op.create_index(
        "ix_event_task_assignee_id", "event_task", ["assignee_id", "event_id"], unique=False
    )
    op.create_index("ix_event_task_due_at", "event_task", ["due_at"], unique=False)
    op.create_table(
        "guest",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("search_text", sa.String(length=200), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nonce", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_guest_email_lower")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_guest_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("event_id", "email", name=op.f("uq_guest_event_id_email")),
    )
    op.create_index(op.f("ix_guest_email"), "guest", ["email"], unique=False)
    op.create_table(
        "host_invitation",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("by_id <> user_id", name=op.f("ck_host_invitation_another")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_host_invitation_by_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_host_invitation_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_host_invitation_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_invitation")),
        sa.UniqueConstraint(
            "event_id", "user_id", name=op.f("uq_host_invitation_event_id_user_id")
        ),
    )
    op.create_index(op.f("ix_host_invitation_by_id"), "host_invitation", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_host_invitation_expires_at"), "host_invitation", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_host_invitation_user_id"), "host_invitation", ["user_id"], unique=False
    )
    op.create_table(
        "mention",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["reply.id"], name=op.f("fk_mention_reply_id_reply"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_mention_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint("reply_id", "user_id", name=op.f("uq_mention_reply_id_user_id")),
    )
    op.create_index(op.f("ix_mention_user_id"), "mention", ["user_id"], unique=False)
    op.create_table(
        "reply_version",
        sa.Column("reply_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_reply_version_by_id_user")),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["reply.id"],
            name=op.f("fk_reply_version_reply_id_reply"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_version")),
        sa.UniqueConstraint("reply_id", "number", name=op.f("uq_reply_version_reply_id_number")),
    )
    op.create_index(op.f("ix_reply_version_by_id"), "reply_version", ["by_id"], unique=False)
    op.create_table(
        "report_address",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_address_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_address")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_address_report_id")),
    )
    op.create_table(
        "speaker",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("picture", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_speaker_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_speaker_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_speaker_event_id_user_id")),
    )
    op.create_index(op.f("ix_speaker_event_id"), "speaker", ["event_id"], unique=False)
    op.create_index(op.f("ix_speaker_user_id"), "speaker", ["user_id"], unique=False)
    op.create_table(
        "vote",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("choices_min", sa.Integer(), nullable=False),
        sa.Column("choices_max", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), server_default="1", nullable=False),
        sa.Column("score_max", sa.Integer(), server_default="5", nullable=False),
        sa.Column("budget", sa.Integer(), server_default="10", nullable=False),
        sa.Column("per_option", sa.Integer(), nullable=True),
        sa.Column("spend_all", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("blocks", sa.Integer(), server_default="1", nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=True),
        sa.Column("threshold_of", sa.String(length=10), nullable=True),
        sa.Column("threshold_part", sa.Integer(), server_default="1", nullable=False),
        sa.Column("threshold_whole", sa.Integer(), server_default="2", nullable=False),
        sa.Column("threshold_strict", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("reasons", sa.String(length=10), server_default="off", nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("roll_at", sa.String(length=10), server_default="opening", nullable=False),
        sa.Column("leavers", sa.String(length=10), server_default="lose", nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=500), nullable=False),
        sa.Column("results", sa.String(length=15), nullable=False),
        sa.Column("electorate", sa.String(length=10), nullable=False),
        sa.Column("roles", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("lot_secret", sa.String(length=64), nullable=True),
        sa.Column("lot_commitment", sa.String(length=64), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("roll_count", sa.Integer(), nullable=False),
        sa.Column("ballot_count", sa.Integer(), nullable=False),
        sa.Column("finding", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("opening", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=True),
        sa.Column("event_scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT is_secret OR (is_anonymous AND results = 'after_close' AND reasons = 'off' AND "
            "roll_at = 'opening')",
            name=op.f("ck_vote_secret"),
        ),
        sa.CheckConstraint(
            "electorate IN ('members', 'roles', 'invited', 'going', 'attended')",
            name=op.f("ck_vote_electorate"),
        ),
        sa.CheckConstraint(
            "kind IN ('single', 'approval', 'score', 'star', 'dots', 'irv', 'schulze', 'stv', "
            "'proposal', 'date')",
            name=op.f("ck_vote_kind"),
        ),
        sa.CheckConstraint("leavers IN ('lose', 'keep')", name=op.f("ck_vote_leavers")),
        sa.CheckConstraint(
            "reasons IN ('off', 'optional', 'required')", name=op.f("ck_vote_reasons")
        ),
        sa.CheckConstraint(
            "results IN ('always', 'after_voting', 'after_close')", name=op.f("ck_vote_results")
        ),
        sa.CheckConstraint("roll_at IN ('opening', 'close')", name=op.f("ck_vote_roll_at")),
        sa.CheckConstraint(
            "threshold_of IS NULL OR threshold_of IN ('roll', 'cast', 'valid', 'voices', "
            "'present')",
            name=op.f("ck_vote_threshold_of"),
        ),
        sa.CheckConstraint(
            "ballot_count >= 0 AND ballot_count <= roll_count", name=op.f("ck_vote_counts")
        ),
        sa.CheckConstraint("blocks IS NULL OR blocks >= 1", name=op.f("ck_vote_blocks")),
        sa.CheckConstraint("budget BETWEEN 1 AND 100", name=op.f("ck_vote_budget")),
        sa.CheckConstraint(
            "choices_min >= 1 AND choices_min <= choices_max", name=op.f("ck_vote_choices")
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_vote_times")),
        sa.CheckConstraint(
            "per_option IS NULL OR per_option BETWEEN 1 AND budget", name=op.f("ck_vote_per_option")
        ),
        sa.CheckConstraint(
            "quorum IS NULL OR quorum BETWEEN 1 AND 100", name=op.f("ck_vote_quorum")
        ),
        sa.CheckConstraint("score_max BETWEEN 2 AND 10", name=op.f("ck_vote_score_max")),
        sa.CheckConstraint("seats BETWEEN 1 AND 49", name=op.f("ck_vote_seats")),
        sa.CheckConstraint(
            "seed IS NULL OR lot_commitment IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_vote_lot"),
        ),
        sa.CheckConstraint(
            "threshold_part BETWEEN 1 AND threshold_whole", name=op.f("ck_vote_threshold")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_vote_author_id_user")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_vote_event_id_event"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["group.id"], name=op.f("fk_vote_group_id_group"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["user.id"], name=op.f("fk_vote_hidden_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_vote_thread_id_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("slug", name=op.f("uq_vote_slug")),
    )
    op.create_index(op.f("ix_vote_author_id"), "vote", ["author_id"], unique=False)
    op.create_index("ix_vote_closed_at", "vote", ["closed_at", "closes_at"], unique=False)
    op.create_index("ix_vote_created_at", "vote", ["created_at", "id"], unique=False)
    op.create_index("ix_vote_event_id", "vote", ["event_id"], unique=False)
    op.create_index(
        "ix_vote_group_id_closes_at", "vote", ["group_id", "closes_at", "id"], unique=False
    )
    op.create_index(op.f("ix_vote_hidden_by_id"), "vote", ["hidden_by_id"], unique=False)
    op.create_index(
        "ix_vote_is_secret",
        "vote",
        ["id"],
        unique=False,
        sqlite_where=sa.text("is_secret = 1"),
        postgresql_where=sa.text("is_secret"),
    )
    op.create_index("ix_vote_opened_at", "vote", ["opened_at", "opens_at"], unique=False)
    op.create_index("ix_vote_thread_id", "vote", ["thread_id"], unique=False)
    op.create_table(
        "agenda_session",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("track_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_wall", sa.DateTime(), nullable=False),
        sa.Column("ends_wall", sa.DateTime(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity > 0", name=op.f("ck_agenda_session_capacity")
        ),
        sa.CheckConstraint("seats_taken >= 0", name=op.f("ck_agenda_session_seats_taken")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_agenda_session_times")),
        sa.CheckConstraint("waiting_count >= 0", name=op.f("ck_agenda_session_waiting_count")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_agenda_session_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["agenda_room.id"],
            name=op.f("fk_agenda_session_room_id_agenda_room"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"],
            ["agenda_track.id"],
            name=op.f("fk_agenda_session_track_id_agenda_track"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_session")),
    )
    op.create_index(
        "ix_agenda_session_event_id_starts_at",
        "agenda_session",
        ["event_id", "starts_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_agenda_session_room_id"), "agenda_session", ["room_id"], unique=False)
    op.create_index(
        op.f("ix_agenda_session_track_id"), "agenda_session", ["track_id"], unique=False
    )
    op.create_table(
        "ballot",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_ballot_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_ballot_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("vote_id", "user_id", name=op.f("uq_ballot_vote_id_user_id")),
    )
    op.create_index(op.f("ix_ballot_user_id"), "ballot", ["user_id"], unique=False)
    op.create_index("ix_ballot_vote_id_choice", "ballot", ["vote_id", "choice"], unique=False)
    op.create_table(
        "event_invitation",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("news_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outgoing_email_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (address_hash IS NULL)", name=op.f("ck_event_invitation_whom")
        ),
        sa.CheckConstraint(
            "email IS NULL OR (address_hash IS NOT NULL AND email = lower(email))",
            name=op.f("ck_event_invitation_email"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_event_invitation_by_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_invitation_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["news_id"],
            ["event_news.id"],
            name=op.f("fk_event_invitation_news_id_event_news"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_email_id"],
            ["outgoing_email.id"],
            name=op.f("fk_event_invitation_outgoing_email_id_outgoing_email"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_event_invitation_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_invitation")),
        sa.UniqueConstraint(
            "event_id", "address_hash", name=op.f("uq_event_invitation_event_id_address_hash")
        ),
        sa.UniqueConstraint(
            "event_id", "user_id", name=op.f("uq_event_invitation_event_id_user_id")
        ),
    )
    op.create_index(op.f("ix_event_invitation_by_id"), "event_invitation", ["by_id"], unique=False)
    op.create_index(op.f("ix_event_invitation_email"), "event_invitation", ["email"], unique=False)
    op.create_index(
        "ix_event_invitation_event_id_id", "event_invitation", ["event_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_event_invitation_news_id"), "event_invitation", ["news_id"], unique=False
    )
    op.create_index(
        op.f("ix_event_invitation_outgoing_email_id"),
        "event_invitation",
        ["outgoing_email_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_event_invitation_user_id"), "event_invitation", ["user_id"], unique=False
    )
    op.create_table(
        "event_option",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("price", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "price IS NULL OR price IN ('free', 'donation', 'door')",
            name=op.f("ck_event_option_price_kind"),
        ),
        sa.CheckConstraint(
            "(question_id IS NULL) = (price IS NOT NULL)", name=op.f("ck_event_option_price")
        ),
        sa.CheckConstraint(
            "amount IS NULL OR (amount >= 0 AND currency IS NOT NULL)",
            name=op.f("ck_event_option_amount"),
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity >= 0", name=op.f("ck_event_option_capacity")
        ),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_event_option_window"),
        ),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_event_option_taken")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_option_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["event_question.id"],
            name=op.f("fk_event_option_question_id_event_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_option")),
    )
    op.create_index(
        "ix_event_option_event_id_position", "event_option", ["event_id", "position"], unique=False
    )
    op.create_index(
        op.f("ix_event_option_question_id"), "event_option", ["question_id"], unique=False
    )
    op.create_index(
        "ix_event_option_ticket_label",
        "event_option",
        ["event_id", "label"],
        unique=True,
        sqlite_where=sa.text("question_id IS NULL"),
        postgresql_where=sa.text("question_id IS NULL"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("shown_stars", sa.Integer(), nullable=True),
        sa.Column("shown_comment", sa.Text(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_feedback_stars")),
        sa.CheckConstraint("user_id IS NULL OR guest_id IS NULL", name=op.f("ck_feedback_who")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_feedback_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_feedback_guest_id_guest"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_feedback_user_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("event_id", "tag", name=op.f("uq_feedback_event_id_tag")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feedback_guest_id"), "feedback", ["guest_id"], unique=False)
    op.create_index(op.f("ix_feedback_user_id"), "feedback", ["user_id"], unique=False)
    op.create_table(
        "host_message",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (guest_id IS NULL)", name=op.f("ck_host_message_who")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_host_message_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"],
            ["guest.id"],
            name=op.f("fk_host_message_guest_id_guest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_host_message_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_message")),
    )
    op.create_index(op.f("ix_host_message_event_id"), "host_message", ["event_id"], unique=False)
    op.create_index(op.f("ix_host_message_guest_id"), "host_message", ["guest_id"], unique=False)
    op.create_index(op.f("ix_host_message_user_id"), "host_message", ["user_id"], unique=False)
    op.create_table(
        "option",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_option_span")),
        sa.CheckConstraint("number BETWEEN 1 AND 50", name=op.f("ck_option_number")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_option_times")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_option_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option")),
        sa.UniqueConstraint("vote_id", "number", name=op.f("uq_option_vote_id_number")),
    )
    op.create_table(
        "rsvp",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("seats_waiting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("by_host", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("decline_message", sa.String(length=500), server_default="", nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_offer", sa.Boolean(), nullable=False),
        sa.Column("withdrawals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ticket", sa.String(length=4), nullable=True),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)", name=op.f("ck_rsvp_offered_until")
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'offered') OR seats_waiting > 0) = (position IS NOT NULL)",
            name=op.f("ck_rsvp_position"),
        ),
        sa.CheckConstraint(
            "seats_waiting = 0 OR (state = 'going' AND seats_waiting BETWEEN 1 AND 20)",
            name=op.f("ck_rsvp_seats_waiting"),
        ),
        sa.CheckConstraint(
            "state IN ('going', 'maybe', 'not_going', 'waiting', 'offered', 'asked', 'refused')",
            name=op.f("ck_rsvp_state"),
        ),
        sa.CheckConstraint("party BETWEEN 1 AND 21", name=op.f("ck_rsvp_party")),
        sa.CheckConstraint("user_id IS NULL OR guest_id IS NULL", name=op.f("ck_rsvp_who")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_rsvp_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_rsvp_guest_id_guest"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_rsvp_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvp")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_rsvp_event_id_user_id")),
        sa.UniqueConstraint("guest_id", name=op.f("uq_rsvp_guest_id")),
    )
    op.create_index(
        "ix_rsvp_counted", "rsvp", ["event_id", "state", "is_anonymous", "party"], unique=False
    )
    op.create_index(
        "ix_rsvp_going",
        "rsvp",
        ["event_id", "answered_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'going'"),
        postgresql_where=sa.text("state = 'going'"),
    )
    op.create_index("ix_rsvp_offered_until", "rsvp", ["offered_until"], unique=False)
    op.create_index("ix_rsvp_ticket", "rsvp", ["ticket"], unique=False)
    op.create_index("ix_rsvp_user_id_state", "rsvp", ["user_id", "state"], unique=False)
    op.create_index("ix_rsvp_waitlist", "rsvp", ["event_id", "position"], unique=True)
    op.create_table(
        "secret_ballot",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("tracker", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.String(length=500), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("is_fresh", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_secret_ballot_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", "tracker", name=op.f("pk_secret_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secret_link",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "kind IN ('open', 'mix', 'extend', 'close')", name=op.f("ck_secret_link_kind")
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_secret_link_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", "seq", name=op.f("pk_secret_link")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "secret_roll",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_secret_roll_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", "user_id", name=op.f("pk_secret_roll")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shift_claim",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shift_id"],
            ["event_shift.id"],
            name=op.f("fk_shift_claim_shift_id_event_shift"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_shift_claim_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_claim")),
        sa.UniqueConstraint("shift_id", "user_id", name=op.f("uq_shift_claim_shift_id_user_id")),
    )
    op.create_index(op.f("ix_shift_claim_user_id"), "shift_claim", ["user_id"], unique=False)
    op.create_table(
        "vote_invitee",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_vote_invitee_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_vote_invitee_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_invitee_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_invitee")),
        sa.UniqueConstraint("vote_id", "user_id", name=op.f("uq_vote_invitee_vote_id_user_id")),
    )
    op.create_index(op.f("ix_vote_invitee_by_id"), "vote_invitee", ["by_id"], unique=False)
    op.create_index(op.f("ix_vote_invitee_user_id"), "vote_invitee", ["user_id"], unique=False)
    op.create_table(
        "vote_outcome",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_vote_outcome_by_id_user")),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_outcome_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_outcome")),
        sa.UniqueConstraint("vote_id", name=op.f("uq_vote_outcome_vote_id")),
    )
    op.create_index(op.f("ix_vote_outcome_by_id"), "vote_outcome", ["by_id"], unique=False)
    op.create_index(
        "ix_vote_outcome_review_on",
        "vote_outcome",
        ["review_on"],
        unique=False,
        sqlite_where=sa.text("reminded_at IS NULL"),
        postgresql_where=sa.text("reminded_at IS NULL"),
    )
    op.create_table(
        "voter",
        sa.Column("vote_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_voter_user_id_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_voter_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voter")),
        sa.UniqueConstraint("vote_id", "user_id", name=op.f("uq_voter_vote_id_user_id")),
    )
    op.create_index(op.f("ix_voter_user_id"), "voter", ["user_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("rsvp_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("inside", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "arrived > 0 AND inside BETWEEN 0 AND arrived", name=op.f("ck_attendance_inside")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_attendance_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name=op.f("fk_attendance_rsvp_id_rsvp"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rsvp_id", name=op.f("pk_attendance")),
    )
    op.create_index(
        "ix_attendance_event_id_arrived_inside",
        "attendance",
        ["event_id", "arrived", "inside"],
        unique=False,
    )
    op.create_table(
        "check_in_event",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("rsvp_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("is_in", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 21", name=op.f("ck_check_in_event_people")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_check_in_event_by_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_check_in_event_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"],
            ["rsvp.id"],
            name=op.f("fk_check_in_event_rsvp_id_rsvp"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_event")),
    )
    op.create_index(op.f("ix_check_in_event_by_id"), "check_in_event", ["by_id"], unique=False)
    op.create_index(
        "ix_check_in_event_event_id_id", "check_in_event", ["event_id", "id"], unique=False
    )
    op.create_index(op.f("ix_check_in_event_rsvp_id"), "check_in_event", ["rsvp_id"], unique=False)
    op.create_table(
        "rsvp_pick",
        sa.Column("rsvp_id", sa.Uuid(), nullable=False),
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["event_option.id"],
            name=op.f("fk_rsvp_pick_option_id_event_option"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rsvp_id"], ["rsvp.id"], name=op.f("fk_rsvp_pick_rsvp_id_rsvp"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rsvp_id", "option_id", name=op.f("pk_rsvp_pick")),
    )
    op.create_index(op.f("ix_rsvp_pick_option_id"), "rsvp_pick", ["option_id"], unique=False)
    op.create_table(
        "session_booking",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("seats_waiting", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_offer", sa.Boolean(), nullable=False),
        sa.Column("withdrawals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'offered') = (offered_until IS NOT NULL)",
            name=op.f("ck_session_booking_offered_until"),
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'offered') OR seats_waiting > 0) = (position IS NOT NULL)",
            name=op.f("ck_session_booking_position"),
        ),
        sa.CheckConstraint(
            "seats_waiting = 0 OR (state = 'going' AND seats_waiting BETWEEN 1 AND 20)",
            name=op.f("ck_session_booking_seats_waiting"),
        ),
        sa.CheckConstraint(
            "state IN ('going', 'not_going', 'waiting', 'offered')",
            name=op.f("ck_session_booking_state"),
        ),
        sa.CheckConstraint("party BETWEEN 1 AND 21", name=op.f("ck_session_booking_party")),
        sa.CheckConstraint(
            "user_id IS NULL OR guest_id IS NULL", name=op.f("ck_session_booking_who")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"],
            ["guest.id"],
            name=op.f("fk_session_booking_guest_id_guest"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["agenda_session.id"],
            name=op.f("fk_session_booking_session_id_agenda_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_session_booking_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_booking")),
        sa.UniqueConstraint(
            "session_id", "guest_id", name=op.f("uq_session_booking_session_id_guest_id")
        ),
        sa.UniqueConstraint(
            "session_id", "user_id", name=op.f("uq_session_booking_session_id_user_id")
        ),
    )
    op.create_index(
        op.f("ix_session_booking_guest_id"), "session_booking", ["guest_id"], unique=False
    )
    op.create_index(
        "ix_session_booking_offered_until", "session_booking", ["offered_until"], unique=False
    )
    op.create_index(
        op.f("ix_session_booking_user_id"), "session_booking", ["user_id"], unique=False
    )
    op.create_index(
        "ix_session_booking_waitlist", "session_booking", ["session_id", "position"], unique=True
    )
    op.create_table(
        "session_speaker",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("speaker_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["agenda_session.id"],
            name=op.f("fk_session_speaker_session_id_agenda_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"],
            ["speaker.id"],
            name=op.f("fk_session_speaker_speaker_id_speaker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "speaker_id", name=op.f("pk_session_speaker")),
    )
    op.create_index(
        op.f("ix_session_speaker_speaker_id"), "session_speaker", ["speaker_id"], unique=False
    )
    op.create_table(
        "waitlist_step",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("seats_free", sa.Integer(), nullable=True),
        sa.Column("full", sa.String(length=100), server_default="", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_waitlist_step_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"],
            ["guest.id"],
            name=op.f("fk_waitlist_step_guest_id_guest"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["agenda_session.id"],
            name=op.f("fk_waitlist_step_session_id_agenda_session"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_waitlist_step_user_id_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waitlist_step")),
    )
    op.create_index(
        "ix_waitlist_step_event_id_number", "waitlist_step", ["event_id", "number"], unique=True
    )
    op.create_index(op.f("ix_waitlist_step_guest_id"), "waitlist_step", ["guest_id"], unique=False)
    op.create_index(
        op.f("ix_waitlist_step_session_id"), "waitlist_step", ["session_id"], unique=False
    )
    op.create_index(op.f("ix_waitlist_step_user_id"), "waitlist_step", ["user_id"], unique=False)
