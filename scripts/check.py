"""The checks of `make check`: ruff, mypy, names in tests, templates, style sheets, JavaScript,
repetition, commit messages, pins. All of them run, even if some fail.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
#: Older messages aren't checked.
FIRST_CHECKED = "cb444f04"
IMPERATIVES = {"Bring", "Embed", "Feed", "Need", "Speed", "Seed", "Shed", "Ring", "String"}
DIALECT = re.compile(r"\b(whoever|whomever|anew|somebody|everybody|shall)\b", re.I)


def run(*command, **options) -> bool:
    """Run a command, showing its output; return whether it succeeded."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, **options).returncode == 0


def ruff() -> bool:
    """Check all Python by the rules of pyproject.toml."""
    return run(BIN / "ruff", "check", "--quiet", ".")


def mypy() -> bool:
    """Check the types of webapp."""
    return run(BIN / "mypy", "--no-error-summary")


def names() -> bool:
    """Check that tests, benchmarks and scripts use names that webapp has.

    `make deep` and `make faults` rarely run, so a renamed name would be noticed late.
    """
    said = subprocess.run(
        [BIN / "mypy", "--no-error-summary", "tests", "bench", "scripts"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    ours = {
        name
        for path in (ROOT / "webapp").rglob("*.py")
        for name in re.findall(r"^class (\w+)", path.read_text(), re.M)
    }
    gone = [
        line
        for line in said.splitlines()
        if line.endswith(("[import-not-found]", "[call-arg]"))
        or (
            found := re.search(
                r'(Module) "webapp|error: "(?:type\[)?(\w+)\]?" has no attribute', line
            )
        )
        and (found[1] or found[2] in ours)
    ]
    print("\n".join(gone), end="\n" if gone else "")
    return not gone


def templates() -> bool:
    """Check that every template compiles, is formatted and obeys our Content Security Policy."""
    return run(sys.executable, ROOT / "scripts" / "check_templates.py")


def styles() -> bool:
    """Check that the style sheets are formatted."""
    return run(sys.executable, ROOT / "scripts" / "format_css.py", "--check")


def javascript() -> bool:
    """Check that each of our JavaScript files parses as a module."""
    ours = sorted((ROOT / "static" / "js").rglob("*.js"))
    passed = True
    for path in ours:
        with path.open("rb") as source:
            if not run("node", "--check", "--input-type=module", "-", stdin=source):
                print(f"{path.relative_to(ROOT)} does not parse")
                passed = False
    return passed


def repetition() -> bool:
    """Check that no passage of six lines is written twice."""
    return run(sys.executable, ROOT / "scripts" / "repetition.py")


def commits() -> bool:
    """Check the subject of every commit since `FIRST_CHECKED` by the rules of CONTRIBUTING.md."""
    log = ["git", "log", "--no-merges", "--format=%h%n%B%x00", f"{FIRST_CHECKED}..HEAD"]
    found = subprocess.run(log, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        print("no history here: commit messages are not looked at")
        return True
    passed = True
    for message in filter(None, map(str.strip, found.stdout.split("\0"))):
        for problem in problems_of(*message.split("\n", 2)[1:]):
            print(f"{message.split(maxsplit=1)[0]}: {problem}")
            passed = False
    return passed


def problems_of(subject: str, rest: str = "\n") -> list[str]:
    """Return what is wrong with a commit's message."""
    first = subject.split(" ", 1)[0]
    checks = {
        f"the subject has {len(subject)} characters, 72 at most": len(subject) > 72,
        "the subject begins with a capital and ends without a full stop": (
            not first[:1].isupper() or subject.endswith(".")
        ),
        f"the subject says what the commit does (“Add”, not “{first}”)": (
            first.endswith(("ing", "ed")) and first not in IMPERATIVES
        ),
        "the subject is a line of its own": not rest.startswith("\n"),
        "the subject is in plain words: docs/glossary.md": DIALECT.search(subject) is not None,
    }
    return [problem for problem, is_wrong in checks.items() if is_wrong]


def pins() -> bool:
    """Check that requirements*.txt are what `make pins` would write. Needs the package index."""
    names = ["requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt"]
    names += [f"requirements-{name}.{end}" for name in ("s3", "oracles") for end in ("in", "txt")]
    with tempfile.TemporaryDirectory() as folder:
        for name in [*names, "Makefile"]:
            shutil.copy2(ROOT / name, folder)
        uv = f"UV={BIN / 'uv'}"
        if not run("make", "--no-print-directory", "--silent", "-C", folder, "compile", uv):
            return False
        stale = [
            name for name in names if (ROOT / name).read_bytes() != Path(folder, name).read_bytes()
        ]
    if stale:
        print(f"{' and '.join(stale)}: run `make pins` and commit what it writes")
    return not stale


def main() -> int:
    """Run all checks; return 0 if they pass."""
    failed = []
    for check in (ruff, mypy, names, templates, styles, javascript, repetition, commits, pins):
        if not check():
            failed.append(check.__name__)
        print(f"{'FAILED' if check.__name__ in failed else 'ok':<7} {check.__name__}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
