"""Leases: one worker at a time owns a row, until a time by the database's clock.

The model has the columns `lease` and `leased_until`. Whatever ends a lease sets both to None.
"""

from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa

from ..db.session import rows_changed
from ..extensions import db

#: The values that end a lease.
FREE: dict[str, Any] = {"lease": None, "leased_until": None}


class Leased(Protocol):
    """A NamedTuple of a row's columns, including `id` and `lease`."""

    @property
    def id(self) -> UUID: ...
    @property
    def lease(self) -> UUID: ...


Held = TypeVar("Held", bound=Leased)


def take(
    model: Any, held: type[Held], until: datetime, *due: sa.ColumnElement[bool], **values: Any
) -> list[Held]:
    """Lease the rows that are `due` and set `values`. They are ours once this commits.

    Return them as `held`, with the columns that its fields name.
    """
    columns = [getattr(model, name) for name in held._fields]  # type: ignore[attr-defined]
    statement = (
        sa.update(model)
        .where(*due)
        .values({"lease": uuid4(), "leased_until": until, **values})
        .returning(*columns)
        .execution_options(synchronize_session=False)
    )
    return [held(*row) for row in db.session.execute(statement)]


def write(model: Any, held: Leased, **values: Any) -> bool:
    """Write only if the lease is still ours: a late worker must not undo another's work.

    Return whether it was.
    """
    ours = sa.update(model).where(model.id == held.id, model.lease == held.lease)
    statement = ours.values(**values).execution_options(synchronize_session=False)
    return bool(rows_changed(statement))
