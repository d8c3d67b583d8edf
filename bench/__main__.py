"""Run the benchmarks on PostgreSQL with Redis and on SQLite alone, and write
bench/results/<date>.md.

make bench                                     everything
make bench ARGS="--rows event --seconds 3"     rows whose names contain a word, or one of several
                                               separated by commas
make bench ARGS="--on sqlite --write no"       on one database, printing the results only
make bench ARGS="--against HEAD~3 --rows event"
                                               what these rows cost now and three commits ago, in
                                               one run
"""

import argparse
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from scripts import services

from . import comparing, machine, processes, report
from .bench import Bench
from .comparing import ComparingBench
from .load import Failed
from .results import Result
from .rows import Row, chosen
from .sites import python

DATABASES = ("postgresql", "sqlite")


def main() -> int:
    """Run the command line; return 1 if a row failed."""
    options = arguments()
    rows = chosen(options.rows)
    if not rows:
        sys.exit("No row has such a name.")
    if options.against:
        return compare(rows, options)
    described = machine.description()
    if refused := refusal(options.write, options.rows, described["revision"]):
        sys.exit(refused)
    results: dict[str, list[Result]] = {}
    with (
        services.heeding_signals(),
        tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as folder,
    ):
        for database in options.on.split(","):
            fitting = [row for row in rows if database in row.databases]
            started = time.monotonic()
            with running(database, options.seconds, Path(folder)) as bench:
                results[database] = [measured(row, bench) for row in fitting]
                described[f"measured, {database}"] = f"{(time.monotonic() - started) / 60:.1f} min"
                described |= {
                    f"{name}, {database}": f"{took:.0f} s" for name, took in bench.timings.items()
                }
    text = report.text(described, results)
    if options.write == "yes" and not options.rows:
        print(f"written to {report.written(described, results, f'{datetime.now(UTC):%Y-%m-%d}')}")
    else:
        print(text)
    return int(any(result.failed for found in results.values() for result in found))


def compare(rows: list[Row], options: argparse.Namespace) -> int:
    """Print what the rows cost here and in other revisions; return 1 if one is dearer here."""
    lines, is_dearer = [comparing.HEAD, ("---",) * len(comparing.HEAD)], False
    with (
        services.heeding_signals(),
        tempfile.TemporaryDirectory(prefix="folkmoot-bench-") as name,
        comparing.checked_out(options.against.split(","), Path(name)) as checkouts,
    ):
        make = partial(ComparingBench, checkouts=checkouts)
        for database in options.on.split(","):
            with running(database, options.seconds, Path(name), make) as bench:
                for row in rows:
                    if database not in row.databases:
                        continue
                    failed, costs = measured(row, bench).failed, bench.taken()
                    if failed or not costs:
                        print(f"  {failed or 'not compared: it measures something else'}")
                        continue
                    for cells, app in comparing.table(f"{database}: {row.name}", costs):
                        lines.append(cells)
                        is_dearer |= app.is_dearer
                        print(f"  {report.line(cells)}", flush=True)
    print("\n".join(map(report.line, lines)))
    return int(is_dearer)


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rows", default="", help="words in the names of the rows to run, separated by commas"
    )
    parser.add_argument("--seconds", type=float, default=2, help="how long to measure each row")
    parser.add_argument("--on", default=",".join(DATABASES), help="postgresql, sqlite or both")
    parser.add_argument(
        "--against",
        default="",
        help="other revisions, separated by commas: compare what the rows cost, and save nothing",
    )
    parser.add_argument(
        "--write",
        choices=("yes", "no"),
        default="yes",
        help="whether to save the results of a whole run",
    )
    return parser.parse_args()


def refusal(write: str, rows: str, revision: str) -> str:
    """Return why the results of a full run can't be saved, or an empty string.

    The file of results names the commit that was measured, so uncommitted changes are refused.
    """
    if write == "yes" and not rows and revision.endswith("-dirty"):
        return "Commit your changes first: saved results name their commit. Or use --write no."
    return ""


@contextmanager
def running(
    database: str, seconds: float, folder: Path, make: Callable[..., Any] = Bench
) -> Iterator[Any]:
    """Start the services that a site on this database needs, and an SMTP server that drops all
    mail. `make` makes the bench.
    """
    own = folder / database
    own.mkdir()
    kept = services.start(durable=True) if database == "postgresql" else None
    port = services.free_port()
    words = ("aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}")
    email = subprocess.Popen(
        python(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    environment, postmaster = (kept["environment"], kept["postgresql"]) if kept else ({}, 0)
    bench = make(database, seconds, environment, port, own, postmaster)
    try:
        yield bench
    finally:
        bench.close()
        processes.end(email)
        if kept:
            services.stop(kept)


def measured(row: Row, bench: Bench) -> Result:
    """Measure the row and compare the result with its targets.

    If its requests fail or it raises, return a result with only `failed` set, so that the other
    rows are still measured.
    """
    print(f"{bench.database}: {row.name} … ", end="", flush=True)
    on_sqlite, started = bench.database == "sqlite", time.monotonic()
    targets = [target for target in row.targets if target.is_for_sqlite or not on_sqlite]
    try:
        result = row.measure(bench)
        result.missed = [target.words for target in targets if not target.is_met(result)]
    except Failed as failed:
        result = Result("", failed=str(failed))
    except services.Interrupted:
        raise
    except Exception as error:  # measure the other rows anyway
        traceback.print_exc()
        result = Result("", failed=f"{type(error).__name__}: {error}")
    result.row, result.reach = row.name, ", ".join(target.words for target in targets)
    result.seconds = round(time.monotonic() - started, 1)
    print("  ".join(filter(None, report.cells(result)[1:])), f"  {result.seconds} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
