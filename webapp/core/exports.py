"""What a person takes along: each feature says which rows are theirs, which columns go into the
file, and why others do not.
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
    """One JSON file: rows of `model` for which `whose` holds, oldest first.

    Every column is in `columns`, or in `left_out` with the reason. `more` adds what a row is
    about, in words.
    """

    name: str
    model: Any
    whose: sa.ColumnElement[bool]
    columns: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as JSON holds them."""
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
    """What the features have added: files of JSON, and the files that the person uploaded, by
    what they are called.
    """

    json: list[JsonFile] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def add(self, *parts: JsonFile) -> None:
        """These are part of what the person takes along."""
        self.json.extend(parts)

    def add_file(self, name: str, called: str) -> None:
        """The stored file of this name goes along, called so."""
        self.files[called] = name


def plain(value: Any) -> Any:
    """The value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def about(model: Any, column: str, attribute: str) -> Callable[[Any], Any]:
    """What a row's `column` leads to, in words: `about(Vote, "vote_id", "title")`; None where it
    leads nowhere.
    """

    def tell(row: Any) -> Any:
        wanted = getattr(row, column)
        found = db.session.get(model, wanted) if wanted is not None else None
        return getattr(found, attribute) if found is not None else None

    return tell
