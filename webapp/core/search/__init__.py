"""Search by words, alike on PostgreSQL (full text with GIN) and SQLite (FTS5). `decisions/0025`
says how and why.

A table that is searched has a column `search_text`, which `text_of` makes and whose index the
database keeps by itself. `asked` reads what a person typed; `find` says which rows fit, and `rank`
which of them fit better.
"""

from .finding import MANY, Found, find, find_named, rank
from .index import indexed, is_kept_for_it
from .texts import NAME, Asked, asked, text_of

__all__ = [
    "MANY",
    "NAME",
    "Asked",
    "Found",
    "asked",
    "find",
    "find_named",
    "indexed",
    "is_kept_for_it",
    "rank",
    "text_of",
]
