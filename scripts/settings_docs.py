"""Write `.env.example`, and the table in `docs/configuration.md`, from the settings.

A test checks that they are current.
"""

import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from webapp.config import SETTINGS  # noqa: E402

PAGE = ROOT / "docs" / "configuration.md"
#: The table's first two lines; it ends at the next empty line.
HEAD = "| setting | default | what it does |\n|---|---|---|\n"


def text() -> str:
    """Return every setting, commented out, below its description."""
    lines = [
        "# Folkmoot's settings, each with its default. Copy this file to `.env` and change what "
        "you need."
    ]
    for setting in SETTINGS:
        lines += [
            "",
            *textwrap.wrap(setting.meaning, 110, initial_indent="# ", subsequent_indent="# "),
        ]
        lines.append(f"#{setting.name}={setting.default}")
    return "\n".join(lines) + "\n"


def table() -> str:
    """Return the table of all settings."""
    return HEAD + "".join(
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else ''} "
        f"| {setting.meaning} |\n"
        for setting in SETTINGS
    )


def page(now: str) -> str:
    """Return the page with its table replaced by the current one."""
    before, rest = now.split(HEAD, 1)
    return before + table() + "\n" + rest.split("\n\n", 1)[1]


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(text())
    PAGE.write_text(page(PAGE.read_text()))
