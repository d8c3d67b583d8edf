"""What `make check` looks at, everything whatever fails: ruff, mypy, templates, JavaScript, the
pins.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def run(*command, **options) -> bool:
    """Whether the command left with 0; what it said is on the screen."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, **options).returncode == 0


def ruff() -> bool:
    """The rules of pyproject.toml hold for all Python."""
    return run(BIN / "ruff", "check", "--quiet", ".")


def mypy() -> bool:
    """The types of webapp agree."""
    return run(BIN / "mypy", "--no-error-summary")


def templates() -> bool:
    """Every template compiles, and obeys our Content Security Policy."""
    return run(sys.executable, ROOT / "scripts" / "check_templates.py")


def javascript() -> bool:
    """Every module of ours parses as a module."""
    ours = sorted((ROOT / "static" / "js").rglob("*.js"))
    passed = True
    for path in ours:
        with path.open("rb") as source:
            if not run("node", "--check", "--input-type=module", "-", stdin=source):
                print(f"{path.relative_to(ROOT)} does not parse")
                passed = False
    return passed


def pins() -> bool:
    """requirements*.txt are what `make pins` would write. Needs the package index."""
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
    """0 when every check passed."""
    failed = []
    for check in (ruff, mypy, templates, javascript, pins):
        if not check():
            failed.append(check.__name__)
        print(f"{'FAILED' if check.__name__ in failed else 'ok':<7} {check.__name__}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
