"""What a data export contains: each feature lists a person's rows, the exported columns, and why it
leaves out the others.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from .extensions import db


@dataclass(frozen=True)
class JsonFile:
    """One JSON file: the rows of `model` that match `whose`, oldest first.

    Every column is in `columns`, or in `left_out` with the reason. `more` adds readable values,
    such as the title of what a row is about.
    """

    name: str
    model: Any
    whose: sa.ColumnElement[bool]
    columns: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as values that JSON can hold."""
        order = [
            *([self.model.created_at] if hasattr(self.model, "created_at") else []),
            *sa.inspect(self.model).primary_key,
        ]
        found = db.session.scalars(sa.select(self.model).where(self.whose).order_by(*order))
        return [self._row(row) for row in found]

    def _row(self, row: Any) -> dict[str, Any]:
        own = {name: plain(getattr(row, name)) for name in self.columns}
        return {**{name: plain(tell(row)) for name, tell in self.more.items()}, **own}


@dataclass
class PersonalData:
    """What the features have added: JSON files, and uploads (archive name -> stored name)."""

    json: list[JsonFile] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def add(self, *parts: JsonFile) -> None:
        """Add JSON files to the export."""
        self.json.extend(parts)

    def add_file(self, name: str, called: str) -> None:
        """Add the stored file `name` to the export, as `called`."""
        self.files[called] = name


def plain(value: Any) -> Any:
    """Return a value that JSON can hold."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def about(model: Any, column: str, attribute: str) -> Callable[[Any], Any]:
    """Return a function for `JsonFile.more` that reads what a row refers to.

    `about(Vote, "vote_id", "title")` gives the title of the row's vote; None if it refers to
    nothing.
    """

    def tell(row: Any) -> Any:
        wanted = getattr(row, column)
        found = db.session.get(model, wanted) if wanted is not None else None
        return getattr(found, attribute) if found is not None else None

    return tell
