"""The table of faults: what was done, what should happen, what happened, and what happens without
the protection.
"""

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HEADS = ("fault", "expected", "how it is made", "figure", "without the protection", "")


@dataclass
class Row:
    """One fault. `outcome` is passed, FAILED, or not possible here."""

    fault: str = ""
    expected: str = ""
    made: str = ""
    figure: str = "no figure"
    control: str = "–"
    outcome: str = "FAILED"
    place: int = 0

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the table's row."""
        return (self.fault, self.expected, self.made, self.figure, self.control, self.outcome)


def text(rows: list[Row], title: str, command: str) -> str:
    """Return the table as Markdown, with its date, machine and revision."""
    lines = [f"# {title}", "", f"Written by `{command}`. {circumstances()}", ""]
    lines += [_line(HEADS), _line(["---"] * len(HEADS))]
    lines += [_line(row.cells()) for row in rows]
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def circumstances() -> str:
    """Return the date, the machine and the revision in words."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    now = datetime.now(UTC)
    revision = _git("rev-parse", "--short=12", "HEAD") + (
        " with changes" if _git("status", "--porcelain", "-uno") else ""
    )
    machine = (
        f"{platform.system()} {platform.machine()}, {cores} cores, {_memory()} GB, Python "
        f"{platform.python_version()}"
    )
    return (
        f"{now:%Y-%m-%d %H:%M} UTC, revision {revision}, on {machine}; the machine's load was "
        f"{load:.1f}."
    )


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=Path(__file__).parent, capture_output=True, text=True
    )
    return done.stdout.strip()
