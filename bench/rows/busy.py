"""Pages of a busy site: before each request someone commits a change that has nothing to do with
the page.

The row of a page on a quiet site is followed by the row of the same page on a busy site.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import mean

import sqlalchemy as sa

from .. import load
from ..bench import Bench, Place
from ..data import events
from ..results import Result, Target, figure
from ..sites import Visitor
from . import row

ROUNDS = 2
ALMOST_AS_FAST = figure("times", 1.3, "≤ 1.3 times the quiet one")


def busy(name: str, path: str, *targets: Target, is_signed_in: bool = False) -> None:
    """Register the row of this page on a busy site. Visitors' pages all have ALMOST_AS_FAST as a
    target.
    """

    @row(f"{name}, busy site", *(targets if is_signed_in else (ALMOST_AS_FAST, *targets)))
    def page(bench: Bench) -> Result:
        place = bench.large
        with committing(place.site.settings["DATABASE_URL"], unrelated(place)) as commit:
            return beside_commits(bench, path, commit, place.reader if is_signed_in else None)


def unrelated(place: Place) -> str:
    """Return a statement that changes the last event, which no row reads.

    The value must differ each time, because SQLite commits nothing if nothing changes.
    """
    slug = events.slug_of(place.site.size.events - 1)
    return f"UPDATE event SET last_position = last_position + 1 WHERE slug = '{slug}'"


@contextmanager
def committing(url: str, statement: str) -> Iterator[Callable[[], None]]:
    """Yield a function that commits the statement, on a connection of its own."""
    engine = sa.create_engine(url)

    def commit() -> None:
        with connection.begin():
            connection.exec_driver_sql(statement)

    try:
        with engine.connect() as connection:
            yield commit
    finally:
        engine.dispose()


def beside_commits(
    bench: Bench,
    path: str,
    commit: Callable[[], None],
    visitor: Visitor | None = None,
    status: int = 200,
    **headers: str,
) -> Result:
    """Measure one reader of a page with a commit before each request.

    The figure "times" compares the application's processor time with that of the same reader on a
    quiet site.
    """
    place = bench.large
    request = load.get(path, place.headers(visitor) | headers)
    quiet, busy = [], []
    for _round in range(ROUNDS):
        quiet.append(bench.in_turn(place, request, lambda: None, status))
        busy.append(bench.in_turn(place, request, commit, status))
    result = busy[-1]
    result.cpu, alone = (mean(one.cpu or 0 for one in found) for found in (busy, quiet))
    if result.database_cpu is not None:
        result.database_cpu = mean(one.database_cpu or 0 for one in busy)
    result.figures = {"times": result.cpu / alone if alone else 1.0, "quiet": alone}
    result.note = f"{result.figures['times']:.2f} times the app ms on a quiet site ({alone:.2f})"
    return result
