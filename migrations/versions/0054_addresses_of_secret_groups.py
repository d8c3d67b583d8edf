"""Give secret groups addresses that nobody guesses

Revision ID: 0054
Revises: 0053
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def upgrade() -> None:
    """The address of before leads to the new one those who may see the group."""
    group = sa.table("group", *map(sa.column, ("id", "slug", "visibility")))
    before = sa.table("group_slug", *map(sa.column, ("slug", "group_id")))
    connection = op.get_bind()
    secret = sa.select(group.c.id, group.c.slug).where(group.c.visibility == "secret")
    for row in connection.execute(secret).all():
        ending = "".join(secrets.choice(SIGNS) for _ in range(10))
        connection.execute(before.insert().values(slug=row.slug, group_id=row.id))
        connection.execute(group.update().where(group.c.id == row.id).values(slug=f"{row.slug[:60].strip('-')}-{ending}"))


def downgrade() -> None:
    """The addresses stay: those of before lead to them."""
