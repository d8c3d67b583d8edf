"""What docs/security.md promises, row by row of OWASP ASVS 5.0, and the tests that prove it;
`python -m` this writes the page.
"""

from pathlib import Path

from .promises_people import PEOPLE
from .promises_requests import REQUESTS

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "security.md"

PROVED = [*REQUESTS, *PEOPLE]


def text() -> str:
    """The page."""
    lines = [
        "# What we promise about security, and the tests that prove it",
        "",
        "The rows are those of the OWASP Application Security Verification Standard 5.0, levels 1 "
        "and 2.",
        "This page is written from `tests/security/promises.py` (`python -m "
        "tests.security.promises`); a test keeps both equal",
        "and looks whether each test exists. Tests are named from `tests/`.",
        "",
        "| row | promise | proof |",
        "|---|---|---|",
    ]
    lines += [
        f"| {row} | {words} | {'<br>'.join(f'`{proof}`' for proof in proofs)} |"
        for row, words, proofs in PROVED
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text())
