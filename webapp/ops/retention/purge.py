"""The table, carried out: what is over is gone."""

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
#: Set by each purge that carried out every line.
DONE = "purged"


def count(line: RetentionRule | Sweep) -> int:
    """How many rows or files the line would delete now."""
    if isinstance(line, Sweep):
        return len(line.stray())
    over = line.over(clock.now(), current_app.config)
    return db.session.scalar(sa.select(sa.func.count()).select_from(line.model).where(over)) or 0


def carry_out(line: RetentionRule | Sweep) -> int:
    """What is over by this line is gone; returns how many rows that were, not counting what went
    with them.
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
    """Every line with how many rows it deleted; the caller commits after each."""
    for line in ALL:
        yield line, carry_out(line)
    site_flags.set_now(DONE)
