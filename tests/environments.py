"""Virtual environments with pinned requirements, for packages that must be kept apart from the
application's.
Each is created once per requirements file and kept in `build/`.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def python_with(name: str) -> Path:
    """Return the Python of an environment with exactly the packages of `requirements-NAME.txt`."""
    requirements = ROOT / f"requirements-{name}.txt"
    mark = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = ROOT / "build" / f"{name}-{mark}"
    folder.parent.mkdir(exist_ok=True)
    with open(
        folder.with_suffix(".lock"), "w"
    ) as lock:  # several workers of pytest-xdist may arrive at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            if not _by_uv(folder, requirements):
                _by_pip(folder, requirements)
            (folder / "made").touch()
    return folder / "bin" / "python"


def _by_uv(folder: Path, requirements: Path) -> bool:
    """Create it with uv, in a tenth of pip's time; return whether that worked. uv uses the default
    index only.
    """
    uv, python = Path(sys.executable).parent / "uv", folder / "bin" / "python"
    made = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder]
    filled = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--require-hashes",
        "-r",
        requirements,
    ]
    return uv.exists() and all(
        subprocess.run(words, capture_output=True).returncode == 0 for words in (made, filled)
    )


def _by_pip(folder: Path, requirements: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        requirements,
    ]
    subprocess.run(pip, check=True, stdout=subprocess.DEVNULL)
