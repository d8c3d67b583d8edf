"""Pages that the people who run the site write"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every page is the draft that comes with us."""
    op.create_table(
        "site_page",
        sa.Column("page", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 1", name=op.f("ck_site_page_number")),
        sa.CheckConstraint("page IN ('privacy', 'terms', 'imprint')", name=op.f("ck_site_page_page")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_page")),
        sa.UniqueConstraint("page", "number", name=op.f("uq_site_page_page_number")),
    )


def downgrade() -> None:
    """What was written is lost."""
    op.drop_table("site_page")
