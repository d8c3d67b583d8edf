"""Databases with every table and no person, made once by each test process: sites begin on copies of them."""

import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from flask_migrate import upgrade

from webapp import create_app
from webapp.core.extensions import db

from . import databases

_made = ExitStack()


@cache
def database(kind: str) -> str:
    """The address of such a database of this kind, which nobody uses: to be copied."""
    folder = Path(_made.enter_context(tempfile.TemporaryDirectory(prefix="folkmoot-migrated-")))
    address = _made.enter_context(databases.fresh(kind, folder))
    app = create_app(DATABASE_URL=address, INSTANCE=str(folder / "site"), REDIS_URL="", MAIL_SERVER="", SECRET_KEY="k" * 40)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return address


def into(instance: Path) -> None:
    """A site that keeps everything in this folder finds a database there: the one that it had, or one with every table."""
    instance.mkdir(parents=True, exist_ok=True)
    if not (instance / "folkmoot.db").exists():
        shutil.copy(database("sqlite").removeprefix("sqlite:///"), instance / "folkmoot.db")


def forget() -> None:
    """None of them is there any more."""
    _made.close()
    database.cache_clear()
