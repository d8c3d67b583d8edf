"""Full-text search by prefixes of words.

A row matches if each term starts one of its words, in any order.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import TSQUERY

from ..extensions import db
from .strings import folded

#: Prefixes of words that belong to the name, or to the place.
NAME, PLACE = "n0", "p0"
#: Separates the lines of a search text: the name; what the reader sees at a glance; the rest; and
#: the words of name and place again, with their prefixes.
BREAK = " \n "
LONGEST_WORD = 40
MOST_WORDS = 8
MOST_TYPED = 500
#: Scripts without spaces: Chinese characters and kana, and those of South-East Asia.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class SearchTerms(NamedTuple):
    """What someone searches for: words anywhere, and words in the place.

    `is_nothing`: only punctuation was typed, which matches nothing.
    """

    words: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    is_nothing: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """The prefixes that a row's text must contain."""
        return (*self.words, *(PLACE + word for word in self.place))


def parse_terms(words: str = "", place: str = "") -> SearchTerms:
    """Parse what a person typed: its first words, without case, accents and punctuation."""
    terms, located = (_terms(typed) for typed in (words, place))
    return SearchTerms(
        terms, located, bool((words.strip() and not terms) or (place.strip() and not located))
    )


def _terms(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_words(typed[:MOST_TYPED], searching=True)))[:MOST_WORDS]


def search_text_of(name: str, glance: str = "", more: str = "", place: str = "") -> str:
    """Return the text that is indexed: the words of the name, of the place and glance, and of the
    rest.
    """
    lines = [list(_words(text)) for text in (name, f"{glance} {place}", more)]
    marked = [*(NAME + word for word in lines[0]), *(PLACE + word for word in _words(place))]
    return BREAK.join(" ".join(line) for line in (*lines, dict.fromkeys(marked)))


def _words(text: str, searching: bool = False) -> Iterator[str]:
    """Yield words: runs of letters, digits and their marks.

    In scripts without spaces, yield every pair of neighbours.
    """
    spaced = "".join(sign if _is_of_a_word(sign) else " " for sign in folded(text))
    for run in spaced.split():
        for unspaced, letters in groupby(run, _is_unspaced):
            word = "".join(letters)
            if unspaced:
                yield from _pairs(word, searching)
            else:
                yield word[:LONGEST_WORD]


def _pairs(run: str, searching: bool) -> Iterator[str]:
    """Yield pairs of letters.

    Indexed texts also yield the last letter alone, so that every letter starts a word; a search
    needs it only for a single letter.
    """
    for place in range(max(1, len(run) - 1) if searching else len(run)):
        yield run[place : place + 2]


@lru_cache(maxsize=4096)
def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


@lru_cache(maxsize=4096)
def _is_unspaced(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _UNSPACED)


#: The index picks matching rows up to this number. A commoner word is soon found by reading the
#: list in order.
MANY = 500


class SearchMatch(NamedTuple):
    """The condition for matching rows.

    `few`: at most MANY rows of the table match, and the index has found them.
    """

    condition: sa.ColumnElement[bool]
    few: bool


def find(model: Any, search_terms: SearchTerms, besides: tuple[str, ...] = ()) -> SearchMatch:
    """Return the condition for matching rows. Queries the index once, for the first MANY.

    Their ids are listed in the condition, since planners overestimate how many rows match a prefix.
    `besides` are words of all rows that the caller's other conditions allow: with them the index
    finds fewer.
    """
    return _found(model, search_terms, besides, search_terms.terms)[0]


def find_named(
    model: Any, search_terms: SearchTerms, besides: tuple[str, ...] = ()
) -> tuple[SearchMatch, SearchMatch]:
    """Return the conditions for matching rows, and for those with all words in their name.

    Queries the index once.
    """
    of_name = (
        *(NAME + word for word in search_terms.words),
        *search_terms.terms[len(search_terms.words) :],
    )
    found, named = _found(model, search_terms, besides, search_terms.terms, of_name)
    return found, named


def _found(
    model: Any, search_terms: SearchTerms, besides: tuple[str, ...], *ways: tuple[str, ...]
) -> list[SearchMatch]:
    if search_terms.is_nothing or not search_terms.terms:
        return [
            SearchMatch(
                sa.false() if search_terms.is_nothing else sa.true(), search_terms.is_nothing
            )
        ] * len(ways)
    parts = [_picked(model, (*terms, *besides)).limit(MANY + 1).subquery() for terms in ways]
    query = sa.union_all(
        *(sa.select(sa.literal(way).label("way"), part.c.id) for way, part in enumerate(parts))
    )
    picked: list[list[Any]] = [[] for _way in ways]
    for way, row_id in db.session.execute(query):
        picked[way].append(row_id)
    return [
        _one_of(model, ids) if len(ids) <= MANY else _read(model, terms)
        for ids, terms in zip(picked, ways, strict=True)
    ]


def _one_of(model: Any, ids: list[Any]) -> SearchMatch:
    return SearchMatch(
        model.id.in_([UUID(row_id) if isinstance(row_id, str) else row_id for row_id in ids]), True
    )


def _read(model: Any, terms: tuple[str, ...]) -> SearchMatch:
    return SearchMatch(_together(_holds(model, term) for term in terms), False)


