"""Run the parts of the test suite, all of them whatever fails, and sum up at the end.

The first part keeps every core busy. The others run beside each other: browsers and servers make
tests wait, and PostgreSQL's tests use that time. Their output comes when they have ended.

Started by scripts/test.sh, inside scripts/services.py. Words after it are passed to every pytest.
With `--quick` as the first word only the first part runs, which needs no server (`make quick`).

On PostgreSQL runs again what a database could answer differently: races, locks, constraints,
search, order, moments in time, secret votes, migrations, the backup of a small site, a few random
histories, nonsense in every eighth form and address, and a walk over the pages of the demo. Tests
that ask for pages (tests/conftest.py) run on SQLite alone, and so do those marked `any_database`:
they read HTML, headers, documents or our code, or they try permissions and refusals of single rows.
Tests of pages that are marked `both_databases` run here, too. A test marked `postgresql` runs here
alone: SQLite can't show it, or another part shows it on SQLite. `make deep` runs the rest on
PostgreSQL, with nonsense in every form.

In the browser one journey is made for each area of the site, once (tests/browser/conftest.py). Of
each route the HTML of one page is checked, and Chromium and axe look at as few pages as show every
kind of element once, whichever role sees them (tests/browser/pages). Every journey in every way,
and every page of every role, is deep.

Of the processes as they are deployed one test shows each promise: nginx and a service beside it, an
upgrade while people read, a request and an email that are under way when a process is told to stop,
what two processes measure, health without Redis. Deep are the same for other processes, settings
and faults, and the controls.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

#: Every pytest that has been started
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
    # Files stay whole, but for the longest, which looks at the pages: its roles look at the same
    # time. They begin first. These tests mostly wait for browsers and servers, so one process more
    # than cores keeps the cores at work.
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
    """How one part ended: pytest's status, its last line, and the seconds it took."""

    part: str
    status: int
    summary: str
    seconds: float


def run(part: str, words: list[str], show: Callable[[str], object]) -> Result:
    """The part has run; `show` was given each line of its output."""
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
    """The line is on the screen."""
    print(line, end="", flush=True)


def run_together(parts: list[str], words: list[str]) -> list[Result]:
    """The parts have run beside each other. The last was shown as it came, the others after it."""
    outputs: list[list[str]] = [[] for _part in parts[:-1]]
    with ThreadPoolExecutor() as pool:
        begun = [
            pool.submit(run, part, words, output.append)
            for part, output in zip(parts, outputs, strict=False)
        ]
        begun.append(pool.submit(run, parts[-1], words, show_now))
        results = [one.result() for one in begun]
    for output in outputs:
        print(*output, sep="", flush=True)
    return results


def stop(number: int, _frame: object) -> None:
    """Whoever asks this process to end means every pytest as well."""
    for pytest in RUNNING:
        pytest.terminate()
    sys.exit(128 + number)


def main() -> int:
    """0 when every part passed. A part without a single test has not passed."""
    signal.signal(signal.SIGTERM, stop)
    words = sys.argv[1:]
    first, *others = PARTS
    if words[:1] == ["--quick"]:
        words, others = words[1:], []
    results = run_together([first], words)
    if others:
        results += run_together(others, words)
    print()
    for result in results:
        word = "passed" if result.status == 0 else "FAILED"
        print(f"{word}  {result.part:<28} {result.seconds:6.1f} s   {result.summary}")
    return 0 if all(result.status == 0 for result in results) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # Ctrl-C reached every pytest, too: each had a last word
        sys.exit(130)
