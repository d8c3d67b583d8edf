"""The newest migration of this code."""

from functools import cache

from alembic.script import ScriptDirectory

from ...config import ROOT


@cache
def head() -> str | None:
    """Its name; read once, for it changes with the code only."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()
