"""The machine and the versions that the results depend on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from scripts import services


def description() -> dict[str, str]:
    """Return the date, commit, processor, memory and versions as text."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "revision": revision(),
        "processor": f"{os.cpu_count()} × {_processor()}",
        "memory": f"{_total_memory():.0f} GB",
        "load before": " ".join(f"{part:.1f}" for part in os.getloadavg()),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": _first_line(services.find("postgres"), "--version"),
        "Redis": _first_line(services.find("redis-server"), "--version"),
    }


def revision() -> str:
    """Return the current commit, with "-dirty" if files have changed since."""
    result = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"], capture_output=True, text=True
    )
    return result.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()


def _total_memory() -> float:
    line = next(
        line
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal")
    )
    return int(line.split()[1]) / 1_000_000


def _first_line(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout.partition("\n")[0]
