"""Search by words, alike on PostgreSQL (full text with GIN) and SQLite (FTS5). `decisions/0025`
says how and why.

A table that is searched has a column `search_text`, which `text_of` makes and whose index the
database keeps by itself. `asked` reads what a person typed; `find` says which rows fit, and `rank`
which of them fit better.
"""

from .finding import MANY as MANY
from .finding import Found as Found
from .finding import find as find
from .finding import find_named as find_named
from .finding import rank as rank
from .index import indexed as indexed
from .index import is_kept_for_it as is_kept_for_it
from .texts import NAME as NAME
from .texts import Asked as Asked
from .texts import asked as asked
from .texts import text_of as text_of
