"""Which rows fit what somebody looks for.

Every word is the beginning of a word of the row, in whatever order.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from ..extensions import db
from .texts import BREAK, NAME, Asked

#: Rows that fit are picked by the index up to so many. A word that more have is met soon in any
#: list that is read in order.
MANY = 500


class Found(NamedTuple):
    """The condition for the rows that fit.

    `few`: at most MANY do, in the whole table, and the index has picked them.
    """

    condition: sa.ColumnElement[bool]
    few: bool


def find(model: Any, wanted: Asked, besides: tuple[str, ...] = ()) -> Found:
    """Which rows fit. Asks the index once, for the first MANY of them.

    What it has picked is named one by one in the condition: of beginnings of words a planner
    believes that a great many fit. `besides`: words of all rows that the caller's other conditions
    let through; the index looks for them, too, and picks fewer.
    """
    return _found(model, wanted, besides, wanted.terms)[0]


def find_named(model: Any, wanted: Asked, besides: tuple[str, ...] = ()) -> tuple[Found, Found]:
    """Which rows fit, and which of them have all the words in their name; asks the index once,
    too.
    """
    of_name = (*(NAME + word for word in wanted.words), *wanted.terms[len(wanted.words) :])
    found, named = _found(model, wanted, besides, wanted.terms, of_name)
    return found, named


def _found(
    model: Any, wanted: Asked, besides: tuple[str, ...], *ways: tuple[str, ...]
) -> list[Found]:
    if wanted.is_nothing or not wanted.terms:
        return [Found(sa.false() if wanted.is_nothing else sa.true(), wanted.is_nothing)] * len(
            ways
        )
    parts = [_picked(model, (*terms, *besides)).limit(MANY + 1).subquery() for terms in ways]
    asked = sa.union_all(
        *(sa.select(sa.literal(way).label("way"), part.c.id) for way, part in enumerate(parts))
    )
    picked: list[list[Any]] = [[] for _way in ways]
    for way, row_id in db.session.execute(asked):
        picked[way].append(row_id)
    return [
        _one_of(model, ids) if len(ids) <= MANY else _read(model, terms)
        for ids, terms in zip(picked, ways, strict=True)
    ]


def _one_of(model: Any, ids: list[Any]) -> Found:
    return Found(
        model.id.in_([UUID(row_id) if isinstance(row_id, str) else row_id for row_id in ids]), True
    )


def _read(model: Any, terms: tuple[str, ...]) -> Found:
    return Found(_together(_holds(model, term) for term in terms), False)


def rank(model: Any, wanted: Asked) -> sa.ColumnElement[int]:
    """How well a row that fits does: 0 is called so, 1 has the words in its name, 2 at a glance,
    3 somewhere.
    """
    called = model.search_text.like(_constant(" ".join(wanted.words) + f"{BREAK}%"))
    named = sa.and_(sa.true(), *(_holds(model, NAME + word) for word in wanted.words))
    glanced = sa.and_(
        sa.true(), *(_holds(model, word, f"%{BREAK}%{BREAK}%") for word in wanted.words)
    )
    return sa.case((called, 0), (named, 1), (glanced, 2), else_=3)


def _picked(model: Any, terms: tuple[str, ...]) -> sa.Select[Any]:
    """The ids of the rows, by the index.

    Terms are letters and digits alone: nothing in them is an operator.
    """
    if db.engine.dialect.name == "postgresql":
        query = sa.cast(_constant(" & ".join(f"'{term}':*" for term in terms)), TSQUERY)
        return sa.select(model.id).where(sa.func.search_words(model.search_text).op("@@")(query))
    name = model.__tablename__
    words = sa.table(f"{name}_search", sa.column("rowid"))
    # as text: of too many ids none is needed
    numbers = sa.table(f"{name}_search_row", sa.column("number"), sa.column("id", sa.Text))
    beginnings = _constant(" AND ".join(f'"{term}"*' for term in terms))
    matching = sa.literal_column(f"{name}_search").op("MATCH")(beginnings)
    return (
        sa.select(numbers.c.id)
        .select_from(words.join(numbers, numbers.c.number == words.c.rowid))
        .where(matching)
    )


def _holds(model: Any, term: str, then: str = "%") -> sa.ColumnElement[bool]:
    """Whether a word begins so, by reading the text."""
    return (" " + model.search_text).like(_constant(f"% {term}{then}"))


def _together(conditions: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """All of them, in a form of which a planner believes that every second row fits: of several
    it would think that none does.
    """
    return sa.case((sa.and_(*conditions), sa.true()), else_=sa.false())


def _constant(words: str) -> sa.BindParameter[str]:
    """Written into the statement: a planner that sees the words knows how many rows have them."""
    return sa.literal(words, sa.Text, literal_execute=True)
