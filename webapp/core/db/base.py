"""The base of models: ids, types of columns, foreign keys and constraints."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from uuid_utils.compat import uuid7 as new_id

from ..time import clock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A time, aware and in UTC on both sides, even if the database stores naive ones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CachedUuid(sa.Uuid[UUID]):
    """An id. On SQLite, where ids are text, parsed ones are cached: parsing takes ten calls, and
    a page has a hundred ids.
    """

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        """Return what parses a value; None if the driver does."""
        return _uuid_of_text if super().result_processor(dialect, coltype) else None


@lru_cache(maxsize=16384)
def _uuid_of_text(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)


TYPES = {datetime: UtcDateTime, uuid.UUID: CachedUuid}
registry = sa.orm.registry(
    metadata=sa.MetaData(naming_convention=NAMING), type_annotation_map=TYPES
)


class Base(DeclarativeBase):
    """Flask-SQLAlchemy builds its Model from this; the registry carries the types and the names
    of constraints.
    """

    registry = registry


def foreign_key(target: str, *, ondelete: str = "CASCADE", **options: Any) -> MappedColumn[Any]:
    """Return a column that refers to a row; by default its own row is deleted together with
    that.
    """
    return mapped_column(sa.ForeignKey(target, ondelete=ondelete), **options)


def one_of(column: str, words: Iterable[str], *, optional: bool = False) -> sa.CheckConstraint:
    """Return the constraint that a column contains one of these words, or nothing if it's
    optional.
    """
    listed = f"{column} IN ({', '.join(map(repr, words))})"
    return sa.CheckConstraint(f"{column} IS NULL OR {listed}" if optional else listed, name=column)


class Entity:
    """A row with an unguessable id, and the time of its creation. Ids sort by time, too, unless
    `idempotency` derived them from a form.
    """

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def new_message_id() -> str:
    """Return the local part of an email's Message-ID, the same for every attempt to deliver it."""
    return secrets.token_hex(16)


def random_suffix(length: int = 5) -> str:
    """Return characters that tell a new slug from a taken one, and nothing about that one."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(length))


def nonce() -> str:
    """Return the random part of a signed link. Changing it invalidates earlier links."""
    return secrets.token_urlsafe(12)


def parse_uuid(value: Any) -> UUID | None:
    """Parse the id in a form's field; return None if there is none."""
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None
