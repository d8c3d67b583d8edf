"""Each test here adds one row to a table, which is printed at the end and written to
FAULT_TABLE.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from .table import Row, text

ROWS: list[Row] = []
TITLES = {"docs/faults.md": ("Faults", "make faults"), "docs/deep.md": ("Deep races", "make deep")}


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Iterator[Row]:
    """The test's row. The test fills it in as it goes, so that a failure shows how far it came."""
    made = Row(fault=request.node.name, place=request.session.items.index(request.node))
    yield made
    report = getattr(request.node, "called", None)
    if report is not None and report.skipped:
        made.outcome = "not possible here"
    elif report is not None and report.passed:
        made.outcome = "passed"
    request.node.user_properties.append(("row", asdict(made)))


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that PostgreSQL's user can access, unlike pytest's own; deleted
    afterwards.
    """
    made = Path(tempfile.mkdtemp(prefix="folkmoot-faults-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Tell the fixture above how the test ended."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.called = report  # type: ignore[attr-defined]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Collect the rows from the reports, including those of pytest-xdist's workers."""
    if report.when == "teardown":
        ROWS.extend(Row(**value) for name, value in report.user_properties if name == "row")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print and store the table."""
    if not ROWS:
        return
    target = os.environ.get("FAULT_TABLE", "")
    title, command = TITLES.get(target, ("Faults", "make faults"))
    table = text(sorted(ROWS, key=lambda row: row.place), title, command)
    terminalreporter.write_line("\n" + table)
    if target:
        Path(target).write_text(table)
