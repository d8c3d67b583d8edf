"""Profile pages of the large site: `python -m bench.profiling PATH… [--on sqlite] [--visitor]`.

Prints each SQL statement with its milliseconds, then the functions that take longest, over 20
requests in one process.
"""

import argparse
import cProfile
import logging
import pstats
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine

from .__main__ import running
from .bench import Place

REQUESTS = 20


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--on", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--visitor", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder,
        running(options.on, 1, Path(folder)) as bench,
    ):
        for path in options.paths:
            profiled(bench.large, path, options.visitor)


def profiled(place: Place, path: str, is_visitor: bool) -> None:
    """Print which statements and functions take this page's time."""
    client = place.site.app.test_client(use_cookies=False)
    headers = place.headers(None if is_visitor else place.reader)

    def ask() -> None:
        assert client.get(path, headers=headers, base_url=place.site.address).status_code == 200

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    ask()
    spent: defaultdict[str, list[float]] = defaultdict(list)
    with timed(spent):
        for _ in range(REQUESTS):
            ask()
    print(f"\n{path}: {sum(map(sum, spent.values())) / REQUESTS:.1f} ms in statements")
    for statement, times in sorted(spent.items(), key=lambda pair: -sum(pair[1])):
        print(
            f"  {sum(times) / REQUESTS:7.2f} ms  {len(times) / REQUESTS:.0f} ×  "
            f"{' '.join(statement.split())[:240]}"
        )
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(REQUESTS):
        ask()
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(
        r"webapp|templates|sqlalchemy/orm/(query|session|loading)|psycopg", 40
    )


class timed:  # noqa: N801 - used like a function in a with statement
    """Record the milliseconds of each SQL statement while the block runs."""

    def __init__(self, spent: defaultdict[str, list[float]]) -> None:
        self.spent = spent

    def __enter__(self) -> None:
        event.listen(Engine, "before_cursor_execute", self.begin)
        event.listen(Engine, "after_cursor_execute", self.end)

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self.begin)
        event.remove(Engine, "after_cursor_execute", self.end)

    def begin(self, connection: sa.Connection, *_rest: Any) -> None:
        """Note the start of a statement."""
        connection.info["bench_began"] = time.perf_counter()

    def end(self, connection: sa.Connection, cursor: Any, statement: str, *_rest: Any) -> None:
        """Record the time of a statement that has completed."""
        self.spent[statement].append((time.perf_counter() - connection.info["bench_began"]) * 1000)


if __name__ == "__main__":
    main()
