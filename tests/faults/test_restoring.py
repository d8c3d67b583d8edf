"""A backup of a community is restored into an empty database, and every row is there again; its
tests have their controls.
"""

import os
import re
import subprocess
import sys

import pytest

from scripts import services
from tests.browser.servers import ROOT

pytestmark = pytest.mark.faults

CONTROLS = "row_that_changed or without_the_pause"


def drilled(folder, chosen):
    """Return (whether the restore tests passed on both databases, pytest's last lines)."""
    folder.mkdir()
    folder.chmod(0o711)
    pid, url = services.start_postgresql(folder)
    try:
        words, passed = [], True
        for kind in ("sqlite", "postgresql"):
            environment = os.environ | {
                "TEST_DATABASE": kind,
                "TEST_POSTGRESQL_URL": url,
                "FAULT_TABLE": "",
            }
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:xdist",
                "tests/ops/test_backup.py",
                "-k",
                chosen,
                "-m",
                "not postgresql" if kind == "sqlite" else "",
            ]
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True
            )
            passed = passed and done.returncode == 0
            words += [f"{kind}: {end}" for end in re.findall(r"^(\d+ .*?) in ", done.stdout, re.M)]
        return passed, "; ".join(words)
    finally:
        services.end(pid, 2)


def test_a_restored_site_has_every_row(row, folder):
    row.fault = "restore"
    row.expected = "every row equal, the application serves, emails are not sent again"
    row.made = (
        "flask backup of the demo's community, flask restore into an empty database, SQLite and "
        "PostgreSQL, and across"
    )
    passed, row.figure = drilled(folder / "with", f"not ({CONTROLS})")
    found, words = drilled(folder / "without", CONTROLS)
    row.control = (
        f"a row changed on the way is seen, without the pause an email goes out again: {words}"
    )

    assert passed, row.figure
    assert found, words
