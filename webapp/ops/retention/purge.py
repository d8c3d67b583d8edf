"""Delete what has expired by the retention table."""

from collections.abc import Iterator

import sqlalchemy as sa
import structlog
from flask import current_app

from ...core.db import site_flags
from ...core.db.session import rows_changed
from ...core.extensions import db
from ...core.time import clock
from .rules import RetentionRule, Sweep
from .table import ALL

log = structlog.get_logger(__name__)
#: Set by each purge that completed every rule.
DONE = "purged"


def count(line: RetentionRule | Sweep) -> int:
    """Return how many rows or files the rule would delete now."""
    if isinstance(line, Sweep):
        return len(line.stray())
    over = line.over(clock.now(), current_app.config)
    return db.session.scalar(sa.select(sa.func.count()).select_from(line.model).where(over)) or 0


def carry_out(line: RetentionRule | Sweep) -> int:
    """Delete what has expired by this rule; return how many rows or files, without
    dependent ones.
    """
    if isinstance(line, Sweep):
        return line.sweep()
    if line.clear is not None:
        line.clear()
    change: sa.Delete | sa.Update = (
        sa.delete(line.model)
        if line.emptied is None
        else sa.update(line.model).values(**line.emptied)
    )
    change = change.where(line.over(clock.now(), current_app.config))
    return rows_changed(change.execution_options(synchronize_session=False))


def lines() -> Iterator[tuple[RetentionRule | Sweep, int]]:
    """Yield every rule with the number of rows it deleted; the caller commits after each."""
    for line in ALL:
        yield line, carry_out(line)
    site_flags.set_now(DONE)
