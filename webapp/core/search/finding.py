"""Which rows fit what somebody looks for. Every word is the beginning of a word of the row, in whatever order."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from ..extensions import db
from .texts import BREAK, NAME, Asked

#: Rows that fit are picked by the index up to so many. A word that more have is met soon in any list that is read in order.
MANY = 1000


class Found(NamedTuple):
    """The condition for the rows that fit. `few`: at most MANY do, in the whole table, and the index picks them."""

    condition: sa.ColumnElement[bool]
    few: bool


def find(model: Any, wanted: Asked, by_name: bool = False) -> Found:
    """Which rows fit; `by_name`: those whose name has all the words. Asks the index once how many they are, to MANY."""
    terms = tuple(NAME + word for word in wanted.words) if by_name else wanted.terms
    if wanted.is_nothing:
        return Found(sa.false(), True)
    if not terms:
        return Found(sa.true(), False)
    picked = _picked(model, terms)
    counted = sa.select(sa.func.count()).select_from(picked.limit(MANY + 1).subquery())
    if (db.session.scalar(counted) or 0) <= MANY:
        return Found(model.id.in_(picked), True)
    return Found(_together(_holds(model, term) for term in terms), False)


def rank(model: Any, wanted: Asked) -> sa.ColumnElement[int]:
    """How well a row that fits does: 0 is called so, 1 has the words in its name, 2 at a glance, 3 somewhere."""
    called = model.search_text.like(_constant(" ".join(wanted.words) + f"{BREAK}%"))
    named = sa.and_(sa.true(), *(_holds(model, NAME + word) for word in wanted.words))
    glanced = sa.and_(sa.true(), *(_holds(model, word, f"%{BREAK}%{BREAK}%") for word in wanted.words))
    return sa.case((called, 0), (named, 1), (glanced, 2), else_=3)


def _picked(model: Any, terms: tuple[str, ...]) -> sa.Select[Any]:
    """The ids of the rows, by the index. Terms are letters and digits alone: nothing in them is an operator."""
    if db.engine.dialect.name == "postgresql":
        query = sa.cast(_constant(" & ".join(f"'{term}':*" for term in terms)), TSQUERY)
        row = sa.orm.aliased(model)
        return sa.select(row.id).where(sa.func.search_words(row.search_text).op("@@")(query))
    name = model.__tablename__
    words = sa.table(f"{name}_search", sa.column("rowid"))
    numbers = sa.table(f"{name}_search_row", sa.column("number"), sa.column("id", sa.Uuid))
    beginnings = _constant(" AND ".join(f'"{term}"*' for term in terms))
    matching = sa.literal_column(f"{name}_search").op("MATCH")(beginnings)
    return sa.select(numbers.c.id).select_from(words.join(numbers, numbers.c.number == words.c.rowid)).where(matching)


def _holds(model: Any, term: str, then: str = "%") -> sa.ColumnElement[bool]:
    """Whether a word begins so, by reading the text."""
    return (" " + model.search_text).like(_constant(f"% {term}{then}"))


def _together(conditions: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """All of them, in a form that a planner takes for one: of several it would think that next to nothing fits."""
    return sa.case((sa.and_(*conditions), 1), else_=0) == 1


def _constant(words: str) -> sa.BindParameter[str]:
    """Written into the statement: a planner that sees the words knows how many rows have them."""
    return sa.literal(words, sa.Text, literal_execute=True)
