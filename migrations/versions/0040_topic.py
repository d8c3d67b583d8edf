"""A topic that goes leaves its events without one"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

NAME = "fk_event_category_id_category"


def upgrade() -> None:
    """What a removed topic was about is about what its group is, whoever removes it."""
    _refer("ON DELETE SET NULL")


def downgrade() -> None:
    """A topic that events have cannot be removed."""
    _refer("")


def _refer(rule: str) -> None:
    """On SQLite by another column, for the table made anew would lose its triggers; those of search hear of their own column only."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(NAME, "event", type_="foreignkey")
        op.execute(f"ALTER TABLE event ADD CONSTRAINT {NAME} FOREIGN KEY (category_id) REFERENCES category (id) {rule} NOT VALID")
        op.execute(f"ALTER TABLE event VALIDATE CONSTRAINT {NAME}")
        return
    op.execute(f"ALTER TABLE event ADD COLUMN topic_id CHAR(32) CONSTRAINT {NAME} REFERENCES category (id) {rule}")
    op.execute("UPDATE event SET topic_id = category_id WHERE category_id IS NOT NULL")
    op.drop_index("ix_event_category_id", "event")
    op.drop_column("event", "category_id")
    op.execute("ALTER TABLE event RENAME COLUMN topic_id TO category_id")
    op.create_index("ix_event_category_id", "event", ["category_id"])
