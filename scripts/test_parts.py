"""Run all parts of the test suite, even if some fail, and print a summary.

The first two parts run one after the other and keep every core busy. The last runs beside them from
the beginning: browsers and servers make its tests wait, and the others use that time. Its output is
printed when it has ended.

Run by scripts/test.sh, inside scripts/services.py. Arguments are passed to every pytest. With
`--quick` as the first argument only the first part runs, which needs no server (`make quick`).

PostgreSQL repeats what a database could answer differently: races, locks, constraints, search,
order, times, secret votes, migrations, the backup of a small site, a few random histories, invalid
input in every eighth form and URL, and a walk over the demo's pages. Tests that request pages
(tests/conftest.py) run on SQLite only. So do those marked `any_database`: they read HTML, headers,
documents or our code, or they try permissions and refusals of single rows. Page tests marked
`both_databases` run here, too. Tests marked `postgresql` run only here: SQLite can't show it, or
another part shows it on SQLite. `make deep` runs the rest on PostgreSQL, with invalid input in
every form.

In the browser one journey runs for each area of the site (tests/browser/conftest.py). One page of
each route has its HTML checked. Chromium and axe check as few pages as show every kind of element
once, in any role (tests/browser/pages). `make deep` runs every journey in every way, and every page
of every role.

For deployed processes one test shows each promise: nginx with a service beside it, an upgrade while
people read, a request and an email in progress when a process is stopped, metrics of two processes,
health without Redis. `make deep` repeats them with other processes, settings and faults, and runs
the controls.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

#: Every pytest process started
RUNNING: list[subprocess.Popen[str]] = []

NEVER = (
    "not faults and not deep"  # they stop servers, fill disks, and take minutes: only on request
)
PARTS = {
    "rules and pages, SQLite": (
        [
            "-n",
            "auto",
            "--dist",
            "worksteal",
            "-m",
            f"{NEVER} and not browser and not services and not postgresql",
        ],
        {"TEST_DATABASE": "sqlite"},
    ),
    "rules and pages, PostgreSQL": (
        [
            "-n",
            "auto",
            "--dist",
            "worksteal",
            "-m",
            f"{NEVER} and not browser and not services and not any_database",
        ]
        + ["--but-for", "any_database"],
        {"TEST_DATABASE": "postgresql"},
    ),
    # Each file runs in one process, except the longest, which checks pages: its roles run at the
    # same time, first. These tests mostly wait for browsers and servers, so one process more than
    # cores keeps the cores busy.
    "real services and browser": (
        [
            "-n",
            str((os.cpu_count() or 2) + 1),
            "--dist",
            "loadgroup",
            "--no-loadscope-reorder",
            "-m",
            f"{NEVER} and (browser or services)",
        ]
        + ["--saying", "mark.browser,mark.services"],
        {},
    ),
}


@dataclass
class Result:
    """The result of a part: pytest's status, its last line, and the seconds it took."""

    part: str
    status: int
    summary: str
    seconds: float


def run(part: str, words: list[str], show: Callable[[str], object]) -> Result:
    """Run a part, calling `show` with each line of its output."""
    arguments, environment = PARTS[part]
    show(f"\n=== {part} ===\n")
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", *arguments, *words]
    summary = "no output"
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as pytest:
        RUNNING.append(pytest)
        for line in pytest.stdout:
            show(line)
            summary = line.strip(" =\n") or summary
    return Result(part, pytest.returncode, summary, time.monotonic() - began)


def show_now(line: str) -> None:
    """Print the line."""
    print(line, end="", flush=True)


def run_all(first: list[str], beside: list[str], words: list[str]) -> list[Result]:
    """Run the first parts one after the other, showing their output at once; run those beside them
    at the same time, and show their output at the end.
    """
    outputs: list[list[str]] = [[] for _part in beside]
    with ThreadPoolExecutor() as pool:
        begun = [
            pool.submit(run, part, words, output.append)
            for part, output in zip(beside, outputs, strict=True)
        ]
        results = [run(part, words, show_now) for part in first]
        results += [one.result() for one in begun]
    for output in outputs:
        print(*output, sep="", flush=True)
    return results


def stop(number: int, _frame: object) -> None:
    """Stop every pytest when this process is stopped."""
    for pytest in RUNNING:
        pytest.terminate()
    sys.exit(128 + number)


def main() -> int:
    """Run all parts; return 0 if they pass. A part without any test fails."""
    signal.signal(signal.SIGTERM, stop)
    words = sys.argv[1:]
    *first, beside = PARTS
    if words[:1] == ["--quick"]:
        results = run_all(first[:1], [], words[1:])
    else:
        results = run_all(first, [beside], words)
    print()
    for result in results:
        word = "passed" if result.status == 0 else "FAILED"
        print(f"{word}  {result.part:<28} {result.seconds:6.1f} s   {result.summary}")
    return 0 if all(result.status == 0 for result in results) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # Ctrl-C reached every pytest, too, and each has printed its summary
        sys.exit(130)
