"""What docs/security.md promises, row by row of OWASP ASVS 5.0, and the tests that prove it;
`python -m` this writes the page.
"""

from pathlib import Path

from .promises_people import PEOPLE
from .promises_requests import REQUESTS

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "security.md"

PROVED = [*REQUESTS, *PEOPLE]


HEAD = """# Security promises, and the tests that hold them

The first column is the row of the OWASP Application Security Verification Standard 5.0, levels 1
and 2. `python -m tests.security.promises` writes this page from `tests/security/`; a test checks
that it is current and that every named test exists. Test names are without `test_`.

[verifying.md](verifying.md) says how anyone counts a secret vote again, and `/help/secret-votes`
what secret votes protect and what they don't. [operating.md](operating.md) and
[deploying.md](deploying.md) say what a site's operator must do.

| row | promise | tests |
|---|---|---|
"""


def text() -> str:
    """Return the page."""
    return HEAD + "".join(
        f"| {row} | {words} | {'<br>'.join(_tests(proofs))} |\n" for row, words, proofs in PROVED
    )


def _tests(proofs: tuple[str, ...]) -> list[str]:
    """Return a line for each file: its name, and the names of its tests."""
    named: dict[str, list[str]] = {}
    for proof in proofs:
        file, _, name = proof.partition("::test_")
        named.setdefault(file, []).append(name)
    return [f"`tests/{file}`: {', '.join(names)}" for file, names in named.items()]


if __name__ == "__main__":
    PAGE.write_text(text())
