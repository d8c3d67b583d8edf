"""Writes `.env.example` from the settings; a test holds them equal."""

import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from webapp.config import SETTINGS  # noqa: E402


def text() -> str:
    """Every setting, commented out, under what it means."""
    lines = [
        "# Folkmoot's settings, each with what it is when unset. Copy this file to `.env` and "
        "change what you need."
    ]
    for setting in SETTINGS:
        lines += [
            "",
            *textwrap.wrap(setting.meaning, 110, initial_indent="# ", subsequent_indent="# "),
        ]
        lines.append(f"#{setting.name}={setting.default}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(text())