def rank(model: Any, search_terms: SearchTerms) -> sa.ColumnElement[int]:
    """Rank a matching row: 0 has exactly this name, 1 the words in its name, 2 at a glance, 3
    anywhere.
    """
    called = model.search_text.like(_constant(" ".join(search_terms.words) + f"{BREAK}%"))
    named = sa.and_(sa.true(), *(_holds(model, NAME + word) for word in search_terms.words))
    glanced = sa.and_(
        sa.true(), *(_holds(model, word, f"%{BREAK}%{BREAK}%") for word in search_terms.words)
    )
    return sa.case((called, 0), (named, 1), (glanced, 2), else_=3)


def _picked(model: Any, terms: tuple[str, ...]) -> sa.Select[Any]:
    """Select the ids of matching rows by the index.

    Terms are letters and digits only, so nothing in them is an operator.
    """
    if db.engine.dialect.name == "postgresql":
        query = sa.cast(_constant(" & ".join(f"'{term}':*" for term in terms)), TSQUERY)
        return sa.select(model.id).where(sa.func.search_words(model.search_text).op("@@")(query))
    name = model.__tablename__
    words = sa.table(f"{name}_search", sa.column("rowid"))
    # as text: if there are too many ids, none is needed
    numbers = sa.table(f"{name}_search_row", sa.column("number"), sa.column("id", sa.Text))
    beginnings = _constant(" AND ".join(f'"{term}"*' for term in terms))
    matching = sa.literal_column(f"{name}_search").op("MATCH")(beginnings)
    return (
        sa.select(numbers.c.id)
        .select_from(words.join(numbers, numbers.c.number == words.c.rowid))
        .where(matching)
    )


def _holds(model: Any, term: str, then: str = "%") -> sa.ColumnElement[bool]:
    """Match a word with this prefix by reading the text."""
    return (" " + model.search_text).like(_constant(f"% {term}{then}"))


def _together(conditions: Iterable[sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
    """Combine the conditions in a form that planners estimate at half of the rows; for a plain AND
    they would assume none.
    """
    return sa.case((sa.and_(*conditions), sa.true()), else_=sa.false())


def _constant(words: str) -> sa.BindParameter[str]:
    """Write the words into the statement, so that the planner can estimate how many rows
    have them.
    """
    return sa.literal(words, sa.Text, literal_execute=True)


__all__ = [
    "MANY",
    "NAME",
    "SearchTerms",
    "SearchMatch",
    "parse_terms",
    "find",
    "find_named",
    "indexed",
    "is_kept_for_it",
    "rank",
    "search_text_of",
]


# The index of a table's `search_text`. The database updates it in the same transaction, no matter
# which program writes the row. In PostgreSQL it is over an expression. SQLite's FTS5 needs row
# numbers, but those of our tables change on VACUUM. So a table maps numbers to ids, and triggers
# update both. Migration 0001 contains the same statements.

#: PostgreSQL's index; SQLite's words, FTS5's own tables, and the row numbers.
_OURS = re.compile(r"ix_\w+_search|\w+_search(_row|_data|_idx|_content|_docsize|_config)?")

#: PostgreSQL takes the words as they are. The cost keeps the planner from calling this on a whole
#: table.
WORDS_FUNCTION = """
CREATE OR REPLACE FUNCTION search_words(text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS
$$ BEGIN
RETURN array_to_tsvector(array_remove(string_to_array(translate($1, E'\\n', ' '), ' '), ''));
END $$
"""


def indexed(table: sa.FromClause) -> None:
    """Create the index with the table."""
    for dialect, statements in (("postgresql", on_postgresql), ("sqlite", on_sqlite)):
        for statement in statements(table.name):  # type: ignore[attr-defined]
            event.listen(
                table,
                "after_create",
                sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect),
            )


def is_kept_for_it(name: str | None) -> bool:
    """Whether a table or index belongs to search: it is derived from other rows by the database."""
    return _OURS.fullmatch(name or "") is not None


def on_postgresql(table: str) -> list[str]:
    """Return the statements that create PostgreSQL's index."""
    return [
        WORDS_FUNCTION,
        f'CREATE INDEX ix_{table}_search ON "{table}" USING gin (search_words(search_text))',
    ]


def on_sqlite(table: str) -> list[str]:
    """Return the statements that create SQLite's words, row numbers and triggers."""
    rows = f"FROM {table}_search_row WHERE id ="
    added = (
        f"INSERT INTO {table}_search (rowid, words) SELECT number, new.search_text {rows} new.id"
    )
    removed = (
        f"INSERT INTO {table}_search ({table}_search, rowid, words) SELECT 'delete', number, "
        f"old.search_text {rows} old.id"
    )
    numbered = f"INSERT INTO {table}_search_row (id) VALUES (new.id)"
    unnumbered = f"DELETE FROM {table}_search_row WHERE id = old.id"
    changes = "WHEN old.search_text IS NOT new.search_text"
    return [
        f"CREATE TABLE {table}_search_row (number INTEGER PRIMARY KEY, id CHAR(32) NOT NULL "
        "UNIQUE)",
        f"CREATE VIRTUAL TABLE {table}_search USING fts5(words, content='', tokenize='ascii', "
        "prefix='2 3', detail=none)",
        f'CREATE TRIGGER {table}_search_added AFTER INSERT ON "{table}" BEGIN {numbered}; '
        f"{added}; END",
        f'CREATE TRIGGER {table}_search_changed AFTER UPDATE OF search_text ON "{table}" '
        f"{changes} BEGIN {removed}; {added}; END",
        f'CREATE TRIGGER {table}_search_removed AFTER DELETE ON "{table}" BEGIN {removed}; '
        f"{unnumbered}; END",
    ]
