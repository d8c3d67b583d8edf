"""Databases with all tables and no rows, created once per run. Sites start with copies of them."""

import shutil
from functools import partial
from pathlib import Path

from flask_migrate import upgrade

from webapp import create_app
from webapp.core.db import migrations
from webapp.core.extensions import db

from . import databases
from .shared_fixtures import made_once


def database(kind: str) -> str:
    """Return the URL of such a database of this kind, to be copied, never used."""
    return made_once(f"migrated-{kind}", partial(_make, kind))["url"]


def _make(kind: str, folder: Path) -> dict[str, str]:
    address = databases.made(kind, folder)
    app = create_app(
        DATABASE_URL=address,
        INSTANCE=str(folder / "site"),
        REDIS_URL="",
        MAIL_SERVER="",
        SECRET_KEY="k" * 40,
    )
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return {"url": address}


def into(instance: Path) -> None:
    """Put a database with all tables into the site's folder, unless it has one."""
    instance.mkdir(parents=True, exist_ok=True)
    if not (instance / "folkmoot.db").exists():
        shutil.copy(database("sqlite").removeprefix("sqlite:///"), instance / "folkmoot.db")


LATER = '''"""Add a column, for a test"""

import sqlalchemy as sa
from alembic import op

revision = "9999_later"
down_revision = "{newest}"


def upgrade():
    op.add_column("event", sa.Column("later", sa.Integer, nullable=False, server_default="0"))


def downgrade():
    op.drop_column("event", "later")
'''


def with_a_later_one(folder: Path) -> Path:
    """Return a copy of the migrations, in this folder, with one more migration at the end."""
    target = folder / "migrations"
    shutil.copytree(migrations.FOLDER, target, ignore=shutil.ignore_patterns("__pycache__"))
    newest, _ = migrations.revisions()
    (target / "versions" / "9999_later.py").write_text(LATER.format(newest=newest))
    return target
