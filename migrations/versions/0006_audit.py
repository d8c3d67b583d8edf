"""The audit log cannot be changed, and the addresses of those who act stand apart.

A later migration that has SQLite make `audit_entry` anew (batch_alter_table) must make its triggers anew, too.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SENTENCE = "audit_entry is only ever added to"
POSTGRESQL = [
    f"""CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$""",
    """CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
]
# The last one is for INSERT OR REPLACE, which deletes without any trigger for deletion.
SQLITE = [
    f"CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
    f"CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END",
    f"""CREATE TRIGGER audit_entry_once BEFORE INSERT ON audit_entry
    WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END""",
]


def upgrade():
    op.create_table(
        "audit_address",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_address_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_address")),
    )
    op.create_index(op.f("ix_audit_address_created_at"), "audit_address", ["created_at"], unique=False)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entry_stays ON audit_entry")
        op.execute("DROP FUNCTION refuse_audit_change()")
    else:
        for name in ("unchanged", "stays", "once"):
            op.execute(f"DROP TRIGGER audit_entry_{name}")
    op.drop_table("audit_address")
